"""The event-log connector: XES, CSV, Excel and Parquet become typed, pseudonymous rows.

What belongs here: choosing the reader, checking and hashing the mapped columns, setting unusable
rows aside. What does not: placeholders of units (SQL, from the configuration) and the warehouse.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.connectors.csv_file import read_csv
from pipelines.connectors.event_rows import is_placeholder, judge
from pipelines.connectors.raw_log import FINDINGS, STAMPS, RawLog, SourceError, refusal
from pipelines.connectors.tabular import read_excel, read_parquet
from pipelines.connectors.xes import read_xes
from pipelines.sources import EventLogSource
from transforms.privacy import pseudonymise

__all__ = [
    "EventLogBatch",
    "SourceError",
    "content_hash",
    "matching_files",
    "read_event_log",
    "repeated_file",
]

# Raised whenever reading changes, so that files taken before are read again.
READER_VERSION = 2
XES, CSV, EXCEL = (".xes", ".xes.gz"), (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm", ".xls", ".ods")
SUFFIXES = (*XES, *CSV, *EXCEL, ".parquet")
EVENT_TEXT = ("lifecycle", "team", "organisation")
CASE_TEXT = ("case_type", "channel", "target_group", "result")
INSTANT = pl.Datetime("us", "UTC")


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


def repeated_file() -> EventLogBatch:
    """What a file gives whose bytes another file of the source gave already: a finding alone."""
    nothing = pl.DataFrame(schema={"sequence": pl.Int64})
    repeat = pl.DataFrame([("files_given_twice", 1, "")], schema=FINDINGS, orient="row")
    return EventLogBatch(nothing, nothing, nothing, nothing, repeat, 0)


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
    good, quarantine, findings = judge(log, source)
    _refuse_too_many(source, file, log, good, quarantine)
    frame = _typed(good, source, key)
    return EventLogBatch(
        events=_events(frame),
        cases=_cases(frame),
        quarantine=quarantine,
        owner_statistics=log.owner_statistics,
        findings=findings,
        rows_read=log.rows_read,
    )


def _read(source: EventLogSource, file: Path, columns: dict[str, str]) -> RawLog:
    name = file.name.lower()
    if name.endswith(XES):
        return read_xes(file, columns)
    if name.endswith(CSV):
        return read_csv(file, columns)
    if name.endswith(EXCEL):
        return read_excel(file, columns, source.sheet)
    if name.endswith(".parquet"):
        return read_parquet(file, columns)
    if name.endswith(".gz"):
        raise refusal(
            file, "is packed; only XES is read so.", "unpack it with gunzip, and name the result."
        )
    raise refusal(file, "is of no known kind.", f"use one of {', '.join(SUFFIXES)}.")


def _refuse_too_many(
    source: EventLogSource,
    file: Path,
    log: RawLog,
    good: pl.DataFrame,
    quarantine: pl.DataFrame,
) -> None:
    if log.rows_read == 0:
        raise refusal(
            file,
            "holds no events, only a header.",
            "check the period and filters of the export, then export it again.",
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
