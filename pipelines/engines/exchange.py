"""Tables on their way between the warehouse and the folder that Spark reads and writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from transforms.models import Model


def lend(connection: duckdb.DuckDBPyConnection, names: Iterable[str], folder: Path) -> None:
    """Write tables of the warehouse as Parquet, in place of what was there."""
    for name in names:
        place = folder.joinpath(*name.split("."))
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        connection.execute(f"copy {name} to '{place}/part-0.parquet' (format parquet)")


def sources_of(models: Iterable[Model]) -> list[str]:
    """The tables of `raw` and `config` that the models read."""
    read = {name for model in models for name in model.reads}
    return sorted(name for name in read if name.split(".")[0] in ("raw", "config"))


def take_back(connection: duckdb.DuckDBPyConnection, model: Model, folder: Path) -> None:
    """Make the model's Parquet readable in the warehouse by its name, without a copy."""
    place = folder / model.schema / model.table
    connection.execute(f"create schema if not exists {model.schema}")
    for kind in _kinds(connection, model):
        connection.execute(f"drop {kind} {model.name}")
    connection.execute(f"create view {model.name} as from read_parquet('{place}/*.parquet')")


def _kinds(connection: duckdb.DuckDBPyConnection, model: Model) -> list[str]:
    """As what the warehouse has the table already: a table of its own, or a view."""
    rows = connection.execute(
        "select table_type from information_schema.tables"
        " where table_schema = ? and table_name = ?",
        [model.schema, model.table],
    ).fetchall()
    return ["view" if kind == "VIEW" else "table" for (kind,) in rows]
