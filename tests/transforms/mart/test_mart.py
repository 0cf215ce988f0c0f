"""Five-row tests of the mart models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.sql_bench import Bench, models
from transforms.models import failing_rows


def figures(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {r["definition"]: r for r in rows if (r["segment"], r["period"]) == ("all", "all")}


def closed(days: list[int]) -> Bench:
    """Cases of so many days each, from 1 June 2025."""
    names = [str(i) for i in range(len(days))]
    start = "2025-06-01 00:00+02"
    cases = [
        {"case_id": n, "opened_at": start, "closed_at": f"2025-06-{1 + d:02} 00:00+02"}
        for n, d in zip(names, days, strict=True)
    ]
    return Bench([{"case_id": n, "occurred_at": start} for n in names], cases)


def test_median_and_p90_are_interpolated() -> None:
    found = figures(closed([1, 2, 3, 6]).build("mart.kpi_lead_time"))
    assert found["lead_time.closed.median"]["value"] == pytest.approx(2.5)
    assert found["lead_time.closed.p90"]["value"] == pytest.approx(5.1)


def test_rmst_is_known_once_every_case_has_ended() -> None:
    found = figures(closed([1, 2, 3, 6]).build("mart.kpi_survival"))
    assert found["lead_time.km.rmst56"]["value"] == pytest.approx(3)


def test_the_last_day_is_on_time_and_an_overdue_open_case_is_late() -> None:
    term = {"opened_at": "2025-03-03 09:00+01", "legal_end_at": "2025-04-28 09:00+02"}
    ends = ["2025-04-28 23:30+02", "2025-04-29 00:30+02", None]
    cases = [{"case_id": str(i), "closed_at": end, **term} for i, end in enumerate(ends)]
    found = figures(Bench([{"case_id": str(i)} for i in range(3)], cases).build("mart.kpi_on_time"))
    counts = {name: (row["numerator"], row["n"]) for name, row in found.items()}
    assert counts["on_time.closed.exact"] == (0, 2)
    assert counts["on_time.closed.calendar"] == (1, 2)
    assert counts["on_time.due.rolled"] == (1, 3)


def test_no_lower_end_is_given_where_none_is_computed() -> None:
    found = figures(Bench([{"team": "A"}, {"team": "B"}], [{}]).build("mart.kpi_values"))
    row = found["handoffs.team.per_case"]
    assert (row["value"], row["lower"], row["upper"]) == (1, None, None)


def test_two_journeys_never_mix() -> None:
    events = [{"case_id": c, "activity": a} for c in "ab" for a in (c, "x")]
    cases = [{"case_id": "a"}, {"case_id": "b", "case_type": "care"}]
    rows = Bench(events, cases).build("mart.process_edges")
    found = {(r["journey"], r["from_activity"], r["to_activity"]) for r in rows}
    assert found == {("permits", "a", "x"), ("care", "b", "x")}


@pytest.mark.parametrize(
    "name",
    [
        "mart.process_edges",
        "mart.process_variants",
        "mart.process_activities",
        "mart.bottlenecks",
        "mart.activity_queues",
        "mart.performance_spectrum",
    ],
)
def test_what_two_journeys_do_alike_is_told_of_each_by_itself(name: str) -> None:
    def events(case: str, hours: int) -> list[dict[str, Any]]:
        day = f"2025-03-0{hours}"
        return [
            {"case_id": case, "activity": "a", "occurred_at": f"{day} 09:00+01"},
            {"case_id": case, "activity": "x", "occurred_at": f"{day} {9 + hours}:00+01"},
        ]

    permit, care = {"case_id": "p"}, {"case_id": "c", "case_type": "care"}
    both = Bench(events("p", 3) + events("c", 5), [permit, care]).build(name)
    alone = [
        *Bench(events("c", 5), [care]).build(name),
        *Bench(events("p", 3), [permit]).build(name),
    ]
    assert {row["journey"] for row in both} == {"care", "permits"}
    assert sorted(map(str, both)) == sorted(map(str, alone))


@pytest.mark.parametrize(
    "name", ["mart.process_edges", "mart.process_variants", "mart.process_activities"]
)
def test_an_emptied_table_fails_its_count(name: str) -> None:
    bench = Bench([{}, {"activity": "y"}], [{}])
    bench.build(name)
    bench.connection.execute(f"delete from {name}")
    count = next(t for t in models()[name].tests if t.name.endswith("_counted"))
    assert failing_rows(bench.connection, count)[0] == 1


@pytest.mark.parametrize(
    "name", ["mart.process_edges", "mart.process_variants", "mart.process_activities"]
)
def test_a_case_of_which_only_start_and_end_are_known_blocks_nothing(name: str) -> None:
    known = {"case_id": "b", "opened_at": "2025-03-03 09:00+01", "closed_at": "2025-03-05 09:00+01"}
    bench = Bench([{}, {"activity": "y"}], [{}, known])
    bench.build("core.cases")
    assert {r["event_count"] for r in bench.rows("from core.cases")} == {0, 2}
    bench.build(name)
    for test in models()[name].tests:
        assert failing_rows(bench.connection, test)[0] == 0
