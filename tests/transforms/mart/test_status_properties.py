"""What holds of failure demand and the heartbeat, which read cases and contacts together."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms import properties
from tests.transforms.desk import DESK, JOURNEYS
from tests.transforms.properties import FIRST, PER_FILE, Figures, Raw, logs
from tests.transforms.sql_bench import Bench

PHASES = [
    {"id": "ask", "name": "Vragen", "activities": ["a"], "silence_days": 5},
    {"id": "wait", "name": "Wachten", "activities": ["b", "c"], "silence_days": 5},
]
TOWN = DESK | {
    "journeys": [JOURNEYS[0] | {"phases": PHASES}, JOURNEYS[1]],
    "contacts": {"status_topics": ["stand"]},
}
DEMAND = "mart.kpi_failure_demand"
few = settings(max_examples=3, deadline=None, derandomize=True)


@st.composite
def towns(draw: st.DrawFn, case_type: str = "permit", names: str = "case") -> Raw:
    """Cases, and contacts about some of them, of which some only ask where the case stands."""
    raw = draw(logs(case_type=case_type, names=names))
    known = [row["case_id"] for row in raw["raw.cases"]]
    contacts = []
    for number in range(draw(st.integers(1, 6))):
        at = FIRST + timedelta(minutes=draw(st.integers(0, 100 * 24 * 60)))
        contacts.append(
            {
                "source": "calls",
                "file_number": 1,
                "sequence": number + 1,
                "contact_id": f"{names} call {number}",
                "contacted_at": at,
                "time_quality": "exact",
                "client": draw(st.sampled_from([f"{names} a", f"{names} b", None])),
                "case_id": draw(st.sampled_from([*known, None])),
                "topic": "Vergunning" if case_type == "permit" else "Anders",
                "reason": draw(st.sampled_from(["stand", None])),
                "satisfaction": draw(st.sampled_from([1.0, 5.0, None])),
            }
        )
    return {**raw, "raw.contacts": contacts}


def beats(raw: Raw) -> Figures:
    """The heartbeat in the shape of figures: journey, persona, phase and moment tell a row."""
    bench = Bench(**TOWN)
    for table, rows in raw.items():
        for row in rows:
            bench.insert(table, dict(row))
    keys = ("journey", "persona", "phase", "moment")
    counted = ("cases", "ratings", "satisfaction", "negative", "neutral", "positive", "late")
    counted += ("repeated", "handed_off", "silent")
    return {
        tuple(row[key] for key in keys): tuple(row[name] for name in counted)
        for row in bench.build("mart.heartbeat")
    }


@few
@given(towns(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_arrive_is_irrelevant(raw: Raw, random: Random) -> None:
    mixed = {table: random.sample(list(rows), len(rows)) for table, rows in raw.items()}
    properties.assert_same(beats(mixed), beats(raw))
    properties.assert_order_is_irrelevant(raw, random, DEMAND, **TOWN)


@few
@given(towns(), towns("care", "stranger"))
def test_cases_and_contacts_of_another_journey_change_nothing(raw: Raw, other: Raw) -> None:
    more = {
        table: [{**row, "sequence": row["sequence"] + PER_FILE} for row in rows]
        for table, rows in other.items()
    }
    # What was seen until when is of the source, so that the stranger comes within what was seen.
    edges = _edges(raw)
    within = {
        table: [row for row in rows if _is_within(row, edges)] for table, rows in more.items()
    }
    known = {row["case_id"] for row in within["raw.cases"]}
    within["raw.events"] = [row for row in within["raw.events"] if row["case_id"] in known]
    both = {table: [*raw[table], *within[table]] for table in raw}
    own = {key: value for key, value in beats(both).items() if key[0] == "permits"}
    expected = {key: value for key, value in beats(raw).items() if key[0] == "permits"}
    properties.assert_same(own, expected)
    properties.assert_unrelated_rows_change_nothing(raw, within, "permits", DEMAND, **TOWN)


def _edges(raw: Raw) -> dict[str, tuple[Any, Any]]:
    stamps = [row["occurred_at"] for row in raw["raw.events"]]
    called = [row["contacted_at"] for row in raw["raw.contacts"]]
    return {"events": (min(stamps), max(stamps)), "contacts": (min(called), max(called))}


def _is_within(row: Any, edges: dict[str, tuple[Any, Any]]) -> bool:
    first, last = edges["contacts" if "contacted_at" in row else "events"]
    at = row.get("contacted_at") or row.get("occurred_at") or row["opened_at"]
    until = row.get("closed_at") or at
    return bool(first <= at and until <= last)


@few
@given(towns(), st.integers(0, 5))
def test_a_log_in_two_files_gives_the_figures_of_one(raw: Raw, at: int) -> None:
    properties.assert_two_files_are_one(raw, at, DEMAND, **TOWN)


@few
@given(towns(), st.integers(0, 120))
def test_the_change_of_the_clock_moves_nothing(raw: Raw, days: int) -> None:
    """Of closed cases; the cut-off, up to which open ones count, does not move along."""
    last = {row["case_id"]: row["occurred_at"] for row in _by_time(raw)}
    closed = [row | {"closed_at": last[row["case_id"]]} for row in raw["raw.cases"]]
    known = {**raw, "raw.cases": closed}
    found, expected = (
        properties.over_all_periods(properties.figures(rows, DEMAND, **TOWN), "failure_demand")
        for rows in (properties.moved(known, timedelta(days=days)), known)
    )
    properties.assert_same(found, expected)


def _by_time(raw: Raw) -> list[Any]:
    return sorted(raw["raw.events"], key=lambda row: row["occurred_at"])
