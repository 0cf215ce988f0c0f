"""Small logs for the tests of the connector, in every format that it reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import polars as pl
import xlsxwriter

from pipelines.connectors.event_log import EventLogColumns, EventLogSource, read_event_log
from pipelines.connectors.files import FileBatch

KEY = b"a key for tests alone, 32 characters or more"
COLUMNS = {"case_id": "case", "activity": "event", "occurred_at": "at"}
XES_COLUMNS = {
    "case_id": "case:concept:name",
    "activity": "concept:name",
    "occurred_at": "time:timestamp",
}


def source(columns: Mapping[str, str] = COLUMNS, **settings: Any) -> EventLogSource:
    return EventLogSource(
        id="log",
        kind="event_log",
        path="log",
        journey="permits",
        columns=EventLogColumns(**columns),
        **settings,
    )


def read(file: Path, columns: Mapping[str, str] = COLUMNS, **settings: Any) -> FileBatch:
    """Read a file and hold that every row is an event or in quarantine."""
    batch = read_event_log(source(columns, **settings), file, KEY)
    assert (
        batch.rows_read == batch.tables["events"].height + batch.quarantine["row_number"].n_unique()
    )
    return batch


def read_text(folder: Path, text: str | bytes, name: str = "log.csv", **more: Any) -> FileBatch:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file, **more)


def write_csv(file: Path, rows: Sequence[Mapping[str, str | None]]) -> None:
    pl.DataFrame(rows, infer_schema_length=None).write_csv(file)


def write_parquet(file: Path, rows: Sequence[Mapping[str, str | None]]) -> None:
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(file)


def write_excel(file: Path, rows: Sequence[Mapping[str, str | None]]) -> None:
    with xlsxwriter.Workbook(file, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("events")
        for column, name in enumerate(rows[0]):
            sheet.write_string(0, column, name)
            for number, row in enumerate(rows, 1):
                value = row[name]
                if value is not None:
                    sheet.write_string(number, column, value)


def xes(
    traces: Sequence[tuple[Mapping[str, str], Sequence[Mapping[str, str]]]],
    head: str = "",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> str:
    """A log of traces, each (attributes, events); keys with `date` or ending in `_at` or being
    time:timestamp are dates, the others strings."""
    parts = [declaration, '<log xes.version="1.0">', head]
    for attributes, events in traces:
        parts += ["<trace>", *_attributes(attributes)]
        for event in events:
            parts += ["<event>", *_attributes(event), "</event>"]
        parts.append("</trace>")
    return "\n".join([*parts, "</log>"])


def _attributes(values: Mapping[str, str]) -> list[str]:
    return [
        f"<{'date' if _is_date(key) else 'string'} key={quoteattr(key)} value={quoteattr(value)}/>"
        for key, value in values.items()
    ]


def _is_date(key: str) -> bool:
    return key == "time:timestamp" or "date" in key
