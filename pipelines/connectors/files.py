"""Files as sources: which there are, how each is opened, and what one gives.

What belongs here: choosing the reader, refusing a file that is of no use. What does not: the
meaning of the values (`event_log.py`, `contact_export.py`) and the warehouse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.connectors.csv_file import read_csv
from pipelines.connectors.ocel import OCEL
from pipelines.connectors.raw_log import (
    FINDINGS,
    OWNER_STATISTICS,
    QUARANTINE,
    RawLog,
    SourceError,
    refusal,
)
from pipelines.connectors.tabular import read_excel, read_parquet
from pipelines.connectors.xes import read_xes
from pipelines.sources import FileSource, RowSource

XES, CSV, EXCEL = (".xes", ".xes.gz"), (".csv", ".txt", ".tsv"), (".xlsx", ".xlsm", ".xls", ".ods")
SUFFIXES = (*XES, *CSV, *EXCEL, ".parquet", *OCEL)


@dataclass(frozen=True)
class FileBatch:
    """One file's rows, by the table of `raw` that they go to, in order of `sequence`; `quarantine`
    says which rows were set aside and why; every row read is kept or set aside."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    rows_read: int = 0
    rows_kept: int = 0
    quarantine: pl.DataFrame = field(default_factory=QUARANTINE.to_frame)
    owner_statistics: pl.DataFrame = field(default_factory=OWNER_STATISTICS.to_frame)
    findings: pl.DataFrame = field(default_factory=FINDINGS.to_frame)


def repeated_file() -> FileBatch:
    """What a file gives whose bytes another file of the source gave already: a finding alone."""
    repeat = pl.DataFrame([("files_given_twice", 1, "")], schema=FINDINGS, orient="row")
    return FileBatch(findings=repeat)


def matching_files(source: FileSource, base: Path) -> list[Path]:
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


def read_file(source: FileSource, file: Path) -> RawLog:
    """The mapped columns of a file, by the ending of its name."""
    name, columns = file.name.lower(), source.mapped()
    if name.endswith(XES):
        return read_xes(file, columns)
    if name.endswith(CSV):
        return read_csv(file, columns)
    if name.endswith(EXCEL):
        return read_excel(file, columns, source.sheet)
    if name.endswith(".parquet"):
        return read_parquet(file, columns)
    if name.endswith(OCEL):
        what = "is read as OCEL, which holds events and no other rows."
        raise refusal(file, what, "export a table: CSV, Excel or Parquet.")
    if name.endswith(".gz"):
        raise refusal(
            file, "is packed; only XES is read so.", "unpack it with gunzip, and name the result."
        )
    raise refusal(file, "is of no known kind.", f"use one of {', '.join(SUFFIXES)}.")


def refuse_too_many(
    source: RowSource, name: str, log: RawLog, good: pl.DataFrame, quarantine: pl.DataFrame
) -> None:
    """Raise SourceError where `name`, a file or a query, has no rows or too few that are good."""
    if log.rows_read == 0:
        raise SourceError(
            f"{name}: holds no rows.\n  Mend: check the period and filters of the export, then"
            " export it again."
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
        f"{name}: {quarantine.height} of {log.rows_read} rows cannot be used, more than the"
        f" {source.max_quarantined_share:.0%} of max_quarantined_share; nothing was loaded.\n"
        + "\n".join(lines)
        + "\n  Mend: correct the mapping or the export, or raise max_quarantined_share."
    )
