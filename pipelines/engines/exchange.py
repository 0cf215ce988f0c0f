"""Tables on their way between the warehouse and the folder that Spark reads and writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.disk import quoted
from transforms.models import Model

Kind = Literal["table", "view"]


def folder_of(home: Path) -> Path:
    """Where Spark's tables of a home are."""
    return home / "spark"


def lend(connection: duckdb.DuckDBPyConnection, names: Iterable[str], folder: Path) -> None:
    """Write tables of the warehouse as Parquet, in place of what was there."""
    for name in names:
        place = folder.joinpath(*name.split("."))
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        connection.execute(f"copy {name} to {quoted(place / 'part-0.parquet')} (format parquet)")


def sources_of(models: Iterable[Model]) -> list[str]:
    """The tables of `raw` and `config` that the models read."""
    read = {name for model in models for name in model.reads}
    return sorted(name for name in read if name.split(".")[0] in ("raw", "config"))


def take_back(connection: duckdb.DuckDBPyConnection, model: Model, folder: Path) -> None:
    """Make the model's Parquet readable in the warehouse by its name, without a copy."""
    place = folder / model.schema / model.table
    connection.execute(f"create schema if not exists {model.schema}")
    make_way(connection, model, "view")
    files = quoted(place / "*.parquet")
    connection.execute(f"create or replace view {model.name} as from read_parquet({files})")


def make_way(connection: duckdb.DuckDBPyConnection, model: Model, kind: Kind) -> None:
    """Drop what another engine left under the model's name, where it is not of this kind."""
    found = connection.execute(
        "select table_type from information_schema.tables"
        " where table_schema = ? and table_name = ?",
        [model.schema, model.table],
    ).fetchall()
    for (told,) in found:
        other = "view" if told == "VIEW" else "table"
        if other != kind:
            connection.execute(f"drop {other} {model.name}")


def let_go(connection: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Remove Spark's tables, and the views on files, also those of a home that was moved here; the
    next run makes both anew. Raises OSError where a file cannot be removed."""
    views = connection.execute(
        "select schema_name, view_name from duckdb_views()"
        " where database_name = current_database() and schema_name in ('core', 'mart')"
        " and contains(sql, '.parquet')"
    ).fetchall()
    for schema, view in views:
        connection.execute(f'drop view "{schema}"."{view}"')
    folder = folder_of(home).resolve()
    if folder.exists():
        shutil.rmtree(folder)
