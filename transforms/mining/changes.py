"""What is different in the process between two sets of months, or between two groups.

What belongs here: which differences are clear. What does not: counting (`core.process_months`) and
the verdict on an improvement, which asks one figure that was named beforehand (`evidence/`).

Months are shuffled, never single cases: cases of one month share its weather, its staff and its
queue, and a test that shuffles cases takes any wave for a change. Of two groups each month is its
own pair. A difference is clear where it survives the control of the false discovery rate over all
that is compared in one comparison, is large enough to matter, and is there between the same months
of the year as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import comb
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
from transforms.mining.differences import (
    FEWEST_ITEMS,
    FEWEST_MONTHS,
    SEED,
    SHUFFLES,
    Found,
    is_clear,
    means_of,
    schema_of,
    tells_something,
)
from transforms.mining.groups import between_groups
from transforms.mining.lift import benjamini_hochberg

_ENOUGH_SEASON = 6
"""So many equal months of the year are enough to hold a difference against the season."""

CHANGE_COLUMNS = {
    "comparison_kind": "Improvement, past_year, channel or target_group.",
    "comparison": "The improvement, past_year, or the group that is held against all others.",
    "journey": "Journey.",
    "aspect": "What is compared, as in core.process_months; fits is the desired flow.",
    "activity": "The activity, the first of an edge, or the path; null of the case as a whole.",
    "other_activity": "The second activity of an edge, or the number of a rule.",
    "first_items": "Cases or passages before, or of the others. [count]",
    "second_items": "Cases or passages after, or of the group. [count]",
    "first_hits": "Those of the first in which it is so, of a share; else null. [count]",
    "second_hits": "Those of the second in which it is so, of a share; else null. [count]",
    "first_value": "Percent, days (geometric mean), handoffs, or cases a month.",
    "second_value": "The same of the second.",
    "difference": "Second against first, in the unit.",
    "season_difference": "The same between equal months of the year; null where there are none.",
    "unit": "Points, percent or absolute.",
    "first_months": "Months of the first side. [count]",
    "second_months": "Months of the second side. [count]",
    "p_value": "Share of shuffles of months with a difference as large.",
    "q_value": "The same after Benjamini and Hochberg, over the comparison.",
    "is_clear": "Whether q is at most 0.05, it matters, and the season does not explain it.",
}
CHANGE_SCHEMA = schema_of(CHANGE_COLUMNS)


def process_changes(months: pl.DataFrame, sides: pl.DataFrame) -> pl.DataFrame:
    """Every difference of every comparison, from `core.process_months`, with or without more
    aspects, and `core.comparison_months`; the clearest of each comparison first."""
    rows: list[tuple[Any, ...]] = []
    whole = months.filter(pl.col("part_kind") == "all")
    by_journey = {key[0]: months_of(part) for key, part in _parts(whole, ["journey"])}
    for (name, journey), part in _parts(sides, ["comparison", "journey"]):
        if journey not in by_journey:
            continue
        dates = [
            part.filter(pl.col("side") == side)["month"].sort().to_list()
            for side in ("before", "after")
        ]
        kind = "past_year" if name == "past_year" else "improvement"
        found = between_periods(by_journey[journey], *dates)
        rows += _rows((kind, name, journey), [len(each) for each in dates], found)
    mature = sides.filter(pl.col("comparison") == "past_year").select("journey", "month").unique()
    groups = months.filter(pl.col("part_kind") != "all").join(mature, on=["journey", "month"])
    for (journey, kind, group), part in _parts(groups, ["journey", "part_kind", "part"]):
        everyone = whole.filter(pl.col("journey") == journey).join(mature, on=["journey", "month"])
        found = between_groups(months_of(part), months_of(everyone))
        n = part["month"].n_unique()
        rows += _rows((kind, group, journey), [n, n], found)
    frame = pl.DataFrame(rows, schema=CHANGE_SCHEMA, orient="row")
    keys = ["comparison_kind", "journey", "comparison"]
    order = [*keys, "is_clear", "p_value", "aspect", "activity", "other_activity"]
    return frame.sort(order, descending=[name == "is_clear" for name in order], nulls_last=True)


def _parts(frame: pl.DataFrame, keys: Sequence[str]) -> Iterator[tuple[Any, pl.DataFrame]]:
    return iter(sorted(frame.partition_by(list(keys), as_dict=True).items()))


def between_periods(months: Months, first: Sequence[date], second: Sequence[date]) -> list[Found]:
    """What differs between two sets of months; nothing where either is too short to shuffle."""
    before, after = months.at(first), months.at(second)
    if min(len(before), len(after)) < FEWEST_MONTHS:
        return []
    rows = np.concatenate([before, after])
    columns = _comparable(months, before, after)
    items, totals = months.items[rows][:, columns], months.totals[rows][:, columns]
    is_after = np.arange(len(rows)) >= len(before)
    told = _apart(items, totals, is_after[None, :])[0]
    waves = [wave_of(items[:, c], totals[:, c], len(before)) for c in range(len(columns))]
    shuffled = _apart(items, totals, _labels(is_after)) * np.array(waves)
    p = (1 + (np.abs(shuffled) >= np.abs(told) - 1e-12).sum(axis=0)) / (1 + len(shuffled))
    matched = _same_season(first, second)
    pairs = [months.at([m for m in side if m.month in matched]) for side in (first, second)]
    return [
        _found(months, column, (before, after), pairs if matched else None, float(p[place]))
        for place, column in enumerate(columns)
    ]


def _same_season(first: Sequence[date], second: Sequence[date]) -> set[int]:
    """The months of the year that both sides have; none where they are few beside the second."""
    ours, theirs = {m.month for m in first}, {m.month for m in second}
    both = ours & theirs
    return both if len(both) >= min(len(theirs), _ENOUGH_SEASON) else set()


def _labels(is_after: Any) -> Any:
    """Shuffled sides, one row each; fewer where few of them differ."""
    random = np.random.default_rng(SEED)
    shuffles = min(SHUFFLES, 4 * comb(len(is_after), int(is_after.sum())))
    return random.permuted(np.tile(is_after, (shuffles, 1)), axis=1)


def _apart(items: Numbers, totals: Numbers, labels: Any) -> Numbers:
    """The mean after minus the mean before, a row per labelling, a column per feature."""
    after = labels.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        second = (after @ totals) / (after @ items)
        first = ((1 - after) @ totals) / ((1 - after) @ items)
    out: Numbers = np.nan_to_num(second - first)
    return out


def _comparable(months: Months, before: Any, after: Any) -> list[int]:
    """The features with enough on both sides, and which neither all nor no cases have."""
    kept = []
    for column, feature in enumerate(months.features):
        items = [float(months.items[side, column].sum()) for side in (before, after)]
        totals = [float(months.totals[side, column].sum()) for side in (before, after)]
        if tells_something(feature, items, totals, FEWEST_ITEMS):
            kept.append(column)
    return kept


def _found(months: Months, column: int, sides: Any, pairs: Any, p_value: float) -> Found:
    items, totals = (
        tuple(float(sums[side, column].sum()) for side in sides)
        for sums in (months.items, months.totals)
    )
    season = means_of(months, column, pairs) if pairs else None
    return Found(
        months.features[column],
        (items[0], items[1]),
        (totals[0], totals[1]),
        means_of(months, column, sides),
        season,
        p_value,
    )


def _rows(
    keys: tuple[str, str, str], months: Sequence[int], found: Sequence[Found]
) -> Iterator[tuple[Any, ...]]:
    if not found:
        return
    q_values = benjamini_hochberg([each.p_value for each in found])
    for each, q_value in zip(found, q_values, strict=True):
        feature = each.feature
        is_share = feature.aspect in SHARES
        hits = [round(total) if is_share else None for total in each.totals]
        told = difference_of(feature, *each.means)
        season = difference_of(feature, *each.season_means) if each.season_means else None
        yield (
            *keys,
            *(feature.aspect, feature.activity, feature.other_activity),
            *(round(items) for items in each.items),
            *hits,
            *(value_of(feature, mean) for mean in each.means),
            told,
            season,
            feature.unit,
            *months,
            each.p_value,
            q_value,
            is_clear(feature, told, season, q_value),
        )
