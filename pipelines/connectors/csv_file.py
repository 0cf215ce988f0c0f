"""CSV files: any of four delimiters, UTF-8 or Windows-1252, broken rows set aside one by one.

What belongs here: from bytes to text columns with the right row number. What does not: the
meaning of the values (`event_log.py`).

DuckDB splits the text. Its row numbers are those of the records in the file, so a file with blank
lines, mixed line ends or bytes that are not UTF-8 is first copied, in memory, to plain UTF-8 text
with as many records.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.arrow import ArrowStream
from pipelines.connectors.raw_log import (
    QUARANTINE,
    RawLog,
    check_columns,
    findings,
    memory_file,
    refusal,
    shape_of,
)

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_UNCLOSED = "\N{REPLACEMENT CHARACTER}unclosed quotation mark"  # stands in for such a line
_LONGEST_RECORD_LINES = 1000
_BLOCK = 1 << 24
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_QUOTES = "A quotation mark in the row is not closed, or not doubled inside a quoted text."


def read_csv(file: Path, columns: Mapping[str, str]) -> RawLog:
    """Read the mapped columns as text; rows that cannot be split become rejects.

    Raises SourceError where a column is missing or the file is no delimited text.
    """
    notes: Counter[str] = Counter()
    with ExitStack() as stack:
        path = str(file)
        if not _is_plain(file):
            path = stack.enter_context(_copy(_lines(file, notes)))
        header, delimiter = _header(file, path)
        check_columns(file, columns, header)
        rows, rejects = _split(file, path, header, delimiter, columns)
        if rejects["csv_line"].str.contains("\n").any():
            unclosed = _unclosed_lines(path, len(header), delimiter)
            path = stack.enter_context(_copy(_lines(file, Counter()), unclosed))
            rows, rejects = _split(file, path, header, delimiter, columns)
    return RawLog(
        frame=rows,
        rejected=_reasons(rejects, DELIMITERS[delimiter]),
        findings=findings(("lines_read_as_windows_1252", notes["windows_1252"], "")),
    )


def _is_plain(file: Path) -> bool:
    """UTF-8 with one kind of line end and no blank line: DuckDB may read the file itself."""
    if any(character in str(file) for character in "*?["):
        return False  # DuckDB would take the name for a pattern
    feeds = windows = returns = 0
    with file.open("rb") as handle:
        while lines := handle.readlines(_BLOCK):
            block = b"".join(lines)
            if b"\n" in lines or b"\r\n" in lines:
                return False
            feeds += block.count(b"\n")
            windows += block.count(b"\r\n")
            returns += block.count(b"\r")
            try:
                block.decode("utf-8")
            except UnicodeDecodeError:
                return False
    return returns == windows and windows in (0, feeds)


def _lines(file: Path, notes: Counter[str]) -> Iterator[str]:
    """The lines as text without their ends, from the header on; `notes` counts the encodings."""
    return itertools.dropwhile(lambda line: not line.strip(), _all_lines(file, notes))


def _all_lines(file: Path, notes: Counter[str]) -> Iterator[str]:
    with file.open("rb") as handle:
        if handle.read(2) in _UTF16_MARKS:
            notes["utf_16"] = 1
            with file.open(encoding="utf-16", newline=None) as text:
                yield from (line.rstrip("\n") for line in text)
            return
        handle.seek(0)
        for line in itertools.chain.from_iterable(block.splitlines() for block in handle):
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                notes["windows_1252"] += 1
                yield line.decode("cp1252", errors="replace")


@contextmanager
def _copy(lines: Iterator[str], unclosed: frozenset[int] = frozenset()) -> Iterator[str]:
    """Path of plain text with a record for each; a blank line becomes a space, to be counted."""
    with memory_file() as (handle, path):
        handle.writelines(
            (_UNCLOSED if number in unclosed else line or " ").encode() + b"\n"
            for number, line in enumerate(lines)
        )
        handle.flush()
        yield path


def _header(file: Path, path: str) -> tuple[list[str], str]:
    """(column names, delimiter): the delimiter that gives the most columns."""
    headers = {}
    for delimiter in DELIMITERS:
        with open(path, encoding="utf-8-sig", newline="") as text:  # noqa: PTH123
            try:
                first = next(csv.reader(text, delimiter=delimiter), [])
            except (csv.Error, UnicodeDecodeError) as error:
                raise _no_text(file) from error
        headers[delimiter] = [name.strip() for name in first]
    if not any(any(names) for names in headers.values()):
        raise refusal(file, "is empty.", "export it again.")
    chosen = max(headers, key=lambda delimiter: len(headers[delimiter]))
    return headers[chosen], chosen


def _no_text(file: Path) -> Exception:
    return refusal(
        file,
        "the file cannot be read as delimited text.",
        "open it in a text editor to see what it is, and export it again as CSV in UTF-8.",
    )


def _split(
    file: Path, path: str, header: list[str], delimiter: str, columns: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows with `sequence` and roles, rejects with row_number, error_type, csv_line)."""
    names = {key: f"c{header.index(column)}" for key, column in columns.items()}
    with duckdb.connect(config={"temp_directory": ""}) as connection:
        try:
            relation = connection.read_csv(
                path,
                header=True,
                sep=delimiter,
                quotechar='"',
                escapechar='"',
                auto_detect=False,
                columns={f"c{position}": "VARCHAR" for position in range(len(header))},
                store_rejects=True,
                rejects_limit=0,
                strict_mode=True,
            )
            table = pl.DataFrame(ArrowStream(relation.select(*sorted(set(names.values())))))
            rejects = pl.DataFrame(
                ArrowStream(
                    connection.sql(
                        "SELECT line - 1 AS row_number, first(error_type)::VARCHAR AS error_type,"
                        " first(csv_line) AS csv_line FROM reject_errors"
                        " GROUP BY line ORDER BY line"
                    )
                )
            )
        except duckdb.Error as error:
            raise _no_text(file) from error
    rejects = rejects.with_columns(pl.col("row_number").cast(pl.Int64))
    numbers = pl.int_range(1, table.height + rejects.height + 1, eager=True).alias("sequence")
    numbers = numbers.filter(~numbers.is_in(rejects["row_number"].implode()))
    picked = [table[name].alias(key) for key, name in names.items()]
    return pl.DataFrame([numbers, *picked]), rejects


