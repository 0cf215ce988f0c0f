"""A small town whose names are hard on files: six permits, two cases of care, a few contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from tests.transforms.desk import DESK
from tests.transforms.sql_bench import Bench

HARD = ('Besluit <genomen> & "verzonden"', "Advies, gevraagd; 'met spoed'", "Ontvangen\nper post")
SECRETS = ("the-employee", "resident-")
"""What must be in no file: pseudonyms of persons."""


class Town(Bench):
    """Cases a0 to a5 of permits, b0 and b1 of care; events share instants, teams are missing."""

    def __init__(self, cases: int = 6) -> None:
        names = [*(f"a{n}" for n in range(cases)), "b0", "b1"]
        super().__init__(
            [event for number, name in enumerate(names) for event in _events(name, number)],
            [_case(name) for name in names],
            **DESK,
        )
        for n in range(3):
            row = {"contact_id": f"c{n}", "case_id": "a0" if n else None, "channel": "telefoon"}
            row |= {"topic": "Vergunning", "client": "resident-a0", "actor": "the-employee"}
            row |= {"contacted_at": f"2025-03-0{n + 2} 10:00+01", "time_quality": "exact"}
            self.insert("raw.contacts", {"source": "calls", "sequence": n} | row)
        self.insert(
            "raw.callbacks",
            {
                "source": "promises",
                "sequence": 1,
                "contact_id": "c1",
                "promised_at": "2025-03-03 10:05+01",
                "done_at": "2025-03-04 09:00+01",
            },
        )
        for model in ("core.journeys", "core.callbacks", "mart.process_variants"):
            self.build(model)

    def flat(self, journeys: Sequence[str] = ("permits",)) -> list[tuple[Any, ...]]:
        """(case, activity, instant, team) of every event, in order."""
        return self.connection.execute(
            "select c.case_id, e.activity, e.occurred_at, e.team from core.events as e"
            " inner join core.cases as c on c.case_key = e.case_key"
            " where list_contains(?, c.journey) order by c.case_key, e.occurred_at, e.sequence",
            [list(journeys)],
        ).fetchall()


def _events(name: str, number: int) -> list[dict[str, Any]]:
    at = ["2025-03-03 09:00:00.000001+01", "2025-03-03 09:00:00.000001+01", "2025-03-30 02:30+01"]
    picked = HARD if number % 2 else HARD[::-1]
    return [
        {
            "case_id": name,
            "activity": activity,
            "occurred_at": moment,
            "team": "Team A & B" if activity == HARD[0] else None,
            "actor": "the-employee",
        }
        for activity, moment in zip(picked, at, strict=True)
    ]


def _case(name: str) -> dict[str, Any]:
    kind = {"a": "permit", "b": "care"}[name[0]]
    row = {"case_id": name, "case_type": kind, "client": f"resident-{name}", "channel": "web"}
    return row | {"opened_at": "2025-03-03 08:00+01", "closed_at": "2025-04-01 12:00+02"}


@pytest.fixture(scope="session")
def town() -> Town:
    return Town()


@pytest.fixture(scope="session")
def warehouse(town: Town) -> duckdb.DuckDBPyConnection:
    return town.connection
