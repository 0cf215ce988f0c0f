"""Small OCEL 2.0 logs for the tests of the connector, in both forms of the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pipelines.connectors.event_log import EventLogColumns, EventLogSource, read_event_log
from pipelines.connectors.files import FileBatch
from pipelines.connectors.ocel import read_ocel
from pipelines.connectors.raw_log import RawLog
from tests.pipelines.connectors.logs import KEY

Thing = dict[str, Any]
INITIAL = "1970-01-01T00:00:00Z"


def event(name: str, kind: str, at: str, *links: tuple[str, str], **attributes: Any) -> Thing:
    """`links` are (object, qualifier)."""
    return {
        "id": name,
        "type": kind,
        "time": at,
        "attributes": [{"name": key, "value": value} for key, value in attributes.items()],
        "relationships": [{"objectId": thing, "qualifier": how} for thing, how in links],
    }


def thing(name: str, kind: str, *values: tuple[str, str, Any]) -> Thing:
    """`values` are (attribute, time, value)."""
    said = [{"name": key, "time": at, "value": value} for key, at, value in values]
    return {"id": name, "type": kind, "attributes": said}


def content(events: Sequence[Thing], objects: Sequence[Thing]) -> Thing:
    return {
        "eventTypes": [{"name": name} for name in sorted({one["type"] for one in events})],
        "objectTypes": [{"name": name} for name in sorted({one["type"] for one in objects})],
        "events": list(events),
        "objects": list(objects),
    }


def write_json(file: Path, events: Sequence[Thing], objects: Sequence[Thing]) -> None:
    file.write_text(json.dumps(content(events, objects)), encoding="utf-8")


def write_sqlite(file: Path, events: Sequence[Thing], objects: Sequence[Thing]) -> None:
    """The tables of the standard; `Type <n>` stands in the names for the n-th type."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma synchronous = off")  # no test loses its current
        for kind, things in (("event", events), ("object", objects)):
            _make(
                connection, kind, ["ocel_id", "ocel_type"], [(t["id"], t["type"]) for t in things]
            )
            types = sorted({each["type"] for each in things})
            maps = [(name, f"Type {number}") for number, name in enumerate(types)]
            _make(connection, f"{kind}_map_type", ["ocel_type", "ocel_type_map"], maps)
            for name, suffix in maps:
                of_type = [each for each in things if each["type"] == name]
                rows = map(_event_rows if kind == "event" else _object_rows, of_type)
                _make_typed(connection, f"{kind}_{suffix}", [row for some in rows for row in some])
        links = [
            (each["id"], link["objectId"], link["qualifier"])
            for each in events
            for link in each["relationships"]
        ]
        columns = ["ocel_event_id", "ocel_object_id", "ocel_qualifier"]
        _make(connection, "event_object", columns, links)
        connection.commit()


def _event_rows(each: Thing) -> list[Thing]:
    values = {said["name"]: said["value"] for said in each["attributes"]}
    return [{"ocel_id": each["id"], "ocel_time": each["time"], **values}]


def _object_rows(each: Thing) -> list[Thing]:
    """A row of all that holds from the start, and one for each change."""
    rows = [{"ocel_id": each["id"], "ocel_time": INITIAL, "ocel_changed_field": None}]
    for said in each["attributes"]:
        if said["time"] == INITIAL:
            rows[0][said["name"]] = said["value"]
            continue
        change = {"ocel_time": said["time"], "ocel_changed_field": said["name"]}
        rows.append({"ocel_id": each["id"], **change, said["name"]: said["value"]})
    return rows


def _make_typed(connection: sqlite3.Connection, name: str, rows: Sequence[Thing]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    _make(connection, name, columns, [tuple(row.get(each) for each in columns) for row in rows])


def _make(
    connection: sqlite3.Connection,
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    connection.execute(f'create table "{name}" ({quoted})')
    marks = ", ".join("?" for _ in columns)
    connection.executemany(f'insert into "{name}" values ({marks})', rows)


WRITERS = {"log.jsonocel": write_json, "log.sqlite": write_sqlite}


def source(case: str | None, columns: Mapping[str, str], **settings: Any) -> EventLogSource:
    return EventLogSource(
        id="log",
        kind="event_log",
        path="log",
        journey="permits",
        case_object_type=case,
        columns=EventLogColumns(**columns),
        **settings,
    )


def flat(file: Path, case: str | None = "request", **columns: str) -> RawLog:
    """The log as it is before its values get a meaning."""
    asked = source(case, columns)
    return read_ocel(asked, file, asked.mapped())


def batch(file: Path, case: str | None = "request", **columns: str) -> FileBatch:
    """What goes to the warehouse."""
    return read_event_log(source(case, columns), file, KEY)