def _unclosed_lines(path: str, width: int, delimiter: str) -> frozenset[int]:
    """Lines (from 0) whose quotation mark stays open, so that it would swallow the next rows.

    A line with an odd number of quotation marks opens a record of several lines, if up to the
    next such line it makes one record of the right width; else its own mark is the mistake.
    """
    lines = pl.read_lines(path)["line"]
    odd = (lines.str.count_matches('"', literal=True) % 2 == 1).arg_true().to_list()
    unclosed, position = set(), 0
    while position < len(odd):
        start, end = odd[position], odd[min(position + 1, len(odd) - 1)]
        if start < end and _is_record(lines, start, end, width, delimiter):
            position += 2
        else:
            unclosed.add(start)
            position += 1
    return frozenset(unclosed)


def _is_record(lines: pl.Series, start: int, end: int, width: int, delimiter: str) -> bool:
    if end - start > _LONGEST_RECORD_LINES:
        return False
    text = [f"{line}\n" for line in lines[start : end + 1]]
    try:
        records = list(csv.reader(text, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return len(records) == 1 and len(records[0]) == width


def _reasons(rejects: pl.DataFrame, delimiter: str) -> pl.DataFrame:
    """Rejects as quarantine; lines without any content are no rows and are left out."""
    text = pl.col("csv_line").str.strip_chars()
    reasons = {
        "MISSING COLUMNS": "The row has fewer fields than the header. Export it again; a line"
        " break inside a text needs quotation marks around the text.",
        "TOO MANY COLUMNS": f"The row has more fields than the header, often by a {delimiter}"
        " inside a text. Let the export put quotation marks around texts.",
        "UNQUOTED VALUE": f"{_QUOTES} Mend the row, or let the export double such marks.",
    }
    return (
        rejects.filter(text != "")
        .select(
            row_number="row_number",
            column_name=pl.lit(None, pl.String),
            shape=pl.when(~text.str.starts_with(_UNCLOSED))
            .then(shape_of(text))
            .otherwise(pl.lit("")),
            reason=pl.when(text.str.starts_with(_UNCLOSED))
            .then(pl.lit(reasons["UNQUOTED VALUE"]))
            .otherwise(
                pl.col("error_type").replace_strict(
                    reasons,
                    default="The row cannot be split into columns. Mend it or export it again.",
                    return_dtype=pl.String,
                )
            ),
        )
        .cast(QUARANTINE)
    )
