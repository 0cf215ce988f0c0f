"""Event logs as a table: CSV, Excel, Parquet.

What belongs here: turning a file into rows of the mapped columns. What does not: meaning of the
columns (`event_log.py`).
"""

from __future__ import annotations

import csv
import difflib
import io
from pathlib import Path

import polars as pl

from pipelines.connectors.raw_log import QUARANTINE, RawLog, SourceError

DELIMITERS = (",", ";", "\t", "|")
_BEYOND = "_beyond_the_header"


def read_csv(file: Path, columns: dict[str, str]) -> RawLog:
    """A CSV in UTF-8 or Windows-1252 with a header line.

    A row with more fields than the header is set aside with its number; one with fewer keeps what
    it has, and fails later if a needed field is missing.
    """
    content = _as_utf8(file)
    header, delimiter = _header(content, file)
    _refuse_missing(file, columns, header)
    try:
        frame = _read(content, delimiter, header)
    except pl.exceptions.NoDataError:
        frame = pl.DataFrame(schema=dict.fromkeys([*header, _BEYOND], pl.String))
    except pl.exceptions.PolarsError as error:
        raise SourceError(
            f"{file.name}: cannot be split into columns ({type(error).__name__}).\n"
            "  Mend: look for a quotation mark that is opened and not closed."
        ) from None
    numbered = frame.with_row_index("sequence", 1)
    is_long = pl.col(_BEYOND).is_not_null()
    rejected = numbered.filter(is_long).select(
        row_number=pl.col("sequence").cast(pl.Int64),
        column_name=pl.lit(None, pl.String),
        shape=pl.lit(""),
        reason=pl.lit(
            f"The row has more fields than the {len(header)} of the header; put values that hold"
            " the delimiter in quotation marks."
        ),
    )
    return RawLog(
        frame=_select(numbered.filter(~is_long), columns),
        rows_read=numbered.height,
        rejected=rejected.cast(pl.Schema(QUARANTINE)),
    )


def _read(content: bytes, delimiter: str, header: list[str]) -> pl.DataFrame:
    return pl.read_csv(
        content,
        separator=delimiter,
        has_header=False,
        skip_rows=1,
        schema=dict.fromkeys([*header, _BEYOND], pl.String),
        truncate_ragged_lines=True,
        missing_columns="insert",
    )


def _as_utf8(file: Path) -> bytes:
    content = file.read_bytes()
    if not content.strip():
        raise SourceError(f"{file.name}: is empty.\n  Mend: export it again.")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").encode()
    return content


def _header(content: bytes, file: Path) -> tuple[list[str], str]:
    """The column names, and the delimiter that splits the first line into the most fields."""
    line = content.split(b"\n", 1)[0].decode("utf-8").strip("\r")
    split = {d: next(csv.reader(io.StringIO(line), delimiter=d)) for d in DELIMITERS}
    delimiter = max(split, key=lambda d: len(split[d]))
    names = [name.strip() for name in split[delimiter]]
    if len(set(names)) != len(names):
        raise SourceError(
            f"{file.name}: a column name stands twice in the header.\n"
            "  Mend: give every column its own name."
        )
    return names, delimiter


def read_excel(file: Path, columns: dict[str, str], sheet: str | None) -> RawLog:
    """One sheet of a workbook, its first row the header."""
    try:
        frame = pl.read_excel(file, sheet_name=sheet, infer_schema_length=None)
    except Exception as error:
        raise SourceError(
            f"{file.name}: cannot be read as an Excel workbook ({error}).\n"
            "  Mend: check `sheet:`, or save the file again as .xlsx."
        ) from None
    return _typed(file, frame, columns)


def read_parquet(file: Path, columns: dict[str, str]) -> RawLog:
    """Only the mapped columns are read."""
    try:
        names = pl.read_parquet_schema(file)
        _refuse_missing(file, columns, list(names))
        frame = pl.read_parquet(file, columns=[c for c in columns.values() if c in names])
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(
            f"{file.name}: is no Parquet file that can be read ({error}).\n"
            "  Mend: write it again; nothing of it was loaded."
        ) from None
    return _typed(file, frame, columns)


def _typed(file: Path, frame: pl.DataFrame, columns: dict[str, str]) -> RawLog:
    _refuse_missing(file, columns, frame.columns)
    return RawLog(_select(frame.with_row_index("sequence", 1), columns), frame.height)


def _select(numbered: pl.DataFrame, columns: dict[str, str]) -> pl.DataFrame:
    return numbered.select(
        pl.col("sequence").cast(pl.Int64), *(pl.col(c).alias(r) for r, c in columns.items())
    )


def _refuse_missing(file: Path, columns: dict[str, str], found: list[str]) -> None:
    for role, name in columns.items():
        if name not in found:
            close = difflib.get_close_matches(name, found, n=1)
            guess = f"did you mean {close[0]!r}? " if close else ""
            raise SourceError(
                f"{file.name}: columns.{role} names {name!r}, which is no column of the file;"
                f" it has: {', '.join(found)}.\n"
                f"  Mend: {guess}correct columns.{role}, or the export."
            )
