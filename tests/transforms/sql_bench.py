"""An in-memory warehouse of a tiny invented municipality, for five-row tests of the SQL models."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb
import polars as pl

from pipelines.config_tables import config_tables
from pipelines.municipality import Municipality
from pipelines.raw_tables import RAW
from pipelines.warehouse import replace_tables
from transforms.models import Model, build, load_models, upstream

CONFIG: dict[str, Any] = {
    "name": "Testdorp",
    "service_formulas": [{"id": "ontwerp", "name": "Ontwerp"}],
    "journeys": [
        {
            "id": "permits",
            "name": "Vergunning",
            "service_formula": "ontwerp",
            "case_types": ["permit"],
            "term": {"weeks": 8, "legal_basis": "Awb 4:13"},
        },
        {"id": "care", "name": "Zorg", "service_formula": "ontwerp", "case_types": ["care"]},
    ],
    "sources": [
        {
            "id": "log",
            "kind": "event_log",
            "path": "log.csv",
            "complete_until": "2025-07-01T00:00:00+02:00",
            "columns": {"case_type": "type", "closed_at": "end"},
        }
    ],
}
EVENT = {"case_id": "a", "activity": "x", "occurred_at": "2025-03-03 09:00+01"}
CASE = {"case_id": "a", "case_type": "permit", "has_conflicts": False}


@cache
def models() -> dict[str, Model]:
    return load_models()


@cache
def _plain_config() -> dict[str, pl.DataFrame]:
    return config_tables(Municipality.model_validate(CONFIG), models())


def _config(more: dict[str, Any]) -> dict[str, pl.DataFrame]:
    if not more:
        return _plain_config()
    return config_tables(Municipality.model_validate(CONFIG | more), models())


class Bench:
    """`events` and `cases` are rows of `raw`, with what a test does not care about filled in;
    further keywords are keys of the configuration."""

    def __init__(
        self,
        events: Sequence[dict[str, Any]] = (),
        cases: Sequence[dict[str, Any]] = (),
        **config: Any,
    ) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute(RAW)
        replace_tables(self.connection, "config", _config(config))
        for number, event in enumerate(events, 1):
            row = {"sequence": number, "provenance": "file", "time_quality": "exact"}
            self.insert("raw.events", row | EVENT | event)
        for number, case in enumerate(cases, 1):
            self.insert("raw.cases", {"sequence": number} | CASE | case)

    def insert(self, table: str, row: dict[str, Any]) -> None:
        row = {"source": "log", "file_number": 1} | row
        marks = ", ".join("?" for _ in row)
        self.connection.execute(
            f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values())
        )

    def seen(self, table: str, **row: Any) -> None:
        """A row of `raw` that an API gave."""
        marks = ", ".join("?" for _ in row)
        self.connection.execute(
            f"insert into raw.{table} ({', '.join(row)}) values ({marks})", list(row.values())
        )

    def build(self, name: str) -> list[dict[str, Any]]:
        """The rows of a model, after building it and what it is made from."""
        needed = set(upstream(models(), name))
        for model in models().values():
            if model.name in needed:
                build(self.connection, model)
        return self.rows(f"from {name}")

    def rows(self, query: str) -> list[dict[str, Any]]:
        result = self.connection.execute(query)
        names = [column[0] for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
