"""Disclosure control: small groups are withheld, also where a total would give them away.

What belongs here: deciding which rows of a published table lose their figures. What does not:
reading or writing tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl


def withhold(
    frame: pl.DataFrame, count: str, within: Sequence[Sequence[str]], threshold: int
) -> pl.Series:
    """Which rows must be withheld, as booleans in the frame's order.

    A row is withheld where 0 < `count` < `threshold`. `within` lists the groupings whose totals a
    reader may know; in each, as long as the withheld rows together stay under the threshold or are
    only one, the smallest row still shown is withheld too, so that no subtraction tells it.
    Repeated until nothing changes.
    """
    work = frame.with_row_index("_row").with_columns(
        _hidden=(pl.col(count) > 0) & (pl.col(count) < threshold)
    )
    while True:
        before = work["_hidden"].sum()
        for keys in within:
            work = _protect_totals(work, count, keys, threshold)
        if work["_hidden"].sum() == before:
            return work.sort("_row")["_hidden"].fill_null(value=False).alias("is_withheld")


def without_small(frame: pl.DataFrame, counts: Sequence[str], threshold: int) -> pl.DataFrame:
    """The frame with each count from 1 to threshold - 1 left out."""
    return frame.with_columns(
        pl.when((pl.col(name) == 0) | (pl.col(name) >= threshold)).then(name).alias(name)
        for name in counts
    )


def weeks_of_withheld_months(slices: pl.DataFrame, hidden: str) -> pl.DataFrame:
    """The slices with each week hidden that shares a day with a hidden month.

    Weeks that are shown add up, and would tell the month. `period` is 2026-W05 or 2026-01.
    """
    months = slices.filter((pl.col("period_kind") == "month") & pl.col(hidden))
    across = ["journey", "segment_kind", "segment"]
    taken = set(months.select(*across, "period").iter_rows())

    def tells(row: dict[str, str]) -> bool:
        return any((*(row[key] for key in across), month) in taken for month in _months(row))

    flags = [row[hidden] or tells(row) for row in slices.iter_rows(named=True)]
    return slices.with_columns(pl.Series(hidden, flags, dtype=pl.Boolean))


def _months(row: dict[str, str]) -> set[str]:
    """The months that a week has days in; none for another kind of period."""
    if row["period_kind"] != "week":
        return set()
    year, week = row["period"].split("-W")
    ends = (date.fromisocalendar(int(year), int(week), day) for day in (1, 7))
    return {f"{day:%Y-%m}" for day in ends}


def _protect_totals(
    work: pl.DataFrame, count: str, keys: Sequence[str], threshold: int
) -> pl.DataFrame:
    """One more row hidden in every group whose hidden rows could be told from its total."""
    hidden = pl.col("_hidden")
    number = hidden.sum().over(keys)
    amount = pl.when(hidden).then(pl.col(count)).otherwise(0).sum().over(keys)
    is_open = (number > 0) & ((number == 1) | (amount < threshold))
    shown = ~hidden & (pl.col(count) > 0)
    place = pl.when(shown).then(pl.struct(pl.col(count), pl.col("_row"))).rank("ordinal")
    return work.with_columns(_hidden=hidden | (is_open & shown & (place.over(keys) == 1)))
