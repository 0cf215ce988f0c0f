"""Databases: what one read-only query gives, through the same door as the rows of a file.

What belongs here: the models of such a source, and the way from an answer to raw rows. What does
not: the session (`database_session.py`), and the meaning of the rows, which the file kinds have.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import polars as pl
from pydantic import Field, model_validator

from pipelines.connectors.case_export import CaseExportRows, case_batch
from pipelines.connectors.connector import Opened, Part
from pipelines.connectors.contact_export import (
    CallbackRows,
    ContactRows,
    callback_batch,
    contact_batch,
)
from pipelines.connectors.database_session import answers
from pipelines.connectors.event_log import EventLogColumns, EventRows, event_batch
from pipelines.connectors.files import FileBatch
from pipelines.connectors.raw_log import (
    RawLog,
    SourceError,
    check_columns,
    dates_alone,
    numbered,
    stamps_among,
)
from pipelines.settings import source_secret
from pipelines.sources import RowSource


class Query(RowSource):
    """What a query gives in PostgreSQL, SQL Server, Oracle or MySQL.

    The address of the database, with user and password, comes from HARTSLAG_<SOURCE>_URL.
    """

    query: str | None = Field(default=None, description="One SELECT; it may begin with WITH.")
    query_file: str | None = Field(
        default=None, description="A file with the query, relative to the configuration file."
    )

    @model_validator(mode="after")
    def _one_query(self) -> Query:
        if (self.query is None) == (self.query_file is None):
            raise ValueError("give either query or query_file")
        return self


class EventQuery(EventRows, Query):
    """A query with one event a row."""

    kind: Literal["database"]
    gives: Literal["events"]
    columns: EventLogColumns


class CaseQuery(CaseExportRows, Query):
    """A query with one case a row."""

    kind: Literal["database"]
    gives: Literal["cases"]


class ContactQuery(ContactRows, Query):
    """A query with one contact a row."""

    kind: Literal["database"]
    gives: Literal["contacts"]


class CallbackQuery(CallbackRows, Query):
    """A query with one promised callback a row."""

    kind: Literal["database"]
    gives: Literal["callbacks"]


DatabaseSource = Annotated[
    EventQuery | CaseQuery | ContactQuery | CallbackQuery, Field(discriminator="gives")
]
_BATCHES: Mapping[type[Query], Callable[[Any, str, RawLog, bytes], FileBatch]] = {
    EventQuery: event_batch,
    CaseQuery: case_batch,
    ContactQuery: contact_batch,
    CallbackQuery: callback_batch,
}


@dataclass(frozen=True)
class QueryConnector:
    """Sources whose one part is the answer to a query."""

    model: Any

    def parts(self, source: Query, base: Path) -> list[Part]:
        return [Part("query", partial(_open, source, base))]


def _open(source: Query, base: Path) -> Opened:
    """Ask the query; its mapped columns are held, a batch at a time turned into text."""
    where = f"sources.{source.id}.query"
    columns, seen, frames = source.mapped(), hashlib.sha256(), list[pl.DataFrame]()
    url, query = source_secret(source.id, "url"), _query(source, base)
    with closing(answers(where, url, query)) as batches:
        for names, rows in batches:
            check_columns(where, columns, names)
            texts = {
                role: [_text(where, column, row[names.index(column)]) for row in rows]
                for role, column in columns.items()
            }
            seen.update(json.dumps(texts).encode())
            frames.append(pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String)))
    frame = pl.concat(frames)
    days = {role: dates_alone(frame[role], " 00:00:00") for role in stamps_among(columns)}
    log = RawLog(numbered({role: days.get(role, frame[role]) for role in columns}))
    return Opened(seen.hexdigest(), partial(_BATCHES[type(source)], source, where, log))


def _query(source: Query, base: Path) -> str:
    if source.query_file is None:
        return source.query or ""
    file = base / source.query_file
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"sources.{source.id}.query_file: {file} cannot be read ({type(error).__name__}).\n"
            "  Mend: correct the path, which counts from the configuration; save it as UTF-8."
        ) from None


def _text(where: str, column: str, value: Any) -> str | None:
    """A value in the one spelling that it would have in a file: 10001.0 becomes 10001."""
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case float() | Decimal() if value != value:  # not a number
            return None
        case float() | Decimal():
            return f"{Decimal(str(value)):f}" if value % 1 else str(int(value))
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case int() | UUID():
            return str(value)
    raise SourceError(
        f"{where}: column {column!r} holds {type(value).__name__} values where one text, number or"
        " date is expected.\n  Mend: cast it in the query, or map another column."
    )


CONNECTOR = QueryConnector(model=DatabaseSource)
