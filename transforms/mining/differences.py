"""What is the same for every comparison of a process: how much is enough, and what is clear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from transforms.mining.aspects import RELEVANT, SHARES, Feature, Months
from transforms.mining.lift import FALSE_DISCOVERIES

SEED = 20260101
SHUFFLES = 1999
FEWEST_MONTHS = 4
"""On either side; with fewer a shuffle says nothing, and neither do we."""
FEWEST_ITEMS = 20
_LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Found:
    """One feature of one comparison: sums of both sides, and how often shuffles differ as much."""

    feature: Feature
    items: tuple[float, float]
    totals: tuple[float, float]
    means: tuple[float, float]
    season_means: tuple[float, float] | None
    p_value: float


def tells_something(
    feature: Feature, items: Sequence[float], totals: Sequence[float], fewest: float
) -> bool:
    """Whether each side has enough, and neither all nor no cases do what is counted."""
    if min(items) < fewest:
        return False
    share = sum(totals) / sum(items)
    return feature.aspect not in SHARES or _LEAST_SHARE <= share <= 1 - _LEAST_SHARE


def means_of(months: Months, column: int, sides: Any) -> tuple[float, float]:
    """The mean of a feature over the months of both sides, not a number where one has nothing."""
    found = [
        float(months.totals[side, column].sum() / items)
        if (items := float(months.items[side, column].sum()))
        else float("nan")
        for side in sides
    ]
    return found[0], found[1]


def is_clear(
    feature: Feature, difference: float | None, season: float | None, q_value: float
) -> bool:
    """Whether a difference may be told as one: certain, large enough to matter, and at least half
    as large between equal months of the year."""
    if difference is None or season is None:
        return False
    is_relevant = abs(difference) >= RELEVANT[feature.unit]
    in_season = season * difference > 0 and abs(season) >= abs(difference) / 2
    return q_value <= FALSE_DISCOVERIES and is_relevant and in_season


def schema_of(columns: Iterable[str]) -> dict[str, Any]:
    """The types of a table of differences, by the endings of its columns."""
    endings = {
        ("is_clear",): pl.Boolean,
        ("_items", "_hits", "_months"): pl.Int64,
        ("_value", "difference"): pl.Float64,
        ("month",): pl.Date,
    }
    return {
        name: next((kind for ends, kind in endings.items() if name.endswith(ends)), pl.String)
        for name in columns
    }
