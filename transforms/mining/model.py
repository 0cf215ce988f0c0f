"""Process models by pm4py, which is imported here alone, and only when a function is called.

What belongs here: discovery and its quality. What does not: counting, which is SQL.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

import polars as pl

NOISE_THRESHOLD = 0.2

FIT_SCHEMA = {
    "journey": pl.String,
    "model": pl.String,
    "noise_threshold": pl.Float64,
    "cases": pl.Int64,
    "fitness": pl.Float64,
    "perfectly_fitting_share": pl.Float64,
    "precision": pl.Float64,
    "simplicity": pl.Float64,
}


def process_fit(variants: pl.DataFrame, noise_threshold: float = NOISE_THRESHOLD) -> pl.DataFrame:
    """How well an inductive-miner model describes each journey.

    `variants` has journey, path (JSON list of activities) and cases. Fitness and precision are by
    token replay, from 0 to 1; the perfectly fitting share is a percentage. The log that pm4py sees
    repeats one trace object per variant, so that its size does not grow with the cases.
    """
    rows = [
        (str(journey), "inductive miner", noise_threshold, *_fit(part, noise_threshold))
        for (journey,), part in sorted(
            variants.partition_by("journey", as_dict=True, maintain_order=True).items()
        )
    ]
    return pl.DataFrame(rows, schema=FIT_SCHEMA, orient="row")


def _fit(variants: pl.DataFrame, noise_threshold: float) -> tuple[int, float, float, float, float]:
    pm4py = _pm4py()
    from pm4py.algo.evaluation.simplicity import algorithm as simplicity

    log = _event_log(variants.select("path", "cases").iter_rows())
    net, start, end = pm4py.discover_petri_net_inductive(log, noise_threshold=noise_threshold)
    fitness = pm4py.fitness_token_based_replay(log, net, start, end)
    precision = pm4py.precision_token_based_replay(log, net, start, end)
    return (
        int(variants["cases"].sum()),
        round(float(fitness["log_fitness"]), 9),
        round(float(fitness["percentage_of_fitting_traces"]), 9),
        round(float(precision), 9),
        round(float(simplicity.apply(net)), 9),
    )


def _event_log(variants: Iterable[tuple[str, int]]) -> Any:
    """A pm4py log in which the cases of one variant share one trace."""
    from pm4py.objects.log.obj import Event, EventLog, Trace

    traces = []
    for path, cases in variants:
        trace = Trace([Event({"concept:name": activity}) for activity in json.loads(path)])
        traces += [trace] * cases
    return EventLog(traces)


def _pm4py() -> Any:
    os.environ.setdefault("PM4PY_SHOW_PROGRESS_BAR", "False")
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):
        import pm4py
    pm4py.util.constants.SHOW_PROGRESS_BAR = False
    return pm4py
