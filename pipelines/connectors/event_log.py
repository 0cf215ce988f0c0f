"""Event logs: XES, OCEL, CSV, Excel and Parquet become typed, pseudonymous rows.

What belongs here: what an event and a case have. What does not: opening files (`files.py`),
placeholders of units (SQL, from the configuration) and the warehouse.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field

from pipelines.connectors.cases import CASE_STAMPS, CASE_TEXT, CaseColumns, CaseRows, typed
from pipelines.connectors.connector import FileConnector
from pipelines.connectors.files import FileBatch, read_file, refuse_too_many
from pipelines.connectors.ocel import OCEL, read_ocel
from pipelines.connectors.raw_log import RawLog
from pipelines.connectors.rows import judge
from pipelines.sources import FileSource

NEEDED = ("case_id", "activity", "occurred_at")


class EventLogColumns(CaseColumns):
    """Which column (CSV, Excel, Parquet) or attribute (XES, OCEL) holds what.

    Case attributes carry the prefix `case:`, related objects (OCEL) the prefix `object:`. Columns
    that are not named here are never read.
    """

    case_id: str = "case:concept:name"
    activity: str = "concept:name"
    occurred_at: str = "time:timestamp"
    lifecycle: str | None = None
    actor: str | None = None
    team: str | None = None
    organisation: str | None = None


class EventRows(CaseRows):
    """Any source with one event a row."""

    columns: EventLogColumns = EventLogColumns()


class EventLogSource(EventRows, FileSource):
    """A file, or several by a pattern, with one event a row."""

    kind: Literal["event_log"]
    case_object_type: str | None = Field(
        default=None, description="OCEL: the type of the objects that are the cases."
    )


def read_event_log(source: EventLogSource, file: Path, key: bytes) -> FileBatch:
    """Read one file. Raises SourceError where it, or too large a share of it, is unusable."""
    if file.name.lower().endswith(OCEL):
        log = read_ocel(source, file, source.mapped())
    else:
        log = read_file(source, file)
    return event_batch(source, file.name, log, key)


def event_batch(source: EventRows, name: str, log: RawLog, key: bytes) -> FileBatch:
    """Events and their cases from the rows of `name`, a file or a query.

    Raises SourceError where too large a share of them is unusable.
    """
    good, quarantine, findings = judge(log, source, NEEDED)
    refuse_too_many(source, name, log, good, quarantine)
    frame = typed(good, source, key)
    return FileBatch(
        tables={"events": _events(frame), "cases": _cases(frame)},
        rows_read=log.rows_read,
        rows_kept=frame.height,
        quarantine=quarantine,
        owner_statistics=log.owner_statistics,
        findings=findings,
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
    attributes = [*CASE_TEXT, "client", *CASE_STAMPS]
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
