"""Event logs: XES, CSV, Excel and Parquet with an event a row become typed, pseudonymous rows.

What belongs here: what an event and a case have. What does not: opening files (`files.py`),
placeholders of units (SQL, from the configuration) and the warehouse.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import model_validator

from pipelines.connectors.connector import FileConnector
from pipelines.connectors.files import FileBatch, read_file, refuse_too_many
from pipelines.connectors.raw_log import STAMPS, RawLog
from pipelines.connectors.rows import is_placeholder, judge
from pipelines.sources import Columns, FileSource, RowSource
from transforms.privacy import pseudonymise

NEEDED = ("case_id", "activity", "occurred_at")
EVENT_TEXT = ("lifecycle", "team", "organisation")
CASE_TEXT = ("case_type", "channel", "target_group", "result")
INSTANT = pl.Datetime("us", "UTC")


class EventLogColumns(Columns):
    """Which column (CSV, Excel, Parquet) or attribute (XES) holds what.

    XES case attributes carry the prefix `case:`. Columns that are not named here are never read.
    """

    case_id: str = "case:concept:name"
    activity: str = "concept:name"
    occurred_at: str = "time:timestamp"
    lifecycle: str | None = None
    actor: str | None = None
    team: str | None = None
    organisation: str | None = None
    case_type: str | None = None
    client: str | None = None
    channel: str | None = None
    target_group: str | None = None
    opened_at: str | None = None
    closed_at: str | None = None
    planned_end_at: str | None = None
    legal_end_at: str | None = None
    result: str | None = None


class EventRows(RowSource):
    """Any source with one event a row."""

    columns: EventLogColumns = EventLogColumns()

    @model_validator(mode="after")
    def _journey_known(self) -> EventRows:
        if self.journey is None and self.columns.case_type is None:
            raise ValueError("give journey, or columns.case_type to tell the journeys apart")
        return self

    @property
    def has_registered_end(self) -> bool:
        return self.columns.closed_at is not None


class EventLogSource(FileSource, EventRows):
    """A file, or several by a pattern, with one event a row."""

    kind: Literal["event_log"]


def read_event_log(source: EventLogSource, file: Path, key: bytes) -> FileBatch:
    """Read one file. Raises SourceError where it, or too large a share of it, is unusable."""
    log = read_file(source, file, source.columns.mapped())
    return event_batch(source, file.name, log, key)


def event_batch(source: EventRows, name: str, log: RawLog, key: bytes) -> FileBatch:
    """Events and their cases from the rows of `name`, a file or a query.

    Raises SourceError where too large a share of them is unusable.
    """
    good, quarantine, findings = judge(log, source, NEEDED)
    refuse_too_many(source, name, log, good, quarantine)
    frame = _typed(good, source, key)
    return FileBatch(
        tables={"events": _events(frame), "cases": _cases(frame)},
        rows_read=log.rows_read,
        rows_kept=frame.height,
        quarantine=quarantine,
        owner_statistics=log.owner_statistics,
        findings=findings,
    )


def _typed(good: pl.DataFrame, source: EventRows, key: bytes) -> pl.DataFrame:
    """Every column that the frames need, missing ones as null, persons as pseudonyms.

    Placeholders become null where the value is hashed or chosen among several; those of teams are
    left to SQL.
    """
    roles = {*EVENT_TEXT, *CASE_TEXT, "actor", "client"}
    absent = [pl.lit(None, pl.String).alias(r) for r in sorted(roles - set(good.columns))]
    absent += [pl.lit(None, INSTANT).alias(r) for r in STAMPS if r not in good.columns]
    frame = good.with_columns(absent).with_columns(
        pl.when(~is_placeholder(column, source)).then(pl.col(column)).alias(column)
        for column in ("actor", "client", *CASE_TEXT)
    )
    return frame.with_columns(
        pseudonymise(frame[column], key, kind).alias(column)
        for column, kind in (("actor", "person"), ("client", "client"), ("case_id", "case"))
    )


def _events(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "sequence",
        "case_id",
        "activity",
        "lifecycle",
        "occurred_at",
        "time_quality",
        "actor",
        "team",
        "organisation",
        pl.lit("file").alias("provenance"),
    )


def _cases(frame: pl.DataFrame) -> pl.DataFrame:
    """Case attributes are the first known value by instant, then by place in the file."""
    attributes = [*CASE_TEXT, "client", "opened_at", "closed_at", "planned_end_at", "legal_end_at"]
    conflicts = pl.any_horizontal(pl.col(a).drop_nulls().n_unique() > 1 for a in attributes)
    return (
        frame.sort("occurred_at", "sequence")
        .group_by("case_id", maintain_order=True)
        .agg(
            pl.col("sequence").min(),
            *(pl.col(a).drop_nulls().first() for a in attributes),
            has_conflicts=conflicts,
        )
        .sort("sequence")
    )


CONNECTOR = FileConnector(model=EventLogSource, read=read_event_log)
