"""The event-log connector: XES, CSV, Excel and Parquet become typed, pseudonymous rows.

What belongs here: choosing the reader, checking and hashing the mapped columns, setting unusable
rows aside. What does not: placeholders of units (SQL, from the configuration) and the warehouse.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.connectors.instants import instants
from pipelines.connectors.raw_log import QUARANTINE, RawLog, SourceError, shape_of
from pipelines.connectors.tabular import read_csv, read_excel, read_parquet
from pipelines.connectors.xes import read_xes
from pipelines.municipality import EventLogSource
from transforms.privacy import pseudonymise

__all__ = ["EventLogBatch", "SourceError", "content_hash", "matching_files", "read_event_log"]

# Raised whenever reading changes, so that files taken before are read again.
READER_VERSION = 1
SUFFIXES = (".xes", ".xes.gz", ".csv", ".xlsx", ".parquet")
STAMPS = ("occurred_at", "opened_at", "closed_at", "planned_end_at", "legal_end_at")
NEEDED = ("case_id", "activity", "occurred_at")
EVENT_TEXT = ("lifecycle", "team", "organisation")
CASE_TEXT = ("case_type", "channel", "target_group", "result")
FINDINGS = {"finding": pl.String, "affected": pl.Int64, "detail": pl.String}


@dataclass(frozen=True)
class EventLogBatch:
    """One file's rows. `events` has one row an event, `cases` one a case, in order of `sequence`;
    `quarantine` says which rows were set aside and why; every row read is in one or the other."""

    events: pl.DataFrame
    cases: pl.DataFrame
    quarantine: pl.DataFrame
    owner_statistics: pl.DataFrame
    findings: pl.DataFrame
    rows_read: int


def matching_files(source: EventLogSource, base: Path) -> list[Path]:
    """The files that the source names, sorted. Raises SourceError where there are none."""
    pattern = Path(source.path)
    folder = pattern.parent if pattern.is_absolute() else base / pattern.parent
    files = sorted(file for file in folder.glob(pattern.name) if file.is_file())
    if not files:
        raise SourceError(
            f"sources.{source.id}: no file matches {pattern.name!r} in {folder.resolve()}.\n"
            "  Mend: put the file there, or correct `path:`, which counts from the configuration."
        )
    return files


def content_hash(file: Path) -> str:
    """The sha256 of the file's bytes, in hexadecimals."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_event_log(source: EventLogSource, file: Path, key: bytes) -> EventLogBatch:
    """Read one file. Raises SourceError where it, or too large a share of it, is unusable."""
    columns = {role: name for role, name in source.columns.model_dump().items() if name}
    log = _read(source, file, columns)
    checked, quarantine = _set_aside(log, source, columns)
    _refuse_too_many(source, file, log, checked, quarantine)
    frame = _typed(checked, source, key)
    return EventLogBatch(
        events=_events(frame),
        cases=_cases(frame),
        quarantine=quarantine.sort("row_number"),
        owner_statistics=log.owner_statistics,
        findings=_findings(checked),
        rows_read=log.rows_read,
    )


def _read(source: EventLogSource, file: Path, columns: dict[str, str]) -> RawLog:
    name = file.name.lower()
    if name.endswith((".xes", ".xes.gz")):
        return read_xes(file, columns)
    if name.endswith(".csv"):
        return read_csv(file, columns)
    if name.endswith(".xlsx"):
        return read_excel(file, columns, source.sheet)
    if name.endswith(".parquet"):
        return read_parquet(file, columns)
    raise SourceError(
        f"{file.name}: is of no known kind.\n  Mend: use one of {', '.join(SUFFIXES)}."
    )


