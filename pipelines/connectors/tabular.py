"""Excel and Parquet: files that know their columns.

What belongs here: from workbook or column file to raw columns. What does not: delimited text
(`csv_file.py`), XES (`xes.py`) and the meaning of the values (`event_log.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from pipelines.connectors.raw_log import (
    RawLog,
    as_text,
    check_columns,
    dates_alone,
    numbered,
    refusal,
    stamps_among,
)

_MIDNIGHT = " 00:00:00"


def read_excel(file: Path, columns: Mapping[str, str], sheet: str | None) -> RawLog:
    """Read the mapped columns of one sheet; the first row of the sheet is the header.

    Cells come as text in one spelling (dates as ISO 8601), since one column may mix types.
    Raises SourceError for a file that is no workbook, a sheet or a column that is not there.
    """
    try:
        book = fastexcel.read_excel(str(file))
    except fastexcel.FastExcelError as error:
        raise refusal(
            file,
            "this is no Excel workbook that can be opened; it may be damaged or have a password.",
            "open it in Excel, remove the password, and save it as .xlsx.",
        ) from error
    if sheet is not None and sheet not in book.sheet_names:
        raise refusal(
            file,
            f"there is no sheet {sheet!r}; the workbook has: {', '.join(book.sheet_names)}.",
            "correct `sheet:` of this source.",
        )
    header: list[str] = []

    def is_wanted(column: Any) -> bool:
        header.append(column.name)
        return column.name in columns.values()

    loaded = book.load_sheet(sheet or 0, dtypes="string", use_columns=is_wanted)
    table = loaded.to_polars()
    check_columns(file, columns, list(dict.fromkeys(header)))
    picked = {role: table[column] for role, column in columns.items()}
    picked |= {role: dates_alone(picked[role], _MIDNIGHT) for role in stamps_among(picked)}
    return RawLog(numbered(picked))


def read_parquet(file: Path, columns: Mapping[str, str]) -> RawLog:
    """Read the mapped columns; dates and datetimes keep their type, all else becomes text.

    Raises SourceError for a file that is no Parquet, and a column that is not there or nested.
    """
    try:
        scan = pl.scan_parquet(file, glob=False)
        check_columns(file, columns, scan.collect_schema().names())
        table = scan.select(list(dict.fromkeys(columns.values()))).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise refusal(
            file,
            "this is no Parquet file that can be read whole; it may be cut short.",
            "copy or export the file again.",
        ) from error
    picked, stamps = {}, stamps_among(columns)
    for role, column in columns.items():
        values = table[column]
        is_typed = role in stamps and values.dtype in (pl.Date, pl.Datetime)
        picked[role] = values if is_typed else as_text(column, values, file)
    return RawLog(numbered(picked))
