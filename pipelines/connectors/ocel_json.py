"""OCEL 2.0 as JSON, read in memory by Python itself.

r4pm reads it too, but refuses a whole log for one stamp that it cannot read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.connectors.object_log import AGAIN, OTHER, ObjectLog
from pipelines.connectors.raw_log import refusal

Json = dict[str, Any]


def read_json(log: ObjectLog) -> None:
    """Fill the log from its file. Raises SourceError where that is damaged, or no OCEL 2.0."""
    content = _content(log.file)
    for kind in _items(log, content, "eventTypes"):
        log.event_names.update(_names(log, kind))
    for kind in _items(log, content, "objectTypes"):
        log.object_names[_key(log, kind, "name", "objectTypes")].update(_names(log, kind))
    for thing in _items(log, content, "objects"):
        name, type_name = (_key(log, thing, key, "objects") for key in ("id", "type"))
        log.objects.append((name, type_name))
        log.object_names[type_name].update(_names(log, thing))
        for said in _items(log, thing, "attributes"):
            log.object_value(name, said["name"], said.get("time"), said.get("value"))
    for event in _items(log, content, "events"):
        name = _key(log, event, "id", "events")
        log.events.append((name, *(log.text(key, event.get(key)) for key in ("type", "time"))))
        log.event_names.update(_names(log, event))
        for said in _items(log, event, "attributes"):
            log.event_value(name, said["name"], said.get("value"))
        for link in _items(log, event, "relationships"):
            qualifier = log.text("qualifier", link.get("qualifier")) or ""
            log.relations.append((name, _key(log, link, "objectId", "relationships"), qualifier))


def _content(file: Path) -> Json:
    try:
        content: Any = json.loads(file.read_bytes())
    except json.JSONDecodeError as error:
        what = f"is no whole JSON file: {error.msg} at line {error.lineno}, column {error.colno}."
        raise refusal(file, what, AGAIN) from None
    except (UnicodeDecodeError, RecursionError):
        raise refusal(file, "cannot be read as JSON in UTF-8.", AGAIN) from None
    if isinstance(content, dict) and "ocel:events" in content:
        what = "is OCEL 1.0, where attributes of objects have no time; only OCEL 2.0 is read."
        raise refusal(file, what, "convert it with pm4py: write_ocel2_json(read_ocel(..), ..).")
    for key in ("events", "objects"):
        if not isinstance(content, dict) or key not in content:
            raise refusal(file, f"is JSON, but no OCEL 2.0: it has no `{key}`.", OTHER)
    return dict(content)


def _items(log: ObjectLog, owner: Json, key: str) -> list[Json]:
    found = owner.get(key) or []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        what = f"is JSON, but no OCEL 2.0: `{key}` is no list of objects."
        raise refusal(log.file, what, OTHER)
    return found


def _key(log: ObjectLog, item: Json, key: str, where: str) -> str:
    """A text by which things find each other; without it the file cannot be understood."""
    found = log.text(key, item.get(key))
    if found is None:
        what = f"is JSON, but no OCEL 2.0: one of its `{where}` has no `{key}`."
        raise refusal(log.file, what, OTHER)
    return found


def _names(log: ObjectLog, owner: Json) -> list[str]:
    return [_key(log, item, "name", "attributes") for item in _items(log, owner, "attributes")]