def _set_aside(
    log: RawLog, source: EventLogSource, columns: dict[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with all they need, instants parsed, and the others with the reason."""
    frame = log.frame.with_columns(
        pl.col(role).cast(pl.String).str.strip_chars().replace("", None)
        for role in columns
        if role not in STAMPS or log.frame.schema[role] == pl.String
    )
    stamps = {r: instants(r, frame.schema[r], source) for r in STAMPS if r in columns}
    placeholders = [value.strip().lower() for value in source.missing_values]
    reasons = []
    for role in NEEDED:
        is_missing = pl.col(role).is_null()
        if role != "occurred_at":
            is_missing |= pl.col(role).str.to_lowercase().is_in(placeholders)
        reasons.append((role, is_missing, f"{role} is missing; without it the row says nothing."))
    for role, parts in stamps.items():
        is_filled = pl.col(role).is_not_null()
        lacks = f"{role} has no offset; set `timezone:` of the source."
        unreadable = f"{role} is no date and time that exists; use ISO 8601, or set `time_format:`."
        reasons.append((role, is_filled & parts["lacks_offset"], lacks))
        reasons.append((role, is_filled & parts["at"].is_null(), unreadable))
    problem = pl.coalesce(
        pl.when(wrong).then(
            pl.struct(column_name=pl.lit(role), reason=pl.lit(reason), shape=shape_of(role))
        )
        for role, wrong, reason in reasons
    )
    judged = frame.with_columns(
        problem.alias("_problem"),
        *(parts["at"].alias(f"_{role}") for role, parts in stamps.items()),
        stamps["occurred_at"]["is_day"].alias("_is_day"),
    )
    bad = judged.filter(pl.col("_problem").is_not_null()).select(
        pl.col("sequence").alias("row_number"), pl.col("_problem").struct.unnest()
    )
    good = judged.filter(pl.col("_problem").is_null()).with_columns(
        pl.col(f"_{role}").alias(role) for role in stamps
    )
    quarantine = pl.concat([log.rejected, bad.select(list(QUARANTINE)).cast(pl.Schema(QUARANTINE))])
    return good, quarantine


def _refuse_too_many(
    source: EventLogSource,
    file: Path,
    log: RawLog,
    good: pl.DataFrame,
    quarantine: pl.DataFrame,
) -> None:
    if log.rows_read == 0:
        raise SourceError(
            f"{file.name}: holds no events, only a header.\n"
            "  Mend: check the period and filters of the export, then export it again."
        )
    if good.height and quarantine.height <= source.max_quarantined_share * log.rows_read:
        return
    top = (
        quarantine.group_by("reason")
        .agg(rows=pl.len(), first=pl.col("row_number").sort().head(3))
        .sort("rows", "reason", descending=[True, False])
        .head(3)
    )
    lines = [
        f"  {row['rows']} rows, such as {', '.join(map(str, row['first']))}: {row['reason']}"
        for row in top.to_dicts()
    ]
    raise SourceError(
        f"{file.name}: {quarantine.height} of {log.rows_read} rows cannot be used, more than the"
        f" {source.max_quarantined_share:.0%} of max_quarantined_share; nothing was loaded.\n"
        + "\n".join(lines)
        + "\n  Mend: correct the mapping or the export, or raise max_quarantined_share."
    )


def _typed(good: pl.DataFrame, source: EventLogSource, key: bytes) -> pl.DataFrame:
    """Every column that the frames need, missing ones as null, persons as pseudonyms."""
    roles = {*EVENT_TEXT, *CASE_TEXT, "actor", "client"}
    absent = [pl.lit(None, pl.String).alias(r) for r in sorted(roles - set(good.columns))]
    absent += [
        pl.lit(None, pl.Datetime("us", "UTC")).alias(r) for r in STAMPS if r not in good.columns
    ]
    frame = good.with_columns(absent)
    placeholders = [value.strip().lower() for value in source.missing_values]
    for column, kind in (("actor", "person"), ("client", "client"), ("case_id", "case")):
        if kind != "case":
            is_known = ~pl.col(column).str.to_lowercase().is_in(placeholders)
            frame = frame.with_columns(pl.when(is_known).then(pl.col(column)).alias(column))
        frame = frame.with_columns(pseudonymise(frame[column], key, kind).alias(column))
    return frame


def _events(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        "sequence",
        "case_id",
        "activity",
        "lifecycle",
        "occurred_at",
        pl.when("_is_day").then(pl.lit("day")).otherwise(pl.lit("exact")).alias("time_quality"),
        "actor",
        "team",
        "organisation",
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


def _findings(good: pl.DataFrame) -> pl.DataFrame:
    days = int(good["_is_day"].sum())
    rows = [("events_with_a_date_alone", days, "")] if days else []
    return pl.DataFrame(rows, schema=FINDINGS, orient="row")
