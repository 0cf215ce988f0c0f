"""Files: any table of a view as CSV, and its map as SVG. The filters are those of the address.

A row repeats which run, view and definition it is of, because a figure without them is no evidence.
"""

import csv
import io
from collections.abc import Mapping

from dashboards.views import Cell, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(table: Table, about: Mapping[str, str]) -> str:
    """The table as CSV: published numbers as they are, else the words of the cell."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow([*map(_harmless, table.head), *about])
    for row in table.rows:
        rows.writerow([*map(_value, row), *map(_harmless, about.values())])
    return written.getvalue()


def _value(cell: Cell) -> str:
    return _harmless(cell.words) if cell.raw is None else f"{cell.raw:.15g}"


def _harmless(words: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{words}" if words.startswith(_FORMULA) else words
