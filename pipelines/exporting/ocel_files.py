"""An OCEL 2.0 log as a file: JSON or SQLite, written an object and an event at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import duckdb
import orjson

from pipelines.exporting.choice import Choice, Progress
from pipelines.exporting.objects import EVENT, OBJECTS, Event, Object, ObjectLog

_START = "1970-01-01T00:00:00Z"  # by which OCEL says that a value holds from the start


def write_json(
    connection: duckdb.DuckDBPyConnection, choice: Choice, folder: Path, progress: Progress
) -> list[str]:
    """Writes `log.json`, an object and an event at a time."""
    log = ObjectLog(connection, choice)
    with (folder / "log.json").open("wb") as out:
        types = [{"name": name, "attributes": _declared(EVENT)} for name in log.event_types()]
        out.write(b'{"eventTypes":' + orjson.dumps(types) + b',\n"objectTypes":')
        kinds = [{"name": name, "attributes": _declared(of)} for name, of in OBJECTS.items()]
        out.write(orjson.dumps(kinds))
        _write_list(out, "objects", map(_object_json, log.objects()))
        _write_list(out, "events", map(_event_json, log.events()))
        out.write(b"}\n")
    progress(1, 1)
    return ["log.json"]


def _declared(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def _write_list(out: IO[bytes], name: str, items: Iterator[dict[str, Any]]) -> None:
    out.write(f',\n"{name}":['.encode())
    for number, item in enumerate(items):
        out.write((b",\n" if number else b"\n") + orjson.dumps(item))
    out.write(b"]")


def _object_json(one: Object) -> dict[str, Any]:
    values = [{"name": name, "time": _START, "value": v} for name, v in one.values.items()]
    related = [{"objectId": one.about, "qualifier": "about"}] if one.about else []
    return {"id": one.id, "type": one.type, "attributes": values, "relationships": related}


def _event_json(one: Event) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "time": one.at,
        "attributes": [{"name": name, "value": value} for name, value in one.values.items()],
        "relationships": [{"objectId": o, "qualifier": part} for o, part in one.objects],
    }


_TABLES = """
create table event_map_type (ocel_type text primary key, ocel_type_map text);
create table object_map_type (ocel_type text primary key, ocel_type_map text);
create table object (ocel_id text primary key, ocel_type text);
create table object_object (ocel_source_id text, ocel_target_id text, ocel_qualifier text,
  primary key (ocel_source_id, ocel_target_id, ocel_qualifier));
create table event (ocel_id text primary key, ocel_type text);
create table event_object (ocel_event_id text, ocel_object_id text, ocel_qualifier text,
  primary key (ocel_event_id, ocel_object_id, ocel_qualifier));
"""


def write_sqlite(
    connection: duckdb.DuckDBPyConnection, choice: Choice, folder: Path, progress: Progress
) -> list[str]:
    """Writes `log.sqlite`; a type of events has a table with a number, as names may be anything."""
    log, name = ObjectLog(connection, choice), "log.sqlite"
    with closing(sqlite3.connect(folder / name, isolation_level=None)) as out:
        out.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_TABLES} begin;")
        suffixes = {kind: f"type{n}" for n, kind in enumerate(log.event_types(), 1)}
        out.executemany("insert into event_map_type values (?, ?)", suffixes.items())
        out.executemany("insert into object_map_type values (?, ?)", [(k, k) for k in OBJECTS])
        for suffix in suffixes.values():
            _create(out, f"event_{suffix}", ["ocel_time"], EVENT)
        for kind, attributes in OBJECTS.items():
            _create(out, f"object_{kind}", ["ocel_time", "ocel_changed_field"], attributes)
        for thing in log.objects():
            _insert(out, "object", [thing.id, thing.type])
            values = [thing.values.get(each) for each in OBJECTS[thing.type]]
            _insert(out, f"object_{thing.type}", [thing.id, _START, None, *values])
            if thing.about:
                _insert(out, "object_object", [thing.id, thing.about, "about"])
        for event in log.events():
            _insert(out, "event", [event.id, event.type])
            values = [event.values.get(each) for each in EVENT]
            _insert(out, f"event_{suffixes[event.type]}", [event.id, event.at, *values])
            for related, part in event.objects:
                _insert(out, "event_object", [event.id, related, part])
        out.execute("commit")
    progress(1, 1)
    return [name]


def _create(
    out: sqlite3.Connection, table: str, fixed: Sequence[str], more: Mapping[str, str]
) -> None:
    stamps = {"string": "text", "time": "timestamp"}
    columns = ["ocel_id text", *(f"{name} timestamp" for name in fixed[:1])]
    columns += [f"{name} text" for name in fixed[1:]]
    columns += [f"{name} {stamps[kind]}" for name, kind in more.items()]
    out.execute(f"create table {table} ({', '.join(columns)})")


def _insert(out: sqlite3.Connection, table: str, values: Sequence[str | None]) -> None:
    out.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)  # noqa: S608
