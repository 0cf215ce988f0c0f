"""Disclosure control: small groups are withheld, also where a sum would give them away.

The rules, in words for an auditor, are in docs/privacy.md. A cell is one number in a table: a group
of `n` out of `size`; the `rest` of its slice is told as soon as both are shown, so it counts as a
group too. A relation is a sum that a reader can form: parts that add up to a total.

What belongs here: which cells must be hidden, given the relations. What does not: which relations
the figures have (`slices.py`), and reading or writing tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[Any]
Members = pl.DataFrame
"""One row per cell in a relation: `relation`, `row` (place of the cell), `is_total`."""


def withhold(
    frame: pl.DataFrame, count: str, within: Sequence[Sequence[str]], threshold: int
) -> pl.Series:
    """Which rows must be withheld, as booleans in the frame's order.

    `within` lists the groupings whose totals a reader may know, though the table lacks them.
    """
    cells = frame.select(n=pl.col(count).fill_null(0), rest=pl.lit(0, pl.Int64))
    members = [relation(frame, keys, pl.lit(value=False)) for keys in within]
    return hide(cells, pl.concat(members), threshold).alias("is_withheld")


def relation(frame: pl.DataFrame, keys: Sequence[str], is_total: pl.Expr) -> Members:
    """Members of one kind of relation: the rows of `frame` that agree in `keys`.

    A column `row` tells the place of the cell where the frame is not whole.
    """
    numbered = frame if "row" in frame.columns else frame.with_row_index("row")
    name = pl.struct(pl.lit(",".join(keys)).alias("_kind"), *keys).hash()
    return numbered.select(name.alias("relation"), pl.col("row").cast(pl.UInt32), is_total=is_total)


def hide(
    cells: pl.DataFrame,
    members: Members,
    threshold: int,
    hidden: pl.Series | None = None,
    *,
    is_secondary: bool = True,
) -> pl.Series:
    """Which cells must be hidden, as booleans in the order of `cells`, which have `n` and `rest`.

    Hidden is every cell whose `n` or `rest` is from 1 to threshold - 1, and what `hidden` says.
    Then, in every relation with one hidden cell, or whose hidden parts together stay under the
    threshold while the total is shown, the smallest cell still shown is hidden too: a part before
    a total. Repeated until nothing changes. `is_secondary` is switched off by a test alone.
    """
    small = pl.any_horizontal(pl.col("n", "rest").is_between(1, threshold - 1))
    flags = cells.select(small if hidden is None else small | pl.lit(hidden)).to_series().to_numpy()
    flags = flags.copy()
    sums = _Sums(cells, members, threshold)
    while is_secondary and len(shown := sums.next_to_hide(flags)):
        flags[shown] = True
    return pl.Series("is_hidden", flags)


class _Sums:
    """The relations as arrays, a place per cell in a relation, the cell to hide first in front.

    A relation remembers as its remainder what its total holds beyond its parts, where that is a
    small group that nobody published.
    """

    def __init__(self, cells: pl.DataFrame, members: Members, threshold: int) -> None:
        facts = (
            members.join(cells.select("n", "rest").with_row_index("row"), on="row")
            .filter((pl.col("n") > 0) | (pl.col("rest") > 0))
            .sort("relation", "is_total", "n", "row")
            .with_columns(pl.col("relation").rle_id())
        )
        self.threshold = threshold
        self.relation, self.row = facts["relation"].to_numpy(), facts["row"].to_numpy()
        self.n, self.rest = facts["n"].to_numpy(), facts["rest"].to_numpy()
        self.is_total = facts["is_total"].to_numpy()
        self.size = int(self.relation[-1]) + 1 if len(self.relation) else 0
        left = self._sum(self.is_total * self.n) - self._sum(~self.is_total * self.n)
        self.remainder = np.where((left > 0) & (left < threshold), left, 0)

    def _sum(self, numbers: Numbers) -> Numbers:
        return np.bincount(self.relation, numbers, self.size).astype(np.int64)

    def next_to_hide(self, flags: Numbers) -> Numbers:
        """The smallest shown cell of each relation that gives something away."""
        hidden = flags[self.row]
        part = hidden & ~self.is_total
        number = self._sum(hidden) + (self.remainder > 0)
        amount, rest = self._sum(part * self.n) + self.remainder, self._sum(part * self.rest)
        few = (amount < self.threshold) | ((rest > 0) & (rest < self.threshold))
        has_total_shown = self._sum(hidden & self.is_total) == 0
        is_open = (number == 1) | ((number > 0) & has_total_shown & few)
        places = np.flatnonzero(~hidden & is_open[self.relation])
        _, first = np.unique(self.relation[places], return_index=True)
        return np.unique(self.row[places[first]])


def moved_part(part: pl.Expr, whole: pl.Expr, threshold: int) -> pl.Expr:
    """The share [percent] with a part under the threshold moved between two persons, else null.

    1 and 2 become 1.5, 3 and 4 become 3.5; the last of an odd number joins the pair before it.
    """
    last = (threshold - 1) // 2 - 1

    def moved(few: pl.Expr) -> pl.Expr:
        pair = ((few - 1) // 2).clip(0, last)
        end = pl.when(pair == last).then(threshold - 1).otherwise(2 * pair + 2)
        return (2 * pair + 1 + end) / 2

    rest = whole - part
    return (
        pl.when(part.is_between(1, threshold - 1))
        .then(100 * moved(part) / whole)
        .when(rest.is_between(1, threshold - 1))
        .then(100 * (whole - moved(rest)) / whole)
    )
