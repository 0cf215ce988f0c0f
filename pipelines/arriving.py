"""What arrives loses what was removed before, while it is not yet in the warehouse.

What belongs here: the scratch copy of `raw` in which arriving rows are swept. What does not: what
is swept (`tombstones.py`), reading (`load.py`, `pull.py`). The copy follows the same rules as the
warehouse, so a new case of an erased resident does not come in either. What only several arrivals
together tell is swept from the warehouse afterwards (`keeping.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from pipelines.connectors.api_tables import ApiTable
from pipelines.connectors.files import FileBatch
from pipelines.connectors.kinds import api_tables
from pipelines.landing import columns_of
from pipelines.raw_tables import RAW
from pipelines.tombstones import has_any, sweep
from pipelines.warehouse import append, read


def without_erased(
    connection: duckdb.DuckDBPyConnection, source: str, batch: FileBatch, key: bytes
) -> FileBatch:
    """The rows of a file that may come in."""
    if not has_any(connection):
        return batch
    with _scratch(connection) as scratch:
        for table, frame in batch.tables.items():
            append(scratch, f"raw.{table}", frame.with_columns(source=pl.lit(source)))
        if not _swept(scratch, connection, key):
            return batch
        tables = {
            table: read(
                scratch,
                f"select {', '.join(frame.columns)} from raw.{table}"  # noqa: S608
                " order by sequence",
            ).cast(frame.schema)
            for table, frame in batch.tables.items()
        }
    return replace(batch, tables=tables)


def sift_landed(connection: duckdb.DuckDBPyConnection, folder: Path, key: bytes) -> None:
    """Rewrite the files of a pull that hold rows which may not come in."""
    if not has_any(connection):
        return
    with _scratch(connection) as scratch:
        landed = [(table, files) for table in api_tables() if (files := _files(folder, table))]
        for table, files in landed:
            scratch.execute(
                f"insert into raw.{table.name} by name select *, '' as _dlt_load_id"  # noqa: S608
                " from read_parquet(?)",
                [[str(file) for file in files]],
            )
        if not _swept(scratch, connection, key):
            return
        for table, files in landed:
            columns = ", ".join(f'"{name}"' for name in columns_of(table))
            kept = read(scratch, f"select {columns} from raw.{table.name}")  # noqa: S608
            for file in files:
                file.unlink()
            kept.write_parquet(files[0])


def _files(folder: Path, table: ApiTable) -> list[Path]:
    return sorted(folder.glob(f"{table.name}-*.parquet"))


@contextmanager
def _scratch(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of `raw` in memory, empty but for the tombstones."""
    with duckdb.connect() as scratch:
        scratch.execute("set TimeZone = 'UTC'")
        scratch.execute(RAW)
        append(scratch, "raw.erased", read(connection, "from raw.erased"))
        yield scratch


def _swept(
    scratch: duckdb.DuckDBPyConnection, connection: duckdb.DuckDBPyConnection, key: bytes
) -> bool:
    """Sweep the copy; tombstones that this gave are kept. Whether anything went."""
    gone = sweep(scratch, key)
    stones, known = (read(each, "from raw.erased") for each in (scratch, connection))
    append(connection, "raw.erased", stones.join(known, on=stones.columns, how="anti"))
    return bool(gone)
