"""The DuckDB warehouse: one file, one writer.

What belongs here: opening the file, and putting frames into it, each file of a source in one
transaction. What does not: the tables of `raw` (`raw_tables.py`), reading sources (`connectors/`),
meaning (`transforms/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipelines.arrow import ArrowStream
from pipelines.connectors.files import FileBatch
from pipelines.errors import PlainError
from pipelines.migrations import bring_up_to_date
from pipelines.mishaps import DamagedWarehouseError, told_plainly
from pipelines.transactions import transaction

# Position in the source over all its files: the number of the file, then the row.
ROWS_PER_FILE = 100_000_000_000

# Trying run lengths on every column saves two hundredths of the disk for a sixth of the time that
# writing `core.steps` takes: 847 MB for 830, at ten million events (`benchmarks/scaling.py`).
WITHOUT_RUN_LENGTHS = "set disabled_compression_methods = 'rle'"

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

    Raises WarehouseBusyError where another process holds the file, NewerWarehouseError where a
    later version wrote it, and what `mishaps.py` tells of damage and full disks, also of those that
    show while it is open.
    """
    with told_plainly(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _create(file)
        connection = connected(file)
        try:
            bring_up_to_date(connection, str(file))
            yield connection
        finally:
            connection.close()


def _create(file: Path) -> None:
    """A new warehouse, which has its name once it is whole: a killed run leaves none cut off."""
    if log_of(file).exists():
        raise DamagedWarehouseError(
            f"{file} is gone, and {log_of(file).name}, which is nothing without it, is there.\n"
            "  Mend: put the file back, or restore a backup: `hartslag restore BACKUP --home NEW`."
        )
    partial = file.with_name(f".partial-{file.name}")
    for left in (partial, log_of(partial)):
        left.unlink(missing_ok=True)
    with connected(partial) as connection:
        bring_up_to_date(connection, str(file))
        connection.execute("checkpoint")  # closing would do so too, and be silent where it cannot
    partial.replace(file)


def connected(file: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection as it is, with instants in UTC. Raises WarehouseBusyError."""
    try:
        connection = duckdb.connect(file, read_only=read_only)
    except duckdb.IOException as error:
        if "set lock on file" not in str(error):
            raise
        raise WarehouseBusyError(
            f"{file} is in use by another process.\n  Mend: wait until it ends, then run again."
        ) from None
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(WITHOUT_RUN_LENGTHS)
    return connection


def log_of(file: Path) -> Path:
    """Where DuckDB keeps what is committed and not yet in the file."""
    return file.with_name(f"{file.name}.wal")


def note_key(connection: duckdb.DuckDBPyConnection, key_fingerprint: str) -> None:
    """Keep which pseudonym key is used from now on, where it is another than before."""
    if last_key(connection) != key_fingerprint:
        connection.execute("insert into meta.pseudonym_keys values (?, now())", [key_fingerprint])


def last_key(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The fingerprint of the key that the pseudonyms were made with, where it is known."""
    found = connection.execute(
        "select key_fingerprint from meta.pseudonym_keys order by first_used_at desc limit 1"
    ).fetchall()
    return str(found[0][0]) if found else None


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
    return bool(found.fetchall())


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
    [(number,)] = connection.execute(
        "select coalesce(max(file_number) filter (where file = ?),"
        " coalesce(max(file_number), 0) + 1) from raw.files where source = ?",
        [file.name, file.source],
    ).fetchall()
    return int(number)


def _forget(connection: duckdb.DuckDBPyConnection, source: str, number: int) -> None:
    for table in RAW_TABLES:
        connection.execute(
            f"delete from raw.{table} where source = ? and file_number = ?",  # noqa: S608
            [source, number],
        )
