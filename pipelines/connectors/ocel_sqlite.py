"""OCEL 2.0 as SQLite, read from where it lies so that nothing is written beside it.

r4pm reads it too, but ends the process on a file that pm4py wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from pipelines.connectors.object_log import AGAIN, OTHER, ObjectLog, Row
from pipelines.connectors.raw_log import refusal

_NEEDED = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
    "event_object": ("ocel_event_id", "ocel_object_id", "ocel_qualifier"),
}
_OWN = ("ocel_id", "ocel_time", "ocel_changed_field")


def read_sqlite(log: ObjectLog) -> None:
    """Fill the log from its file. Raises SourceError where that is damaged, or no OCEL 2.0.

    `immutable` keeps SQLite from making a lock or an index of its own beside the file.
    """
    for ending in ("-wal", "-journal"):
        beside = log.file.with_name(log.file.name + ending)
        if beside.exists() and beside.stat().st_size:
            what = f"is still being written: {beside.name} beside it holds what it lacks."
            raise refusal(log.file, what, "close the program that writes it, or copy it when done.")
    address = f"{log.file.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("pragma temp_store = memory")
            if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError
            _read_tables(log, connection)
    except sqlite3.Error:  # its words may repeat a value
        what = "is no SQLite database that can be read whole; it may be cut short or damaged."
        raise refusal(log.file, what, AGAIN) from None


def _read_tables(log: ObjectLog, connection: sqlite3.Connection) -> None:
    for name, needed in _NEEDED.items():
        _columns(log, connection, name, needed)
    times: dict[str, str | None] = {}
    for _, name, attributes in _type_tables(log, connection, "event", ("ocel_time",)):
        log.event_names.update(attributes)
        picked = [attribute for attribute in attributes if attribute in log.wanted]
        for event, at, *values in _select(log, connection, name, "ocel_id", "ocel_time", *picked):
            times[str(event)] = at
            for attribute, value in zip(picked, values, strict=True):
                log.event_value(str(event), attribute, value)
    for event, kind in _select(log, connection, "event", "ocel_id", "ocel_type"):
        log.events.append((event, kind, times.get(str(event))))
    log.objects.extend(_select(log, connection, "object", "ocel_id", "ocel_type"))
    for event, thing, qualifier in _select(
        log, connection, "event_object", *_NEEDED["event_object"]
    ):
        log.relations.append((event, thing, qualifier or ""))
    for kind, name, attributes in _type_tables(log, connection, "object"):
        log.object_names[kind].update(attributes)
        picked = [attribute for attribute in attributes if f"case:{attribute}" in log.wanted]
        _object_values(log, connection, name, picked)


def _object_values(
    log: ObjectLog, connection: sqlite3.Connection, name: str, picked: list[str]
) -> None:
    """A row tells all attributes, or the one that it says has changed."""
    present = _columns(log, connection, name, ("ocel_id",))
    marks = [column for column in _OWN[1:] if column in present]
    for thing, *rest in _select(log, connection, name, "ocel_id", *marks, *picked):
        said = dict(zip((*marks, *picked), rest, strict=True))
        changed = said.get("ocel_changed_field")
        for attribute in picked:
            if changed in (None, attribute):
                log.object_value(str(thing), attribute, said.get("ocel_time"), said[attribute])


def _type_tables(
    log: ObjectLog, connection: sqlite3.Connection, kind: str, needed: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, list[str]]]:
    """(type, table, attributes) for each type of events or of objects."""
    for name, suffix in _select(log, connection, f"{kind}_map_type", "ocel_type", "ocel_type_map"):
        columns = _columns(log, connection, f"{kind}_{suffix}", ("ocel_id", *needed))
        yield str(name), f"{kind}_{suffix}", [each for each in columns if each not in _OWN]


def _columns(
    log: ObjectLog, connection: sqlite3.Connection, name: str, needed: tuple[str, ...]
) -> list[str]:
    found = [row[0] for row in connection.execute("select name from pragma_table_info(?)", [name])]
    missing = [column for column in needed if column not in found]
    if missing:
        what = f"table {name!r} is missing" if not found else f"table {name!r} lacks {missing[0]!r}"
        raise refusal(log.file, f"is SQLite, but no OCEL 2.0: {what}.", OTHER)
    return found


def _select(
    log: ObjectLog, connection: sqlite3.Connection, name: str, *columns: str
) -> Iterator[Row]:
    quoted = [f'"{each}"' for each in (part.replace('"', '""') for part in (*columns, name))]
    query = f"select {', '.join(quoted[:-1])} from {quoted[-1]}"  # noqa: S608
    for row in connection.execute(query):
        yield tuple(log.text(column, value) for column, value in zip(columns, row, strict=True))
