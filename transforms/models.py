"""The SQL models: one file a table, its header the documentation and the test.

A file `transforms/<schema>/<table>.sql` starts with a block comment in YAML: `meaning`, `columns`
(a line each, the unit in square brackets at its end), `tests`, and for KPI models `definitions`
and their `axes` (`definitions.py`). The rest of the file is one SELECT. Dependencies are parsed
from that SELECT.

What belongs here: reading, ordering, building and testing models on a DuckDB connection that the
caller opened. What does not: Dagster, paths of the warehouse, what a figure means (the SQL says).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Literal, Protocol

import duckdb
import sqlglot
import yaml
from sqlglot import exp

MODELS = Path(__file__).parent
SCHEMAS = ("core", "mart")
Severity = Literal["error", "warning"]

_HEADER = re.compile(r"\A\s*/\*(?P<header>.*?)\*/(?P<select>.*)\Z", re.DOTALL)
_UNIT = re.compile(r"\s*\[(?P<unit>[^\]]+)\]\s*$")


class ModelError(Exception):
    """A model file that cannot be used, or a table that is not what its header says."""


@dataclass(frozen=True)
class Column:
    name: str
    meaning: str
    unit: str | None


@dataclass(frozen=True)
class ModelTest:
    """`rows` is a query that returns the failing rows; none means passed."""

    name: str
    rows: str
    severity: Severity = "error"
    meaning: str = ""


class Asked(Protocol):
    """Whatever has a query that returns failing rows."""

    @property
    def rows(self) -> str: ...


@dataclass(frozen=True)
class Model:
    schema: str
    table: str
    meaning: str
    columns: tuple[Column, ...]
    tests: tuple[ModelTest, ...]
    select: str
    is_public: bool = False
    is_view: bool = False
    definitions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    axes: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}"

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The tables that the SELECT reads, as `schema.table`, sorted."""
        tree = sqlglot.parse_one(self.select, read="duckdb")
        tables = tree.find_all(exp.Table)
        return tuple(sorted({f"{table.db}.{table.name}" for table in tables if table.db}))


def load_models(folder: Path = MODELS) -> dict[str, Model]:
    """All models below `folder`, by name, each after the models that it reads; read once."""
    return dict(_loaded(folder))


@cache
def _loaded(folder: Path) -> dict[str, Model]:
    models = {model.name: model for model in map(parse_model, _model_files(folder))}
    _refuse_unknown(models)
    graph = {name: set(model.reads) & set(models) for name, model in models.items()}
    sorter = TopologicalSorter(dict(sorted(graph.items())))
    return {name: models[name] for name in sorter.static_order()}


def _model_files(folder: Path) -> list[Path]:
    return sorted(file for schema in SCHEMAS for file in (folder / schema).glob("*.sql"))


def parse_model(file: Path) -> Model:
    """Read one model file. Raises ModelError naming the file where its header is incomplete."""
    header, select = header_and_select(file)
    missing = {"meaning", "columns", "tests"} - set(header)
    if missing:
        raise ModelError(f"{file}: the header lacks {', '.join(sorted(missing))}.")
    schema, table = file.parent.name, file.stem
    return Model(
        schema=schema,
        table=table,
        meaning=" ".join(header["meaning"].split()),
        columns=tuple(_column(name, text) for name, text in header["columns"].items()),
        tests=tuple(_test(f"{schema}.{table}", test) for test in header["tests"]),
        select=select,
        is_public=bool(header.get("public", False)),
        is_view=bool(header.get("view", False)),
        definitions=header.get("definitions", {}),
        axes=header.get("axes", {}),
    )


def header_and_select(file: Path) -> tuple[dict[str, Any], str]:
    """The header of an SQL file, and its SELECT. Raises ModelError where it starts with none."""
    match = _HEADER.match(file.read_text(encoding="utf-8"))
    if match is None:
        raise ModelError(f"{file}: starts with no /* header */; see docs/models.md.")
    header: dict[str, Any] = yaml.load(match["header"], Loader=yaml.CSafeLoader)
    return header, match["select"].strip().rstrip(";")


def _column(name: str, text: str) -> Column:
    unit = _UNIT.search(text)
    return Column(name, _UNIT.sub("", text), unit["unit"] if unit else None)


def _test(table: str, test: Mapping[str, Any]) -> ModelTest:
    match test:
        case {"unique": [*columns]}:
            keys = ", ".join(columns)
            rows = (
                f"select {keys}, count(*) as rows from {table} group by {keys} having count(*) > 1"  # noqa: S608
            )
            return ModelTest("unique_" + "_".join(columns), rows)
        case {"not_null": [*columns]}:
            holes = " or ".join(f"{column} is null" for column in columns)
            return ModelTest("not_null", f"select * from {table} where {holes}")  # noqa: S608
        case {"assert": {"name": str(name), "rows": str(rows), **rest}}:
            severity: Severity = "warning" if rest.get("severity") == "warning" else "error"
            return ModelTest(name, rows, severity, str(rest.get("meaning", "")))
    raise ModelError(f"{table}: {test!r} is no test; use unique, not_null or assert.")


def _refuse_unknown(models: Mapping[str, Model]) -> None:
    for model in models.values():
        unknown = [
            name
            for name in model.reads
            if name.split(".")[0] not in ("raw", "config") and name not in models
        ]
        if unknown:
            raise ModelError(
                f"{model.name} reads {unknown[0]}, which no file in transforms/ makes."
                " Mend the name in its SELECT."
            )


def build(connection: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Make the table anew and return its number of rows.

    Raises ModelError where the produced columns differ from the documented ones.
    """
    connection.execute(f"create schema if not exists {model.schema}")
    kind = "view" if model.is_view else "table"
    connection.execute(f"create or replace {kind} {model.name} as {model.select}")
    produced = [row[0] for row in connection.execute(f"describe {model.name}").fetchall()]
    documented = [column.name for column in model.columns]
    if produced != documented:
        raise ModelError(
            f"{model.name}: the SELECT gives {produced}, the header documents {documented}."
            " Make them equal, in the same order."
        )
    [(rows,)] = connection.execute(f"select count(*) from {model.name}").fetchall()  # noqa: S608
    return int(rows)


def failing_rows(
    connection: duckdb.DuckDBPyConnection, test: Asked, limit: int = 10
) -> tuple[int, list[dict[str, Any]]]:
    """How many rows fail a test, and the first `limit` of them, by column."""
    [(count,)] = connection.execute(f"select count(*) from ({test.rows})").fetchall()  # noqa: S608
    if not count:
        return 0, []
    result = connection.execute(f"select * from ({test.rows}) limit {limit:d}")  # noqa: S608
    names = [column[0] for column in result.description or ()]
    return int(count), [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def upstream(models: Mapping[str, Model], name: str) -> tuple[str, ...]:
    """The models that `name` is made from, itself included, sorted."""
    found: set[str] = set()
    pending = [name]
    while pending:
        current = pending.pop()
        if current in models and current not in found:
            found.add(current)
            pending.extend(models[current].reads)
    return tuple(sorted(found))
