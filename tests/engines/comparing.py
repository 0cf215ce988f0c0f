"""Whether two engines made the same table."""

from __future__ import annotations

import polars as pl

TOLERANCE = 1e-9
"""Of a number with a fraction, of its size, or of one where it is smaller."""


def differences(ours: pl.DataFrame, theirs: pl.DataFrame) -> str:
    """What sets two tables apart; empty where they have the same rows.

    Rows are laid side by side in the order of all that is exact. Dates, instants, texts and counts
    are equal, and other numbers to one in a billion.
    """
    if ours.columns != theirs.columns:
        return f"columns {ours.columns} and {theirs.columns}"
    kinds = {
        name: (str(ours.schema[name]), str(theirs.schema[name]))
        for name in ours.columns
        if _kind(ours.schema[name]) != _kind(theirs.schema[name])
    }
    if kinds:
        return f"types {kinds}"
    if ours.height != theirs.height:
        return f"{ours.height} and {theirs.height} rows"
    one, other = _ordered(ours), _ordered(theirs)
    apart = {}
    for name in ours.columns:
        same = _same(one[name], other[name])
        if not same.all():
            at = int((~same).arg_true()[0])
            apart[name] = (int((~same).sum()), one[name][at], other[name][at])
    return f"values {apart}" if apart else ""


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    inexact = [name for name, kind in frame.schema.items() if kind.is_float()]
    exact = [name for name in frame.columns if name not in inexact]
    return frame.sort([*exact, *inexact], nulls_last=True)


def _same(one: pl.Series, other: pl.Series) -> pl.Series:
    equal = one.eq_missing(other.cast(one.dtype))
    if not one.dtype.is_float():
        return equal
    pair = pl.DataFrame({"one": one, "other": other})
    scale = pl.max_horizontal(pl.col("one").abs(), 1.0)
    near = (pl.col("one") - pl.col("other")).abs() <= TOLERANCE * scale
    return equal | pair.select(near.fill_null(value=False)).to_series()


def _kind(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "whole"
    return "number" if kind.is_float() else str(kind)
