"""Tables on their way between the warehouse and the folder that Spark reads and writes.

A table is a folder `<home>/spark/<schema>/<table>`. Where municipalities share tables it is a link
to a part, `<shared>/<schema>/<table>/municipality=<name>`, and the whole can be read as one table.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import duckdb

from pipelines.disk import quoted
from transforms.models import Model

Kind = Literal["table", "view"]


def folder_of(home: Path) -> Path:
    """Where Spark's tables of a home are."""
    return home / "spark"


def place_of(folder: Path, name: str) -> Path:
    """Where the files of a table are written: what a link points at, not the link."""
    return folder.joinpath(*name.split(".")).resolve()


def share(names: Iterable[str], folder: Path, shared: Path | None, municipality: str) -> None:
    """Let tables be parts of those that municipalities share, or no longer where `shared` is None.

    What was at their places until then is removed: it is written anew.
    """
    for name in names:
        place = folder.joinpath(*name.split("."))
        part = f"municipality={quote(municipality, safe='')}"
        target = shared.joinpath(*name.split("."), part) if shared else None
        if place.is_symlink() and place.readlink() != target:
            _remove(place)
        if target and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)


def _remove(link: Path) -> None:
    shutil.rmtree(link.resolve(), ignore_errors=True)
    link.unlink()


def lend(connection: duckdb.DuckDBPyConnection, names: Iterable[str], folder: Path) -> None:
    """Write tables of the warehouse as Parquet, in place of what was there."""
    for name in names:
        place = place_of(folder, name)
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
    """Remove Spark's tables, and the views on them; the next run makes both anew."""
    folder = folder_of(home)
    named = quoted(folder)[:-1] + "/"
    views = connection.execute(
        "select schema_name, view_name from duckdb_views()"
        " where database_name = current_database() and contains(sql, ?)",
        [named],
    ).fetchall()
    for schema, view in views:
        connection.execute(f'drop view "{schema}"."{view}"')
    for place in folder.glob("*/*"):
        if place.is_symlink():
            _remove(place)
    shutil.rmtree(folder, ignore_errors=True)
