"""OCEL 2.0 logs of cases, contacts and the journeys of residents.

What belongs here: the objects, events and relations. What does not: both forms of the file
(`ocel_files.py`), and which journeys (`choice.py`).

An event of a case belongs to the case and its journey; a contact to the contact and its journey.
The contact object is related to the case that it is about. So a log flattened on cases is the log
of the warehouse, and one flattened on journeys holds what a resident went through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import duckdb

from pipelines.exporting.choice import CASES, Choice, rows

OBJECTS: Mapping[str, Mapping[str, str]] = {
    "case": {
        "case_type": "string",
        "journey": "string",
        "service_formula": "string",
        "channel": "string",
        "target_group": "string",
        "result": "string",
        "opened_at": "time",
        "closed_at": "time",
        "planned_end_at": "time",
        "legal_end_at": "time",
    },
    "contact": {"channel": "string", "topic": "string", "kind": "string"},
    "journey": {"journey": "string", "service_formula": "string", "target_group": "string"},
}
EVENT = {"team": "string", "organisation": "string", "phase": "string", "lifecycle": "string"}
CONTACT, PROMISED, CALLED = "Contact", "Callback promised", "Callback done"

_CASES = "select case_key from core.cases where list_contains($journeys, journey)"
_CONTACTS = f"""
select k.*, j.journey_key from core.contacts as k
left join core.journey_members as j on j.contact_key = k.contact_key and j.kind = 'contact'
where list_contains($journeys, k.journey)
  and (k.case_key is null or k.case_key in ({_CASES}))
"""  # noqa: S608 (the parts are those above)
_QUERIES = {
    "activities": f"select distinct activity from core.events where case_key in ({_CASES})",  # noqa: S608
    "case": f"""
select 'case:' || c.case_name as id, {", ".join(f"c.{name}" for name in OBJECTS["case"])}
from ({CASES}) as c
where list_contains($journeys, c.journey) order by c.case_key""",  # noqa: S608
    "contact": f"""
select 'contact:' || k.contact_key as id, 'case:' || c.case_name as about, k.channel, k.topic,
  k.kind
from ({_CONTACTS}) as k
left join ({CASES}) as c on c.case_key = k.case_key
order by k.contact_key""",  # noqa: S608
    "journey": """
select 'journey:' || j.journey_key as id, j.journey, j.service_formula, j.target_group
from core.journeys as j
where list_contains($journeys, j.journey) order by j.journey_key""",
    "events": f"""
with told as (
  select e.activity as kind, e.occurred_at, e.case_key, cast(null as bigint) as contact_key,
    m.journey_key, e.team, e.organisation, e.phase, e.lifecycle, 0 as source, e.sequence
  from core.events as e
  left join core.journey_members as m on m.case_key = e.case_key and m.kind = 'case'
  where e.case_key in ({_CASES})
  union all
  select '{CONTACT}', contacted_at, null, contact_key, journey_key, team, null, null, null, 1,
    contact_key
  from ({_CONTACTS})
  union all
  select '{PROMISED}', b.promised_at, null, k.contact_key, k.journey_key, k.team, null, null, null,
    2, b.callback_key
  from core.callbacks as b inner join ({_CONTACTS}) as k on k.contact_key = b.contact_key
  union all
  select '{CALLED}', b.done_at, null, k.contact_key, k.journey_key, b.team, null, null, null, 3,
    b.callback_key
  from core.callbacks as b inner join ({_CONTACTS}) as k on k.contact_key = b.contact_key
  where b.done_at is not null
)
select t.*, c.case_name, j.journey_key as known_journey from told as t
left join ({CASES}) as c on c.case_key = t.case_key
left join core.journeys as j
  on j.journey_key = t.journey_key and list_contains($journeys, j.journey)
order by t.occurred_at, t.source, t.case_key, t.sequence""",  # noqa: S608
}


class Object(NamedTuple):
    """`about` is the object that it is related to, if any."""

    id: str
    type: str
    values: dict[str, str]
    about: str | None


class Event(NamedTuple):
    """`objects` are pairs of an object and its part in the event."""

    id: str
    type: str
    at: str
    values: dict[str, str]
    objects: list[tuple[str, str]]


class ObjectLog:
    """The rows of one log, read anew each time that they are asked for."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, choice: Choice) -> None:
        self._connection, self._choice = connection, choice

    def _rows(self, name: str) -> Iterator[dict[str, Any]]:
        return rows(self._connection, _QUERIES[name], self._choice.names)

    def objects(self) -> Iterator[Object]:
        for kind, attributes in OBJECTS.items():
            for row in self._rows(kind):
                yield Object(row["id"], kind, _known(row, attributes), row.get("about"))

    def events(self) -> Iterator[Event]:
        for number, row in enumerate(self._rows("events"), 1):
            keys = ("case", row["case_name"]), ("contact", row["contact_key"])
            found = [(f"{kind}:{key}", kind) for kind, key in keys if key is not None]
            if row["known_journey"] is not None:
                found.append((f"journey:{row['known_journey']}", "journey"))
            at = _stamp(row["occurred_at"])
            yield Event(f"event:{number}", row["kind"], at, _known(row, EVENT), found)

    def event_types(self) -> list[str]:
        names = {row["activity"] for row in self._rows("activities")}
        return sorted(names | {CONTACT, PROMISED, CALLED})


def _known(row: Mapping[str, Any], attributes: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _stamp(row[name]) if kind == "time" else str(row[name])
        for name, kind in attributes.items()
        if row[name] is not None
    }


def _stamp(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
