"""Whether two engines made the same table."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from pipelines.warehouse import read
from transforms.models import Model

TOLERANCE = 1e-9


def differences(connection: duckdb.DuckDBPyConnection, model: Model, folder: Path) -> str:
    """What sets Spark's table in `folder` apart from DuckDB's; empty where they are the same.

    Rows are compared in order of all that is exact; numbers with a fraction to one in a billion.
    """
    ours = read(connection, f"select * from {model.name}")
    place = folder / model.schema / model.table
    theirs = read(connection, f"select * from read_parquet('{place}/*.parquet')")
    return told(ours, theirs)


def told(ours: pl.DataFrame, theirs: pl.DataFrame) -> str:
    if ours.columns != theirs.columns:
        return f"columns {ours.columns} and {theirs.columns}"
    kinds = {
        name: (ours.schema[name], theirs.schema[name])
        for name in ours.columns
        if _kind(ours.schema[name]) != _kind(theirs.schema[name])
    }
    if kinds:
        return f"types {kinds}"
    if ours.height != theirs.height:
        return f"{ours.height} and {theirs.height} rows"
    inexact = [name for name, kind in ours.schema.items() if kind.is_float()]
    order = [name for name in ours.columns if name not in inexact] + inexact
    one, other = (
        frame.with_columns(pl.col(pl.Decimal).cast(pl.Float64)).sort(order, nulls_last=True)
        for frame in (ours, theirs)
    )
    apart = {}
    for name in ours.columns:
        if one[name].dtype.is_float():
            gap = (one[name] - other[name]).abs()
            scale = pl.max_horizontal(one[name].abs(), pl.lit(1.0))
            near = one.select(gap <= TOLERANCE * scale).to_series()
            same = near | (one[name].is_null() & other[name].is_null())
            same = (
                same.fill_null(value=False)
                | (one[name].is_nan() & other[name].is_nan()).fill_null(value=False)
                | (one[name] == other[name]).fill_null(value=False)
            )
        else:
            same = one[name].cast(other[name].dtype).eq_missing(other[name])
        if not same.all():
            at = int((~same).arg_true()[0])
            apart[name] = ((~same).sum(), one[name][at], other[name][at])
    return f"values {apart}" if apart else ""


def _kind(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "whole"
    if kind.is_float():
        return "number"
    return str(kind)
