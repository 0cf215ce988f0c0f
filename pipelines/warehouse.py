"""The DuckDB warehouse: one file, one writer.

What belongs here: opening the file, the `raw` tables, and putting frames into it, each file of a
source in one transaction. What does not: reading sources (`connectors/`) and meaning
(`transforms/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.arrow import ArrowStream
from pipelines.connectors.files import FileBatch
from pipelines.connectors.kinds import api_tables
from pipelines.errors import PlainError

# Position in the source over all its files: the number of the file, then the row.
ROWS_PER_FILE = 100_000_000_000

_FILES = """
create schema if not exists raw;
create schema if not exists config;
create schema if not exists mined;
create table if not exists mined.alignments (flow_hash varchar, path_hash varchar, moves varchar);
create table if not exists raw.files (
  source varchar, file varchar, file_number bigint, content_hash varchar, mapping_hash varchar,
  rows_read bigint, rows_loaded bigint, rows_quarantined bigint, loaded_at timestamptz
);
create table if not exists raw.events (
  source varchar, file_number bigint, sequence bigint, case_id varchar, activity varchar,
  lifecycle varchar, occurred_at timestamptz, time_quality varchar, actor varchar, team varchar,
  organisation varchar, provenance varchar
);
create table if not exists raw.cases (
  source varchar, file_number bigint, sequence bigint, case_id varchar, case_type varchar,
  client varchar, channel varchar, target_group varchar, result varchar, opened_at timestamptz,
  closed_at timestamptz, planned_end_at timestamptz, legal_end_at timestamptz,
  has_conflicts boolean
);
create table if not exists raw.contacts (
  source varchar, file_number bigint, sequence bigint, contact_id varchar, follows varchar,
  case_id varchar, client varchar, actor varchar, team varchar, channel varchar, topic varchar,
  direction varchar, result varchar, time_quality varchar, handled_s double, satisfaction double,
  contacted_at timestamptz
);
alter table raw.contacts add column if not exists reason varchar;
create table if not exists raw.callbacks (
  source varchar, file_number bigint, sequence bigint, contact_id varchar, team varchar,
  attempts double, promised_at timestamptz, due_at timestamptz, done_at timestamptz
);
create table if not exists raw.quarantine (
  source varchar, file_number bigint, row_number bigint, column_name varchar, shape varchar,
  reason varchar
);
create table if not exists raw.owner_statistics (
  source varchar, file_number bigint, statistic varchar, value varchar
);
create table if not exists raw.findings (
  source varchar, file_number bigint, finding varchar, affected bigint, detail varchar
);
create table if not exists raw.key_held (fingerprint varchar);
create table if not exists raw.erased (tombstone varchar, reason varchar);
create table if not exists raw.removals (
  removed_at timestamptz, reason varchar, command varchar, source varchar, what varchar,
  removed bigint
);
"""

_API_PULLS = """
create table if not exists raw.api_pulls (
  source varchar, began_at timestamptz, cadence varchar, is_whole boolean,
  key_fingerprint varchar, rows_read bigint, rows_kept bigint, rows_refused bigint,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
"""

RAW = _FILES + _API_PULLS + "".join(table.ddl for table in api_tables())

# What files give; `take` and `_forget` keep them per file.
RAW_TABLES = (
    "files",
    "events",
    "cases",
    "contacts",
    "callbacks",
    "quarantine",
    "owner_statistics",
    "findings",
)


class WarehouseBusyError(PlainError):
    """Another process writes the warehouse."""


@contextmanager
def open_warehouse(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A writing connection with instants in UTC; closed, and so checkpointed, at the end.

    Raises WarehouseBusyError where another process holds the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(file)
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        raise WarehouseBusyError(
            f"{file} is in use by another run.\n  Mend: wait until it ends, then run again."
        ) from None
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(RAW)
        _add_new_columns(connection)
        yield connection
    finally:
        connection.close()


def _add_new_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring a warehouse of an earlier version up to date, and what the loader noted of it."""
    known = connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'raw'"
    ).fetchall()
    tables = [(table, name) for table in api_tables() for name in table.columns]
    missing = [(table, name) for table, name in tables if (table.name, name) not in known]
    for table, name in missing:
        connection.execute(table.adding(name))
    if missing and ("_dlt_version", "schema") in known:
        connection.execute("delete from raw._dlt_version")


