"""The heartbeat of a phase: what a resident will have noticed, and which beat that makes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.transforms.desk import SOURCES
from tests.transforms.sql_bench import CONFIG, Bench

PHASES = [
    {"id": "ask", "name": "Vragen", "activities": ["a"], "silence_days": 5},
    {"id": "wait", "name": "Wachten", "activities": ["b", "c"], "silence_days": 5},
]
SPANS = {"now": {"first": "2025-03-01", "last": "2025-03-31"}, "before": None}
PERSONAS = [{"id": "truus", "name": "Truus", "target_group": "elderly"}]


def town(
    events: list[tuple[str, str, str | None]],
    calls: list[dict[str, Any]] = (),  # type: ignore[assignment]
    desired: list[dict[str, Any]] = (),  # type: ignore[assignment]
    **case: Any,
) -> Bench:
    """One case `x` with (activity, stamp, team), calls about it, and what is desired."""
    permits, care = CONFIG["journeys"]
    heartbeat = {"now": SPANS["now"], "desired": list(desired)}
    bench = Bench(
        [{"case_id": "x", "activity": a, "occurred_at": at, "team": t} for a, at, t in events],
        [{"case_id": "x", "opened_at": events[0][1], "client": "me", **case}],
        sources=SOURCES,
        journeys=[permits | {"phases": PHASES, "heartbeat": heartbeat}, care],
        personas=PERSONAS,
    )
    for number, call in enumerate(calls, 1):
        usual = {"source": "calls", "sequence": number, "contact_id": f"c{number}", "client": "me"}
        usual |= {"topic": "Vergunning", "case_id": "x", "time_quality": "exact"}
        bench.insert("raw.contacts", usual | call)
    return bench


def beats(bench: Bench) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {
        (row["persona"], row["phase"], row["moment"]): row for row in bench.build("mart.heartbeat")
    }


def test_a_stretch_ends_where_the_next_phase_begins_and_a_phase_may_come_back() -> None:
    steps = [
        ("a", "2025-03-03 09:00+01", None),
        ("b", "2025-03-04 09:00+01", None),
        ("c", "2025-03-05 09:00+01", None),
        ("a", "2025-03-06 09:00+01", None),
    ]
    rows = town(steps, closed_at="2025-03-10 09:00+01").build("core.phase_visits")
    found = [(r["phase"], r["visit"], r["left_at"].day) for r in rows]
    assert sorted(found, key=lambda row: row[1]) == [("ask", 1, 4), ("wait", 2, 6), ("ask", 3, 10)]


@pytest.mark.parametrize(
    ("sign", "case", "calls"),
    [
        (
            "is_late",
            {"legal_end_at": "2025-03-05 09:00+01", "closed_at": "2025-03-06 09:00+01"},
            [],
        ),
        ("is_silent", {"closed_at": "2025-03-09 10:00+01"}, []),
        (
            "repeats",
            {"closed_at": "2025-03-06 09:00+01"},
            [
                {"contacted_at": "2025-03-03 10:00+01"},
                {"contacted_at": "2025-03-04 10:00+01"},
            ],
        ),
    ],
)
def test_a_resident_notices_lateness_silence_and_having_to_ask_again(
    sign: str, case: dict[str, Any], calls: list[dict[str, Any]]
) -> None:
    [visit] = town([("a", "2025-03-03 09:00+01", None)], calls, **case).build("core.phase_visits")
    signs = {name: bool(visit[name]) for name in ("is_late", "is_silent", "repeats")}
    assert signs == {"is_late": False, "is_silent": False, "repeats": False, sign: True}


def test_a_contact_breaks_the_silence() -> None:
    calls = [{"contacted_at": "2025-03-06 09:00+01"}]
    case = {"closed_at": "2025-03-09 10:00+01"}
    [visit] = town([("a", "2025-03-03 09:00+01", None)], calls, **case).build("core.phase_visits")
    assert visit["is_silent"] is False


def many(signals: list[int]) -> Bench:
    """A case per number: 0 has no signal, 1 is silent, 2 is silent and late."""
    events, cases = [], []
    for number, count in enumerate(signals):
        name, opened = f"x{number:02}", "2025-03-03 09:00+01"
        closed = "2025-03-04 09:00+01" if count == 0 else "2025-03-20 09:00+01"
        due = "2025-03-10 09:00+01" if count == 2 else "2025-04-28 09:00+02"
        events.append({"case_id": name, "activity": "a", "occurred_at": opened})
        group = "elderly" if number % 2 else None
        cases.append(
            {
                "case_id": name,
                "opened_at": opened,
                "closed_at": closed,
                "legal_end_at": due,
                "target_group": group,
            }
        )
    permits, care = CONFIG["journeys"]
    journeys = [permits | {"phases": PHASES, "heartbeat": {"now": SPANS["now"]}}, care]
    return Bench(events, cases, sources=SOURCES, journeys=journeys, personas=PERSONAS)


@pytest.mark.parametrize(
    ("signals", "score"),
    [
        ([0] * 6 + [2] * 4, "positive"),
        ([0] * 4 + [1] * 6, "neutral"),
        ([0] * 4 + [2] * 6, "negative"),
        ([0] * 9, None),
    ],
)
def test_the_median_stretch_decides_and_fewer_than_ten_have_no_beat(
    signals: list[int], score: str | None
) -> None:
    found = beats(many(signals))["all", "ask", "now"]
    assert (found["score"], found["basis"]) == (score, score and "signals")
    assert found["positive"] + found["neutral"] + found["negative"] == len(signals)


def test_a_persona_is_measured_on_its_own_target_group() -> None:
    found = beats(many([0] * 10))
    assert found["all", "ask", "now"]["cases"] == 10
    assert found["truus", "ask", "now"]["cases"] == 5
    assert found["truus", "ask", "now"]["score"] is None


def test_ten_answers_decide_above_the_signals() -> None:
    bench = many([2] * 10)
    for number in range(10):
        row = {"source": "calls", "sequence": number, "contact_id": f"c{number}"}
        row |= {"case_id": f"x{number:02}", "contacted_at": "2025-03-05 10:00+01"}
        bench.insert("raw.contacts", row | {"satisfaction": 4, "time_quality": "exact"})
    found = beats(bench)["all", "ask", "now"]
    assert (found["score"], found["basis"], found["satisfaction"]) == ("positive", "survey", 4)
    assert found["negative"] == 10


def test_what_is_desired_comes_from_the_configuration() -> None:
    wish = {"phase": "wait", "persona": "truus", "score": "neutral"}
    found = beats(town([("a", "2025-03-03 09:00+01", None)], desired=[wish]))
    assert found["truus", "wait", "desired"]["score"] == "neutral"
    assert found["truus", "wait", "desired"]["basis"] == "configuration"


def test_a_stretch_is_entered_and_left_and_holds_the_contacts_of_its_time() -> None:
    steps = [("a", "2025-03-03 09:00+01", None), ("b", "2025-03-05 09:00+01", None)]
    calls = [
        {"contacted_at": "2025-03-04 09:00+01", "channel": "telefoon"},
        {"contacted_at": "2025-03-05 09:00+01", "channel": "balie"},
        {"contacted_at": "2025-03-12 09:00+01", "channel": "balie"},
    ]
    bench = town(steps, calls, closed_at="2025-03-10 09:00+01")
    stretches = {row["visit"]: row["phase"] for row in bench.build("core.phase_stretches")}
    assert stretches == {1: "ask", 2: "wait"}
    found = [(row["visit"], row["channel"]) for row in bench.build("core.phase_contacts")]
    assert sorted(found) == [(1, "telefoon"), (2, "balie")]


def test_contact_moments_are_counted_per_phase_and_channel_for_a_hundred_stretches() -> None:
    calls = [
        {"contacted_at": "2025-03-03 10:00+01", "channel": "telefoon"},
        {"contacted_at": "2025-03-03 11:00+01", "channel": "telefoon"},
        {"contacted_at": "2025-03-03 12:00+01", "channel": "balie", "follows": "c1"},
    ]
    bench = town([("a", "2025-03-03 09:00+01", None)], calls, closed_at="2025-03-04 09:00+01")
    [row] = bench.build("mart.contact_moments")
    told = {name: row[name] for name in ("phase", "moment", "channel", "contacts", "cases")}
    assert told == {
        "phase": "ask",
        "moment": "now",
        "channel": "telefoon",
        "contacts": 2,
        "cases": 1,
    }
    assert (row["stretches"], row["per_100"]) == (1, 200.0)


def test_the_heartbeat_looks_at_the_configured_days_and_else_at_half_years() -> None:
    bench = town([("a", "2025-03-03 09:00+01", None)])
    spans = {
        r["moment"]: (r["first_day"], r["last_day"]) for r in bench.build("core.heartbeat_spans")
    }
    now, before = spans["now"], spans["before"]
    assert now == (date(2025, 3, 1), date(2025, 3, 31))
    assert (before[1] - before[0]).days == 181


def test_the_work_on_a_journey_goes_through_the_phases_of_the_method_in_order() -> None:
    permits, care = CONFIG["journeys"]
    days = {"design": "2025-03-01", "define": "2025-01-01", "discover": "2025-02-01"}
    bench = Bench([{}], [{}], journeys=[permits | {"method": days}, care])
    found = [(row["phase"], row["started_on"].month) for row in bench.build("mart.method_phases")]
    assert found == [("define", 1), ("discover", 2), ("design", 3)]
