"""Exports of case systems with a case a row: its dates, and columns with the moment of a step.

What belongs here: which events a row of a case tells. What does not: opening files (`files.py`),
and judging rows (`rows.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field

from pipelines.connectors.cases import CASE_STAMPS, CASE_TEXT, CaseColumns, CaseRows, typed
from pipelines.connectors.connector import FileConnector
from pipelines.connectors.files import FileBatch, read_file, refuse_too_many
from pipelines.connectors.raw_log import EVENTS, RawLog
from pipelines.connectors.rows import judge, quality_of
from pipelines.sources import FileSource

NEEDED = ("case_id", "opened_at")


class CaseExportColumns(CaseColumns):
    """Which column of a case export holds what. Columns that are not named are never read."""

    opened_at: str
    team: str | None = None


class CaseExportRows(CaseRows):
    """Any source with one case a row."""

    columns: CaseExportColumns
    events: dict[str, str] = Field(
        default={},
        description="The column with the moment, by the activity that happened then. A case has"
        " the event where the column is filled.",
    )

    @property
    def has_handoffs(self) -> bool:
        return False

    def mapped(self) -> dict[str, str]:
        """The column that is read for each role, those of the events among them."""
        moments = {f"{EVENTS}{activity}": column for activity, column in self.events.items()}
        return super().mapped() | moments


class CaseExportSource(CaseExportRows, FileSource):
    """A file, or several by a pattern, with one case a row."""

    kind: Literal["case_export"]


def case_batch(source: CaseExportRows, name: str, log: RawLog, key: bytes) -> FileBatch:
    """Cases and their events from the rows of `name`; a case that comes again is set aside.

    Raises SourceError where too large a share of the rows is unusable.
    """
    roles = tuple(f"{EVENTS}{activity}" for activity in source.events)
    good, quarantine, findings = judge(log, source, NEEDED, moments=roles, unique="case_id")
    refuse_too_many(source, name, log, good, quarantine)
    frame = typed(good, source, key)
    tables = {"cases": _cases(frame)}
    if source.events:
        tables["events"] = _events(frame, tuple(source.events))
    return FileBatch(
        tables=tables,
        rows_read=log.rows_read,
        rows_kept=frame.height,
        quarantine=quarantine,
        findings=findings,
    )


def _cases(frame: pl.DataFrame) -> pl.DataFrame:
    attributes = ("sequence", "case_id", *CASE_TEXT, "client", *CASE_STAMPS)
    return frame.select(*attributes, has_conflicts=pl.lit(value=False))


def _events(frame: pl.DataFrame, activities: tuple[str, ...]) -> pl.DataFrame:
    """An event for each filled column, numbered by row, then by the order of the mapping.

    The team of a row is the one that has the case now, so that the last event alone is known to be
    its own; who did the earlier ones is not known.
    """
    found = [
        frame.select(
            pl.col("sequence") * len(activities) + position,
            "case_id",
            "lifecycle",
            "team",
            "organisation",
            "actor",
            activity=pl.lit(activity),
            occurred_at=pl.col(f"{EVENTS}{activity}"),
            time_quality=pl.col(quality_of(f"{EVENTS}{activity}")),
            provenance=pl.lit("file"),
        ).drop_nulls("occurred_at")
        for position, activity in enumerate(activities, 1 - len(activities))
    ]
    events = pl.concat(found).sort("occurred_at", "sequence")
    is_last = pl.col("sequence") == pl.col("sequence").last().over("case_id")
    return events.with_columns(pl.when(is_last).then("team").alias("team")).sort("sequence")


def _read(source: CaseExportSource, file: Path, key: bytes) -> FileBatch:
    return case_batch(source, file.name, read_file(source, file), key)


CONNECTOR = FileConnector(model=CaseExportSource, read=_read)
