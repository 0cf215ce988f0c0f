"""The `raw` tables that APIs fill: their columns, once, for the warehouse and for the loader.

Every version of a record stays, with the moments from and until which it was seen so: that is
where handoffs and suspensions come from when there is no audit trail. All identifiers of cases,
persons and records are pseudonyms; those of types (case types, status types) are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

FROM, TO = "observed_from", "observed_to"
_SQL = {"text": "varchar", "bigint": "bigint", "bool": "boolean", "date": "date"}
_SQL["timestamp"] = "timestamptz"
_PYTHON = {"text": str, "bigint": int, "bool": bool, "date": date, "timestamp": datetime}


@dataclass(frozen=True)
class ApiTable:
    """`key` names a record within its source; `columns` maps each column to its type."""

    name: str
    key: str
    columns: Mapping[str, str]

    @property
    def ddl(self) -> str:
        """The table as the loader expects to find it."""
        columns = ", ".join(f"{name} {_SQL[kind]}" for name, kind in self.columns.items())
        return (
            f"create table if not exists raw.{self.name} (source varchar, {columns},"
            f" {FROM} timestamptz, {TO} timestamptz,"
            " _dlt_load_id varchar not null, _dlt_id varchar not null);"
        )

    def misfits(self, row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The columns of a row, with their values, that are not of the type of the column."""
        for name, kind in self.columns.items():
            value = row.get(name)
            if value is not None and type(value) is not _PYTHON[kind]:
                yield name, value


def api_table(name: str, **columns: str) -> ApiTable:
    return ApiTable(name, next(iter(columns)), columns)


REFUSED = api_table(
    "api_refused",
    record="text",
    resource="text",
    column_name="text",
    shape="text",
    reason="text",
)
