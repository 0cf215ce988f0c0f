"""What a process can be compared by, month by month: aspects, their values and their units.

What belongs here: turning the sums of `core.process_months` into arrays and values. What does not:
tests (`changes.py`, `change_points.py`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.float64]

TIMES = ("lead_time", "edge_time")
COUNTED = ("cases", "handoffs")
SHARES = ("activity", "again", "edge", "variant", "rule", "fits")
_DAY_S = 86_400.0
_MONTH_DAYS = 365.25 / 12
_STRONGEST_WAVE = 0.7
RELEVANT = {"points": 3.0, "percent": 10.0, "absolute": 0.1}
"""Smaller differences are of no use to anybody, however certain."""


@dataclass(frozen=True)
class Feature:
    """One thing to compare. `activity` is null where the case as a whole is meant."""

    aspect: str
    activity: str | None
    other_activity: str | None

    @property
    def unit(self) -> str:
        """Of a difference: points of a share, percent of times and of cases, else absolute."""
        if self.aspect in SHARES:
            return "points"
        return "absolute" if self.aspect == "handoffs" else "percent"


@dataclass(frozen=True)
class Months:
    """Sums per month: `items` and `totals` have a row per month and a column per feature."""

    months: Sequence[date]
    features: Sequence[Feature]
    items: Numbers
    totals: Numbers

    def at(self, months: Sequence[date]) -> npt.NDArray[np.int64]:
        """The rows of these months, those without any case left out."""
        place = {month: row for row, month in enumerate(self.months)}
        return np.array([place[month] for month in months if month in place], dtype=np.int64)


def months_of(frame: pl.DataFrame) -> Months:
    """From rows of `core.process_months` of one journey and part, in the order of months.

    A feature that a month lacks counts zero there; the number of cases is per day of the month.
    """
    months = sorted(frame["month"].unique().to_list())
    keys = ["aspect", "activity", "other_activity"]
    named = frame.select(keys).unique().sort(keys, nulls_last=False)
    features = [Feature(*row) for row in named.iter_rows()]
    row_of = {month: row for row, month in enumerate(months)}
    column_of = {feature: column for column, feature in enumerate(features)}
    items = np.zeros((len(months), len(features)))
    totals = np.zeros_like(items)
    for month, aspect, activity, other, count, total in frame.select(
        "month", *keys, "items", "total"
    ).iter_rows():
        place = row_of[month], column_of[Feature(aspect, activity, other)]
        items[place], totals[place] = count, total
    _fill(items, totals, months, features)
    return Months(months, features, items, totals)


def _fill(
    items: Numbers, totals: Numbers, months: Sequence[date], features: Sequence[Feature]
) -> None:
    """A month in which nobody took a path still counts its cases; cases are told per day."""
    cases = next((c for c, f in enumerate(features) if f.aspect == "cases"), None)
    if cases is None:
        return
    for column, feature in enumerate(features):
        if feature.aspect in ("activity", "again", "edge", "variant"):
            items[:, column] = totals[:, cases]
    items[:, cases] = [monthrange(month.year, month.month)[1] for month in months]


def value_of(feature: Feature, mean: float) -> float | None:
    """What a mean of sums stands for: percent, days (a geometric mean), handoffs, cases a month."""
    if mean != mean:
        return None
    if feature.aspect in TIMES:
        return float(np.expm1(mean)) / _DAY_S
    if feature.aspect == "cases":
        return mean * _MONTH_DAYS
    return mean if feature.aspect == "handoffs" else 100.0 * mean


def difference_of(feature: Feature, first: float, second: float) -> float | None:
    """From the first mean to the second, in the unit of the feature; null where one is unknown."""
    values = value_of(feature, first), value_of(feature, second)
    if values[0] is None or values[1] is None:
        return None
    if feature.unit != "percent":
        return values[1] - values[0]
    return 100.0 * (values[1] / values[0] - 1.0) if values[0] > 0 else None


def wave_of(items: Numbers, totals: Numbers, split: int) -> float:
    """How much wider than by chance the mean of neighbouring months strays, at least 1.

    From the correlation of neighbours around the mean of each side of `split`, corrected for short
    series; a column that has no month with items on some side counts as without.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.nan_to_num(totals / items)
    sides = values[:split], values[split:]
    rest = [side - side.mean() for side in sides]
    squares = sum(float((side**2).sum()) for side in rest)
    if squares <= 0:
        return 1.0
    neighbours = sum(float((side[1:] * side[:-1]).sum()) for side in rest)
    n = len(values)
    raw = neighbours / squares
    corrected = min(max(raw + (2.0 + 4.0 * max(raw, 0.0)) / n, 0.0), _STRONGEST_WAVE)
    return float(np.sqrt((1.0 + corrected) / (1.0 - corrected)))
