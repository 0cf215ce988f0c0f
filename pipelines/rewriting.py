"""Files in which nothing of what was deleted is left: in a database its bytes stay until then.

What belongs here: rewriting the warehouse and the databases beside it, and looking for pseudonyms
in every file of a home. What does not: which rows go (`removing.py`). Whoever calls this holds the
home (`single_run.py`), and no connection to the warehouse.
"""

from __future__ import annotations

import mmap
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl

from pipelines.disk import flush, flush_alone, quoted
from pipelines.engines.exchange import let_go
from pipelines.warehouse import WITHOUT_RUN_LENGTHS, log_of

_DUE = "rewrite.due"
_SQLITE = b"SQLite format 3"
_DERIVED = (
    "select table_schema, table_name from information_schema.tables"
    " where table_catalog = current_database() and table_schema in ('core', 'mart')"
    " and table_type = 'BASE TABLE'"
)
_TEXT_COLUMNS = (
    "select table_schema, table_name, column_name from information_schema.columns"
    " where table_catalog = current_database() and data_type like 'VARCHAR%'"
)


def rewriting_is_due(warehouse: Path) -> None:
    """Note, before rows go, that the file is to be rewritten; a killed process leaves the note."""
    warehouse.with_name(_DUE).touch()


def rewrite_if_due(warehouse: Path) -> bool:
    """Put a copy of the warehouse that holds its rows alone in its place; whether it was due.

    What is made of `raw` is made anew by the next run, so until then it is empty.
    """
    note = warehouse.with_name(_DUE)
    if not note.exists():
        return False
    fresh = warehouse.with_name("rewritten.duckdb")
    for left in (fresh, log_of(fresh)):
        left.unlink(missing_ok=True)
    with duckdb.connect(warehouse) as connection:
        for schema, table in connection.execute(_DERIVED).fetchall():
            connection.execute(f'truncate "{schema}"."{table}"')
        let_go(connection, warehouse.parent)
        [(name,)] = connection.execute("select current_database()").fetchall()
        connection.execute(WITHOUT_RUN_LENGTHS)
        connection.execute(f"attach {quoted(fresh)} as fresh")
        connection.execute(f'copy from database "{name}" to fresh')
        connection.execute("checkpoint fresh")  # letting go of it would be silent where it cannot
        connection.execute("detach fresh")
    flush(fresh)
    fresh.replace(warehouse)
    log_of(warehouse).unlink(missing_ok=True)
    note.unlink()
    flush_alone(warehouse.parent)
    return True


def scrub(folder: Path, ids: Collection[str]) -> int:
    """Take pseudonyms out of what a program of someone else wrote below `folder`, such as Dagster's
    record of failed tests; how many files held any."""
    pattern = re.compile("|".join(sorted(ids)).encode()) if ids else None
    hit = 0
    for file in sorted(folder.rglob("*")) if pattern else ():
        if not file.is_file() or file.name.endswith(("-wal", "-shm", "-journal")):
            continue
        if _starts_as_sqlite(file):
            hit += _scrub_sqlite(file, pattern)
        elif pattern and pattern.search(content := file.read_bytes()):
            file.write_bytes(pattern.sub(lambda found: b"0" * len(found[0]), content))
            hit += 1
    return hit


def compact(connection: sqlite3.Connection) -> None:
    """Let a SQLite database, and its log, hold its rows alone."""
    connection.execute("vacuum")
    connection.execute("pragma wal_checkpoint(truncate)")


def files_with(home: Path, ids: Collection[str]) -> list[Path]:
    """The files of a home in which a pseudonym stands: in their bytes, or in the rows of those that
    are packed."""
    if not ids:
        return []
    pattern = "|".join(sorted(ids))
    files = [file for file in sorted(home.rglob("*")) if file.is_file()]
    return [file for file in files if _holds(file, pattern)]


def _holds(file: Path, pattern: str) -> bool:
    if _bytes_hold(file, pattern.encode()):
        return True
    if file.suffix == ".parquet":
        texts = pl.read_parquet(file).select(pl.col(pl.String)).iter_columns()
        return any(text.str.contains(pattern).any() for text in texts)
    return file.suffix == ".duckdb" and any(_tables_with(file, pattern))


def _bytes_hold(file: Path, pattern: bytes) -> bool:
    """Whether a pattern stands in a file, of whatever size."""
    if not file.stat().st_size:
        return False
    with (
        file.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return re.search(pattern, content) is not None


def _tables_with(file: Path, pattern: str) -> Iterator[str]:
    with duckdb.connect(file, read_only=True) as connection:
        for schema, table, column in connection.execute(_TEXT_COLUMNS).fetchall():
            found = connection.execute(
                f'select 1 from "{schema}"."{table}"'  # noqa: S608
                f' where regexp_matches(cast("{column}" as varchar), ?) limit 1',
                [pattern],
            )
            if found.fetchall():
                yield f"{schema}.{table}"


def _scrub_sqlite(file: Path, pattern: re.Pattern[bytes] | None) -> bool:
    said = re.compile(pattern.pattern.decode()) if pattern else re.compile(r"(?!)")
    is_hit = False
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        for (table,) in tables.fetchall():
            for rowid, *values in connection.execute(f'select rowid, * from "{table}"').fetchall():  # noqa: S608
                names = [row[1] for row in connection.execute(f'pragma table_info("{table}")')]
                for name, value in zip(names, values, strict=True):
                    if isinstance(value, str) and said.search(value):
                        is_hit = True
                        connection.execute(
                            f'update "{table}" set "{name}" = ? where rowid = ?',  # noqa: S608
                            [said.sub("erased", value), rowid],
                        )
        if is_hit:
            compact(connection)
    return is_hit


def _starts_as_sqlite(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(_SQLITE)) == _SQLITE
