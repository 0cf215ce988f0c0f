"""One row per journey and model with how well it fits: what `mart.process_fit` is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from transforms.mining.alignments import Conformance
from transforms.mining.discovery import Model, heuristics_model, inductive_model
from transforms.mining.quality import quality
from transforms.mining.variants import Variants, by_journey

MOST_VARIANTS = 200
"""More would take minutes for a log of which the rest are cases of their own kind."""

FIT_SCHEMA: dict[str, Any] = {
    "journey": pl.String,
    "model": pl.String,
    "noise_threshold": pl.Float64,
    "cases": pl.Int64,
    "variants": pl.Int64,
    "covered_share": pl.Float64,
    "fitting_cases": pl.Int64,
    "perfectly_fitting_share": pl.Float64,
    "most_fitting_share": pl.Float64,
    "unaligned_variants": pl.Int64,
    "fitness": pl.Float64,
    "precision": pl.Float64,
    "generalisation": pl.Float64,
    "simplicity": pl.Float64,
}
FIT_COLUMNS = {
    "journey": "Journey.",
    "model": "Inductive miner, heuristics net, or desired: the flow that people drew.",
    "noise_threshold": "Of the inductive miner, from 0 to 1.",
    "cases": "Cases that were held against the model; of the desired flow the closed ones.",
    "variants": "Variants that they follow.",
    "covered_share": "Share of the cases that these are; the rarest variants are left out. [%]",
    "fitting_cases": "Cases that fit wholly.",
    "perfectly_fitting_share": "Share of cases that fit wholly; a lower bound where variants"
    " were not aligned. [%]",
    "most_fitting_share": "The upper bound of that share. [%]",
    "unaligned_variants": "Variants of which the time limit left unknown whether they fit.",
    "fitness": "By token replay, 0 to 1.",
    "precision": "By escaping edges, 0 to 1.",
    "generalisation": "By visits of transitions, 0 to 1.",
    "simplicity": "By arcs per node, 0 to 1.",
}


def process_fit(variants: pl.DataFrame) -> pl.DataFrame:
    """How well mined models describe each journey; `variants` has journey, path and cases."""
    rows = [row for journey, found in by_journey(variants) for row in _mined(journey, found)]
    return pl.DataFrame(rows, schema=FIT_SCHEMA, orient="row")


def _mined(journey: str, variants: Variants) -> Iterator[tuple[Any, ...]]:
    used = variants.most_frequent(MOST_VARIANTS)
    for model in (inductive_model(used), heuristics_model(used)):
        yield _row(journey, model, used, None)


def desired_fit(found: Mapping[str, tuple[Model, Conformance]]) -> pl.DataFrame:
    """How well each journey keeps to its desired flow."""
    rows = [
        _row(journey, model, told.variants.most_frequent(MOST_VARIANTS), told)
        for journey, (model, told) in sorted(found.items())
    ]
    return pl.DataFrame(rows, schema=FIT_SCHEMA, orient="row")


def _row(
    journey: str, model: Model, variants: Variants, told: Conformance | None
) -> tuple[Any, ...]:
    """`told` is the fit of a desired flow, which is found on all variants and by alignments."""
    measured = quality(model, variants)
    judged = variants if told is None else told.variants
    fitting = measured.fitting_cases if told is None else told.cases(True)
    most = fitting if told is None else fitting + told.cases(None)
    cases = judged.cases
    return (
        journey,
        model.name,
        model.noise_threshold,
        cases,
        len(judged.paths),
        judged.covered_share,
        fitting,
        100.0 * fitting / cases,
        100.0 * most / cases,
        0 if told is None else told.unaligned,
        *(
            round(value, 9)
            for value in (
                measured.fitness,
                measured.precision,
                measured.generalisation,
                measured.simplicity,
            )
        ),
    )
