"""Five-row tests of where the time goes, what is under way, and who hands over to whom."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.sql_bench import CONFIG, Bench, models
from transforms.models import failing_rows

PHASED = [
    CONFIG["journeys"][0]
    | {
        "phases": [
            {"id": "ask", "name": "Vraag", "activities": ["asked"]},
            {"id": "decide", "name": "Besluit", "activities": ["decided"]},
        ]
    },
    CONFIG["journeys"][1],
]


def at(day: int, hour: int = 9, month: int = 3) -> str:
    return f"2025-{month:02}-{day:02} {hour:02}:00+01"


def event(case: str, activity: str, day: int, **more: Any) -> dict[str, Any]:
    return {"case_id": case, "activity": activity, "occurred_at": at(day)} | more


def case(name: str, first: int, last: int | None = None) -> dict[str, Any]:
    closed = None if last is None else at(last)
    return {"case_id": name, "opened_at": at(first), "closed_at": closed}


def test_the_stretch_that_took_the_most_days_in_all_comes_first() -> None:
    events = [event("a", "asked", 3), event("a", "seen", 4), event("a", "decided", 14)]
    events += [event("b", "asked", 3), event("b", "seen", 6)]
    first, second = Bench(events, [case("a", 3), case("b", 3)]).build("mart.bottlenecks")
    assert (first["from_activity"], first["to_activity"], first["total_days"]) == (
        "seen",
        "decided",
        10,
    )
    assert (second["occurrences"], second["cases"], second["total_days"]) == (2, 2, 4)
    assert (second["median_days"], second["slow_days"]) == (2, 1)
    assert first["share"] == pytest.approx(100 * 10 / 14)


def test_waiting_is_told_in_working_days_as_well() -> None:
    """From Friday 9:00 to Monday 9:00 is three days, of which one is worked."""
    [row] = Bench([event("a", "x", 7), event("a", "y", 10)], [case("a", 7)]).build(
        "mart.bottlenecks"
    )
    assert (row["median_days"], row["median_working_days"]) == (3, pytest.approx(1))


def test_a_stretch_outside_the_calendar_has_no_working_days_but_all_else() -> None:
    events = [
        event("a", step, 3, occurred_at=f"1985-03-0{day} 09:00+01", team=team)
        for step, day, team in (("x", 4, "F"), ("y", 6, "B"))
    ]
    [row] = Bench(events, [case("a", 3)]).build("mart.bottlenecks")
    assert (row["median_days"], row["slow_days"], row["handoff_share"]) == (2, 0, 100)
    assert row["median_working_days"] is None


def test_a_handoff_on_a_stretch_counts_where_both_teams_are_known() -> None:
    events = [
        event(name, step, day, team=team)
        for name, teams in {"a": "FB", "b": "FF", "c": ["F", None]}.items()
        for step, day, team in zip("xy", (3, 4), teams, strict=True)
    ]
    [row] = Bench(events, [case(name, 3) for name in "abc"]).build("mart.bottlenecks")
    assert (row["occurrences"], row["handoff_share"]) == (3, 50)


def test_cases_wait_after_their_last_event_while_open() -> None:
    events = [event("a", "asked", 3), event("b", "asked", 4), event("c", "asked", 5)]
    events.append(event("c", "decided", 7))
    bench = Bench(events, [case("a", 3), case("b", 4), case("c", 5, 7)])
    asked, decided = bench.build("mart.activity_queues")
    assert (asked["cases"], asked["waiting_cases"], decided["waiting_cases"]) == (3, 2, 0)
    assert decided["waiting_median_days"] is None
    # Until the cut-off of 1 July, 0:00 summer time: 119.5 and 118.5 days and ten hours.
    assert asked["waiting_median_days"] == pytest.approx(119 + 0.5 - 10 / 24 + 0 / 24, abs=0.1)


def test_the_busiest_day_and_batches_show_in_the_rhythm() -> None:
    """Three cases on one Thursday at the same minute, one on a Friday."""
    events = [event(name, "x", 6) for name in "abc"] + [event("d", "x", 7)]
    [row] = Bench(events, [case(name, 6) for name in "abcd"]).build("mart.activity_queues")
    assert (row["busiest_weekday"], row["busiest_weekday_share"]) == (4, 75)
    assert row["batched_share"] == 75


def test_days_alone_are_no_batch() -> None:
    events = [event(name, "x", 6, time_quality="day") for name in "abc"]
    [row] = Bench(events, [case(name, 6) for name in "abc"]).build("mart.activity_queues")
    assert row["batched_share"] is None


def test_work_in_progress_is_counted_at_the_end_of_each_week_by_phase() -> None:
    """From Monday 3 March: in the first week asked, in the second decided, then gone."""
    events = [event("a", "asked", 3), event("a", "decided", 11), event("a", "decided", 18)]
    rows = Bench(events, [case("a", 3, 18)], journeys=PHASED).build("mart.work_in_progress")
    assert [(row["week_start"], row["phase"], row["cases"]) for row in rows] == [
        (date(2025, 3, 3), "ask", 1),
        (date(2025, 3, 10), "decide", 1),
    ]


def test_a_case_without_a_phase_is_under_way_as_well() -> None:
    rows = Bench([event("a", "x", 3)], [case("a", 3, 12)]).build("mart.work_in_progress")
    assert [(row["week_start"], row["phase"]) for row in rows] == [(date(2025, 3, 3), "none")]


def test_an_open_case_is_under_way_until_the_cut_off() -> None:
    rows = Bench([event("a", "x", 3)], [case("a", 3)]).build("mart.work_in_progress")
    assert rows[-1]["week_start"] == date(2025, 6, 23)
    assert len(rows) == 17


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 28), st.integers(0, 60)), min_size=1, max_size=8))
def test_as_many_are_under_way_as_began_and_did_not_end(spans: list[tuple[int, int]]) -> None:
    cases, events = [], []
    for number, (first, days) in enumerate(spans):
        month, day = divmod(first + days - 1, 28)
        name = str(number)
        cases.append(
            {
                "case_id": name,
                "opened_at": at(first),
                "closed_at": at(day + 1, 10, 3 + month),
            }
        )
        events += [event(name, "asked", first), event(name, "decided", min(first + 2, 28))]
    bench = Bench(events, cases, journeys=PHASED)
    rows = bench.build("mart.work_in_progress")
    told: Counter[date] = Counter()
    for row in rows:
        told[row["week_start"]] += row["cases"]
    for week, in_progress in told.items():
        [(expected,)] = bench.connection.execute(
            "select count(*) from core.cases where opened_on <= ? and closed_on > ?",
            [date.fromordinal(week.toordinal() + 6)] * 2,
        ).fetchall()
        assert in_progress == expected


def test_the_spectrum_has_every_passage_of_the_worst_stretches_in_a_quarter() -> None:
    events = []
    for number in range(8):
        events += [event(str(number), "x", 3), event(str(number), "y", 4 + number)]
    rows = Bench(events, [case(str(n), 3) for n in range(8)]).build("mart.performance_spectrum")
    assert [(row["quarter"], row["passages"]) for row in rows] == [(q, 2) for q in (1, 2, 3, 4)]


def test_handoffs_are_counted_between_units_with_the_way_back() -> None:
    hands = {"a": "FBF", "b": "FB"}
    events = [
        event(name, f"{team}{day}", 3 + day, team=team)
        for name, teams in hands.items()
        for day, team in enumerate(teams)
    ]
    rows = Bench(events, [case(name, 3) for name in hands]).build("mart.handover_network")
    told = {
        (row["from_unit"], row["to_unit"]): (row["handoffs"], row["cases"], row["ping_pongs"])
        for row in rows
        if row["level"] == "team"
    }
    assert told == {("F", "B"): (2, 2, 0), ("B", "F"): (1, 1, 1)}
    assert {row["median_days"] for row in rows} == {1}
    assert not any(row["from_is_partner"] or row["to_is_partner"] for row in rows)


def test_no_person_is_in_the_network() -> None:
    events = [event("a", "x", 3, actor="p1"), event("a", "y", 4, actor="p2")]
    assert Bench(events, [case("a", 3)]).build("mart.handover_network") == []


LOGS = st.lists(st.lists(st.sampled_from("xyz"), min_size=1, max_size=6), min_size=1, max_size=6)


@settings(max_examples=4, deadline=None)
@given(LOGS, st.lists(st.sampled_from(["web", "desk", None]), min_size=6, max_size=6))
def test_parts_add_up_to_the_whole(paths: list[list[str]], channels: list[str | None]) -> None:
    """Every case began in some year; those of a known channel are in one of its parts."""
    events, cases = [], []
    for number, path in enumerate(paths):
        name = str(number)
        cases.append(case(name, 3) | {"channel": channels[number]})
        events += [event(name, step, 3 + place) for place, step in enumerate(path)]
    bench = Bench(events, cases)
    parts = bench.build("mart.process_edge_parts")
    whole = bench.build("mart.process_edges")
    told = {(r["from_activity"], r["to_activity"]): r for r in parts if r["part_kind"] == "year"}
    assert len(told) == len(whole)
    for row in whole:
        part = told[row["from_activity"], row["to_activity"]]
        for name in ("occurrences", "cases", "mean_s", "median_s"):
            assert part[name] == pytest.approx(row[name])
    by_activity = bench.build("mart.process_activity_parts")
    for kind in ("year", "channel"):
        counted = sum(r["occurrences"] for r in by_activity if r["part_kind"] == kind)
        known = [p for p, c in zip(paths, channels, strict=False) if kind == "year" or c]
        assert counted == sum(map(len, known))
    for table in ("mart.process_activity_parts", "mart.process_edge_parts"):
        for test in models()[table].tests:
            assert failing_rows(bench.connection, test)[0] == 0
