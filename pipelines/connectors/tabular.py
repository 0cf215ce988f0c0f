"""Excel and Parquet: files that know their columns.

What belongs here: from workbook or column file to raw columns. What does not: delimited text
(`csv_file.py`), XES (`xes.py`) and the meaning of the values (`event_rows.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from pipelines.connectors.raw import STAMPS, RawLog, as_text, check_columns, refusal

_MIDNIGHT = " 00:00:00"


def read_excel(file: Path, mapped: Mapping[str, str], sheet: str | None) -> RawLog:
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
        return column.name in mapped.values()

    loaded = book.load_sheet(sheet or 0, dtypes="string", use_columns=is_wanted)
    table = loaded.to_polars()
    columns = tuple(dict.fromkeys(header))
    check_columns(file, mapped, columns)
    picked = {key: table[column] for key, column in mapped.items()}
    days = [key for key in STAMPS if key in picked and _is_all_midnight(picked[key])]
    picked |= {key: picked[key].str.strip_suffix(_MIDNIGHT) for key in days}
    return RawLog(f"Excel, sheet {loaded.name!r}", columns, _numbered(picked))


def _is_all_midnight(values: pl.Series) -> bool:
    """Excel has no dates without a time: a column of midnights is a column of dates."""
    return bool(values.drop_nulls().str.ends_with(_MIDNIGHT).all())


def read_parquet(file: Path, mapped: Mapping[str, str]) -> RawLog:
    """Read the mapped columns; dates and datetimes keep their type, all else becomes text.

    Raises SourceError for a file that is no Parquet, and a column that is not there or nested.
    """
    try:
        scan = pl.scan_parquet(file, glob=False)
        columns = tuple(scan.collect_schema().names())
        check_columns(file, mapped, columns)
        table = scan.select(dict.fromkeys(mapped.values())).collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise refusal(
            file,
            "this is no Parquet file that can be read whole; it may be cut short.",
            "copy or export the file again.",
        ) from error
    picked = {}
    for key, column in mapped.items():
        values = table[column]
        is_typed = key in STAMPS and values.dtype in (pl.Date, pl.Datetime)
        picked[key] = values if is_typed else as_text(column, values, file)
    return RawLog("Parquet", columns, _numbered(picked))


def _numbered(picked: Mapping[str, pl.Series]) -> pl.DataFrame:
    table = pl.DataFrame([values.alias(key) for key, values in picked.items()])
    return table.select(pl.int_range(1, pl.len() + 1).alias("row"), pl.all())
