"""Since when a journey goes differently, whether or not anybody registered why.

What belongs here: finding the month. What does not: what the register says of it
(`pipelines/mining.py` sets it beside).

Of each aspect the split of its months that separates them best is sought, and held against the
best split of shuffled months, with more room the more neighbouring months are alike, so that a wave
of a few months is not taken for a new way of working.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl

from transforms.mining.aspects import (
    SHARES,
    Months,
    Numbers,
    difference_of,
    months_of,
    value_of,
    wave_of,
)
from transforms.mining.differences import SEED, is_clear, means_of, schema_of, tells_something
from transforms.mining.lift import benjamini_hochberg

_SHUFFLES = 999
FEWEST_MONTHS = 18
"""In all; with fewer there is too little to shuffle."""
_AT_LEAST = 5
"""Months on either side of a split."""
_FEWEST_ITEMS = 100

POINT_COLUMNS = {
    "journey": "Journey.",
    "aspect": "Cases, lead_time, handoffs, activity, again, edge_time, rule or fits.",
    "activity": "The activity, or the first of an edge; null of the case as a whole.",
    "other_activity": "The second activity of an edge, or the number of a rule.",
    "month": "First day of the month since when. [date]",
    "first_value": "Percent, days (geometric mean), handoffs, or cases a month, before.",
    "second_value": "The same since then.",
    "difference": "Second against first, in the unit.",
    "unit": "Points, percent or absolute.",
    "first_items": "Cases or passages before. [count]",
    "second_items": "Cases or passages since then. [count]",
    "first_hits": "Those of the first in which it is so, of a share; else null. [count]",
    "second_hits": "Those of the second in which it is so, of a share; else null. [count]",
    "p_value": "Share of shuffles whose best split is as good.",
    "q_value": "The same after Benjamini and Hochberg, over the journey.",
    "is_clear": "Whether q is at most 0.05, it matters, and the season does not explain it.",
    "improvement": "Registered improvement that went live within six months before to three after.",
}
POINT_SCHEMA = schema_of(POINT_COLUMNS)
_TOLD = ("cases", "lead_time", "handoffs", "activity", "again", "edge_time", "rule", "fits")


def change_points(
    months: pl.DataFrame, mature: pl.DataFrame, register: pl.DataFrame
) -> pl.DataFrame:
    """The best split of every aspect of every journey, the clear ones first.

    `months` is `core.process_months`, with or without more aspects; `mature` has the `journey` and
    `month` to look at; `register` the `improvement`, `journey` and `went_live_on`.
    """
    asked = months.filter((pl.col("part_kind") == "all") & pl.col("aspect").is_in(_TOLD))
    rows: list[tuple[Any, ...]] = []
    parts = asked.join(mature, on=["journey", "month"]).partition_by("journey", as_dict=True)
    for (journey,), part in sorted(parts.items()):
        lives = register.filter(pl.col("journey") == journey).sort("went_live_on").to_dicts()
        rows += _journey(str(journey), months_of(part), lives)
    frame = pl.DataFrame(rows, schema=POINT_SCHEMA, orient="row")
    order = ["journey", "is_clear", "p_value", "aspect", "activity", "other_activity"]
    return frame.sort(order, descending=[name == "is_clear" for name in order], nulls_last=True)


def _journey(journey: str, months: Months, lives: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    if len(months.months) < FEWEST_MONTHS:
        return []
    found = []
    for column, feature in enumerate(months.features):
        items, totals = months.items[:, column], months.totals[:, column]
        whole = [float(items.sum())], [float(totals.sum())]
        if (items == 0).any() or not tells_something(feature, *whole, _FEWEST_ITEMS):
            continue
        split, p_value = best_split(items, totals)
        found.append((column, feature, split, p_value))
    q_values = benjamini_hochberg([each[3] for each in found]) if found else []
    return [
        (journey, *_row(months, each, q_value, lives))
        for each, q_value in zip(found, q_values, strict=True)
    ]


def best_split(items: Numbers, totals: Numbers) -> tuple[int, float]:
    """The row at which the second part begins, and the share of shuffles that split as well."""
    told = _separation(items[None, :], totals[None, :])
    orders = _orders(len(items))
    place = int(told[0].argmax())
    wave = wave_of(items, totals, place + _AT_LEAST)
    best = _separation(items[orders], totals[orders]).max(axis=1) * wave
    as_good = int((best >= told[0, place] - 1e-12).sum())
    return place + _AT_LEAST, (1 + as_good) / (1 + _SHUFFLES)


@cache
def _orders(n: int) -> Any:
    """Shuffled orders of n months, a row each; the same for every aspect."""
    random = np.random.default_rng(SEED)
    return random.permuted(np.tile(np.arange(n), (_SHUFFLES, 1)), axis=1)


def _separation(items: Numbers, totals: Numbers) -> Numbers:
    """How well each admissible split separates the months, a row per order of them."""
    n, t = items.cumsum(axis=1), totals.cumsum(axis=1)
    split = slice(_AT_LEAST - 1, items.shape[1] - _AT_LEAST)
    first, second = n[:, split], n[:, -1:] - n[:, split]
    apart = (t[:, -1:] - t[:, split]) / second - t[:, split] / first
    out: Numbers = np.abs(apart) * np.sqrt(first * second / (first + second))
    return out


def _row(
    months: Months, found: Any, q_value: float, lives: list[dict[str, Any]]
) -> tuple[Any, ...]:
    column, feature, split, p_value = found
    items, totals = months.items[:, column], months.totals[:, column]
    sides = [slice(0, split), slice(split, None)]
    counts = [float(items[side].sum()) for side in sides]
    sums = [float(totals[side].sum()) for side in sides]
    means = means_of(months, column, sides)
    difference = difference_of(feature, *means)
    season = _season(months, column, split)
    hits = [round(each) if feature.aspect in SHARES else None for each in sums]
    month = months.months[split]
    return (
        *(feature.aspect, feature.activity, feature.other_activity),
        month,
        *(value_of(feature, mean) for mean in means),
        difference,
        feature.unit,
        *(round(each) for each in counts),
        *hits,
        p_value,
        q_value,
        is_clear(feature, difference, season, q_value),
        _registered(month, lives),
    )


def _season(months: Months, column: int, split: int) -> float | None:
    """The difference between the months of the year that both parts have."""
    first, second = months.months[:split], months.months[split:]
    both = {m.month for m in first} & {m.month for m in second}
    rows = [months.at([m for m in side if m.month in both]) for side in (first, second)]
    return difference_of(months.features[column], *means_of(months, column, rows))


def _registered(month: Any, lives: list[dict[str, Any]]) -> str | None:
    """The nearest improvement that may have been the cause; work is changed after it went live, and
    cases that began up to three months before it still meet it."""

    def months_since(day: Any) -> int:
        return int((month.year - day.year) * 12 + month.month - day.month)

    near = [
        (abs(since), live["improvement"])
        for live in lives
        if -3 <= (since := months_since(live["went_live_on"])) <= 6
    ]
    return min(near)[1] if near else None