@dataclass(frozen=True)
class SourceFile:
    """One file of a source, with the hashes that say whether it must be taken again."""

    source: str
    name: str
    content_hash: str
    mapping_hash: str


def is_taken(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> bool:
    """Whether this content was already read with this mapping."""
    found = connection.execute(
        "select 1 from raw.files where source = ? and file = ? and content_hash = ?"
        " and mapping_hash = ?",
        [file.source, file.name, file.content_hash, file.mapping_hash],
    )
    return found.fetchone() is not None


def take(connection: duckdb.DuckDBPyConnection, file: SourceFile, batch: FileBatch) -> None:
    """Put one file's rows in `raw` in one transaction, in place of what it gave before."""
    with transaction(connection):
        number = _file_number(connection, file)
        _forget(connection, file.source, number)
        key = {"source": pl.lit(file.source), "file_number": pl.lit(number, pl.Int64)}
        position = pl.col("sequence") + number * ROWS_PER_FILE
        frames = {
            **{
                table: frame.with_columns(**key, sequence=position)
                for table, frame in batch.tables.items()
            },
            "quarantine": batch.quarantine.with_columns(**key),
            "owner_statistics": batch.owner_statistics.with_columns(**key),
            "findings": batch.findings.with_columns(**key),
        }
        for table, frame in frames.items():
            append(connection, f"raw.{table}", frame)
        connection.execute(
            "insert into raw.files values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                file.source,
                file.name,
                number,
                file.content_hash,
                file.mapping_hash,
                batch.rows_read,
                batch.rows_kept,
                batch.rows_read - batch.rows_kept,
                datetime.now(UTC),
            ],
        )


def forget_other_files(
    connection: duckdb.DuckDBPyConnection, source: str, names: list[str]
) -> list[str]:
    """Drop what files gave that the source no longer names; returns those file names."""
    rows = connection.execute(
        "select file, file_number from raw.files where source = ? and file not in"
        " (select unnest(?::varchar[])) order by file_number",
        [source, names],
    ).fetchall()
    with transaction(connection):
        for _, number in rows:
            _forget(connection, source, number)
    return [name for name, _ in rows]


def replace_tables(
    connection: duckdb.DuckDBPyConnection, schema: str, frames: Mapping[str, pl.DataFrame]
) -> None:
    """Make the tables of `schema` anew from frames, all in one transaction."""
    with transaction(connection):
        for name, frame in frames.items():
            view = f"arriving_{name}"
            connection.register(view, ArrowStream(frame))
            connection.execute(f"create or replace table {schema}.{name} as from {view}")
            connection.unregister(view)


def append(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Add a frame's rows to a table, columns matched by name."""
    if frame.is_empty():
        return
    connection.register("arriving", ArrowStream(frame))
    connection.execute(f"insert into {table} by name from arriving")
    connection.unregister("arriving")


def read(connection: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """A result as a frame."""
    return pl.DataFrame(ArrowStream(connection.sql(query)))


def _file_number(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> int:
    """The number that this file had before, else the next one."""
    row: Any = connection.execute(
        "select coalesce(max(file_number) filter (where file = ?),"
        " coalesce(max(file_number), 0) + 1) from raw.files where source = ?",
        [file.name, file.source],
    ).fetchone()
    return int(row[0])


def _forget(connection: duckdb.DuckDBPyConnection, source: str, number: int) -> None:
    for table in RAW_TABLES:
        connection.execute(
            f"delete from raw.{table} where source = ? and file_number = ?",  # noqa: S608
            [source, number],
        )


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
