"""A small town hall whose data is good, and the ways to soil it that the checks must see.

Twelve cases on each working day of sixteen weeks, each with two events, a contact and a callback.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from pipelines.settings import Settings

FIRST, LAST = date(2025, 11, 10), date(2026, 2, 27)  # a Monday, and the Friday before the cut-off
UNTIL = "2026-03-02T00:00:00+01:00"
Row = dict[str, str]

CONFIG: dict[str, Any] = {
    "name": "Testdorp",
    "service_formulas": [{"id": "ontwerp", "name": "Ontwerp"}],
    "journeys": [
        {
            "id": "permits",
            "name": "Vergunning",
            "service_formula": "ontwerp",
            "case_types": ["permit"],
            "phases": [{"id": "all", "name": "Alles", "activities": ["Receive", "Decide"]}],
        }
    ],
    "sources": [
        {
            "id": "suite",
            "kind": "event_log",
            "path": "events*.csv",
            "complete_until": UNTIL,
            "columns": {
                "case_id": "case",
                "activity": "event",
                "occurred_at": "at",
                "actor": "employee",
                "team": "team",
                "case_type": "type",
                "client": "client",
                "opened_at": "opened",
                "closed_at": "closed",
            },
        },
        {
            "id": "desk",
            "kind": "contact_export",
            "path": "contacts.csv",
            "complete_until": UNTIL,
            "columns": {"contact_id": "contact", "contacted_at": "at", "client": "client"},
        },
        {
            "id": "promises",
            "kind": "callback_export",
            "contacts": "desk",
            "path": "callbacks.csv",
            "complete_until": UNTIL,
            "columns": {"contact_id": "contact", "promised_at": "at", "done_at": "done"},
        },
    ],
}


def _stamp(day: date, minute: int) -> str:
    return f"{day}T{9 + minute // 60:02d}:{minute % 60:02d}:00+01:00"


@dataclass
class TownHall:
    """The rows of its three exports, to be changed before they are written."""

    events: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    callbacks: list[Row] = field(default_factory=list)
    second_file: list[Row] = field(default_factory=list)
    header: str = ""

    def write(self, folder: Path, **checks: Any) -> Settings:
        """The exports and a configuration with these limits of the checks, in `folder`."""
        config = CONFIG | {"checks": checks}
        if self.header:
            (folder / "log.xes").write_text(self.header, encoding="utf-8")
            config |= {"sources": [LOG]}
        for name in ("events", "contacts", "callbacks"):
            pl.DataFrame(getattr(self, name)).write_csv(folder / f"{name}.csv")
        if self.second_file:
            pl.DataFrame(self.second_file).write_csv(folder / "events_again.csv")
        file = folder / "municipality.yaml"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        return Settings(config_file=file, home=folder / "home")

    def since(self, first: date) -> list[Row]:
        """The events from a day on."""
        return [row for row in self.events if row["at"] >= str(first)]


def town_hall() -> TownHall:
    """Nothing is wrong with it."""
    made, day = TownHall(), FIRST
    while day <= LAST:
        if day.weekday() < 5:
            for number in range(12):
                _visit(made, day, number)
        day += timedelta(days=1)
    return made


def _visit(made: TownHall, day: date, number: int) -> None:
    name = f"Z{day:%Y%m%d}{number:02d}"
    opened, closed = _stamp(day, 10 * number), _stamp(day, 10 * number + 90)
    shared = {
        "case": name,
        "type": "permit",
        "client": f"burger {name}",
        "opened": opened,
        "closed": closed,
        "employee": f"ambtenaar {number}",
        "team": "Team Vergunningen",
    }
    made.events += [
        shared | {"event": "Receive", "at": opened},
        shared | {"event": "Decide", "at": closed},
    ]
    call = {"contact": f"K{name}", "at": opened}
    made.contacts.append(call | {"client": shared["client"]})
    made.callbacks.append(call | {"done": closed})


LOG = {
    "id": "log",
    "kind": "event_log",
    "path": "log.xes",
    "journey": "permits",
    "columns": {
        "case_id": "case:concept:name",
        "activity": "concept:name",
        "occurred_at": "time:timestamp",
    },
}
_HEADER = """<log xmlns="http://www.xes-standard.org/">
<int key="meta_general:events_total" value="2"/>
<trace><string key="concept:name" value="Z1"/><event>
<string key="concept:name" value="Receive"/>
<date key="time:timestamp" value="2026-02-02T09:00:00+01:00"/>
</event></trace></log>"""


def a_day_without_rows(town: TownHall) -> None:
    town.events = [row for row in town.events if not row["opened"].startswith(str(LAST))]
    town.contacts = [row for row in town.contacts if not row["at"].startswith(str(LAST))]


def a_moment_ahead(town: TownHall) -> None:
    town.contacts[7]["at"] = "2049-01-01T09:00:00+01:00"


def ends_and_starts_swapped(town: TownHall) -> None:
    for row in town.since(date(2026, 2, 2)):
        row["opened"], row["closed"] = row["closed"], row["opened"]


def callbacks_of_nobody(town: TownHall) -> None:
    for row in town.callbacks[-200:]:
        row["contact"] += " (oud)"


def a_file_that_holds_all_again(town: TownHall) -> None:
    town.second_file = [*town.events, town.events[0] | {"case": "Z1"}]


def a_new_case_type(town: TownHall) -> None:
    for row in town.since(date(2026, 2, 2))[::6]:
        for other in (x for x in town.since(date(2026, 2, 2)) if x["case"] == row["case"]):
            other["type"] = "vergunning (nieuw)"


def no_team(town: TownHall) -> None:
    for row in town.events:
        row["team"] = "" if row["case"][-1] in "02468a1" else row["team"]


def an_upgrade_that_lost_who_did_it(town: TownHall) -> None:
    for row in town.since(date(2026, 2, 23)):
        row["employee"] = ""


def a_header_that_says_more(town: TownHall) -> None:
    town.header = _HEADER


def a_word_that_has_another_name(town: TownHall) -> None:
    for row in town.since(date(2026, 2, 2)):
        row["event"] = "Beschikking" if row["event"] == "Decide" else row["event"]


SOILED: dict[str, Callable[[TownHall], None]] = {
    "core.contacts: volume": a_day_without_rows,
    "core.callbacks: future_dates": a_moment_ahead,
    "core.callbacks: ends_before_starts": ends_and_starts_swapped,
    "core.callbacks: orphans": callbacks_of_nobody,
    "core.contacts: duplicates": a_file_that_holds_all_again,
    "core.cases: unknown_case_types": a_new_case_type,
    "core.contacts: missing_units": no_team,
    "core.contacts: sudden_jump": an_upgrade_that_lost_who_did_it,
    "core.owner_comparisons: owner_statistics": a_header_that_says_more,
    "core.contacts: mapping": a_word_that_has_another_name,
}
"""What each check must see, by its table and name."""
