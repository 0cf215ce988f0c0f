"""The event-log connector: XES, CSV, Excel and Parquet become typed, pseudonymous rows.

What belongs here: what an event and a case have. What does not: opening files (`files.py`),
placeholders of units (SQL, from the configuration) and the warehouse.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.connectors.files import FileBatch, read_file, refuse_too_many
from pipelines.connectors.raw_log import STAMPS
from pipelines.connectors.rows import is_placeholder, judge
from pipelines.sources import EventLogSource
from transforms.privacy import pseudonymise

NEEDED = ("case_id", "activity", "occurred_at")
EVENT_TEXT = ("lifecycle", "team", "organisation")
CASE_TEXT = ("case_type", "channel", "target_group", "result")
INSTANT = pl.Datetime("us", "UTC")


def read_event_log(source: EventLogSource, file: Path, key: bytes) -> FileBatch:
    """Read one file. Raises SourceError where it, or too large a share of it, is unusable."""
    columns = {role: name for role, name in source.columns.model_dump().items() if name}
    log = read_file(source, file, columns)
    good, quarantine, findings = judge(log, source, NEEDED)
    refuse_too_many(source, file, log, good, quarantine)
    frame = _typed(good, source, key)
    return FileBatch(
        tables={"events": _events(frame), "cases": _cases(frame)},
        rows_read=log.rows_read,
        rows_kept=frame.height,
        quarantine=quarantine,
        owner_statistics=log.owner_statistics,
        findings=findings,
    )


def _typed(good: pl.DataFrame, source: EventLogSource, key: bytes) -> pl.DataFrame:
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
