"""From pages of rows to Parquet files, and to the query by which the loader takes them.

What belongs here: the files, and what the loader must know of their columns. What does not: which
rows they are (`connectors/`), and when they count (`pull.py`). Rows given to dlt one by one would
be written, read and looked at three times over, and would reach DuckDB as JSON, of which it reads
the types from the first rows of a file alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from pipelines.connectors.api_tables import ApiTable
from pipelines.connectors.records import Row
from pipelines.disk import quoted

ROWS_PER_FILE = 25_000
VERSION = "_dlt_id"
_POLARS: dict[str, Any] = {
    "text": pl.String,
    "bigint": pl.Int64,
    "bool": pl.Boolean,
    "date": pl.Date,
    "timestamp": pl.Datetime("us", "UTC"),
}


def columns_of(table: ApiTable) -> dict[str, str]:
    """Each column that the files of a table have, and its type."""
    return {"source": "text", **table.columns, VERSION: "text"}


def version_column(table: ApiTable) -> Any:
    """What the loader's schema must know beforehand: it takes no type for this column otherwise."""
    column = {"name": VERSION, "data_type": "text", "nullable": False}
    return {"name": table.name, "columns": {VERSION: column}}


def landed(table: ApiTable, source: str, pages: Iterable[list[Row]], folder: Path) -> Iterator[Any]:
    """Writes the rows of one list to files in `folder`, holding ROWS_PER_FILE and a page at most;
    yields what the loader needs to take them, and nothing where there are none."""
    import dlt

    number, rows = 0, 0
    for number, frame in enumerate(_gathered(_frame(table, source, page) for page in pages), 1):
        frame.write_parquet(folder / f"{table.name}-{number}.parquet")
        rows += frame.height
    if number:
        query, files = folder / f"{table.name}.model", folder / f"{table.name}-*.parquet"
        columns = ", ".join(f'"{name}"' for name in columns_of(table))
        query.write_text(
            f"dialect: duckdb\nselect {columns} from read_parquet({quoted(files)})\n",
            encoding="utf-8",
        )
        yield dlt.mark.with_file_import(str(query), "model", rows)


def _frame(table: ApiTable, source: str, rows: list[Row]) -> pl.DataFrame:
    nothing = dict.fromkeys(table.columns)
    whole = [{"source": source, **nothing, **row} for row in rows]
    for row in whole:
        row[VERSION] = version_of(row)
    return pl.DataFrame(whole, {name: _POLARS[kind] for name, kind in columns_of(table).items()})


def version_of(row: Row) -> str:
    """What the loader tells versions apart by: another value in any column, another version."""
    content = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _gathered(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same rows in fewer frames."""
    held: list[pl.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(part.height for part in held) >= ROWS_PER_FILE:
            yield pl.concat(held)
            held = []
    if held:
        yield pl.concat(held)
