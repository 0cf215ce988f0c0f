"""Which months are compared, and the sums by which they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.transforms.sql_bench import Bench

LIVE = [
    {
        "id": "form",
        "journey": "permits",
        "name": "Formulier",
        "went_live_on": "2025-03-10",
        "transition_days": 10,
    }
]


def months(**config: Any) -> list[tuple[str, str, date]]:
    """Cases of one day each, from December until the cut-off of 1 July."""
    starts = [date(2024, 12, 1), *(date(2025, month, 2) for month in range(1, 7))]
    cases = [
        {
            "case_id": str(day),
            "opened_at": f"{day} 09:00+01",
            "closed_at": f"{day.replace(day=day.day + 1)} 09:00+01",
        }
        for day in starts
    ]
    events = [{"case_id": str(day), "occurred_at": f"{day} 09:00+01"} for day in starts]
    rows = Bench(events, cases, **config).build("core.comparison_months")
    return sorted((row["comparison"], row["side"], row["month"]) for row in rows)


def test_the_month_of_go_live_and_the_transition_are_on_neither_side() -> None:
    found = [(side, month) for name, side, month in months(improvements=LIVE) if name == "form"]
    assert [month for side, month in found if side == "before"] == [
        date(2024, 12, 1),
        date(2025, 1, 1),
        date(2025, 2, 1),
    ]
    assert [month for side, month in found if side == "after"] == [
        date(2025, 4, 1),
        date(2025, 5, 1),
        date(2025, 6, 1),
    ]


def test_the_last_year_of_seven_months_has_nothing_before_it() -> None:
    assert {side for _, side, _ in months()} == {"after"}


def test_young_months_are_on_neither_side() -> None:
    """One case that took 90 days makes 90 days the time to wait."""
    cases = [
        {"case_id": "slow", "opened_at": "2025-01-02 09:00+01", "closed_at": "2025-04-02 09:00+02"},
        {"case_id": "new", "opened_at": "2025-05-02 09:00+02", "closed_at": "2025-05-03 09:00+02"},
    ]
    events = [{"case_id": c["case_id"], "occurred_at": c["opened_at"]} for c in cases]
    rows = Bench(events, cases).build("core.comparison_months")
    assert [row["month"] for row in rows] == [date(2025, 1, 1)]


def test_every_aspect_is_summed_per_month() -> None:
    day = "2025-03-0{} 09:00+01"
    paths = {"a": "xyx", "b": "xy"}
    events = [
        {"case_id": name, "activity": step, "occurred_at": day.format(3 + place), "team": step}
        for name, path in paths.items()
        for place, step in enumerate(path)
    ]
    cases = [
        {"case_id": "a", "opened_at": day.format(3), "closed_at": day.format(5), "channel": "web"},
        {"case_id": "b", "opened_at": day.format(3), "closed_at": None},
    ]
    rows = Bench(events, cases).build("core.process_months")
    assert {row["month"] for row in rows} == {date(2025, 3, 1)}
    told = {
        (r["part"], r["aspect"], r["activity"], r["other_activity"]): (r["items"], r["total"])
        for r in rows
    }
    assert told["all", "cases", None, None] == (2, 2)
    assert told["all", "handoffs", None, None] == (2, 3)
    assert told["all", "again", "x", None] == (2, 1)
    assert told["all", "activity", "y", None] == (2, 2)
    assert told["all", "edge", "y", "x"] == (2, 1)
    assert told["web", "edge", "x", "y"] == (1, 1)
    assert told["all", "variant", '["x", "y"]', None] == (2, 1)
    items, total = told["all", "edge_time", "x", "y"]
    assert (items, total) == (2, pytest.approx(2 * 11.3667, abs=0.001))
    assert told["all", "lead_time", None, None][0] == 1
    assert ("web", "edge_time", "x", "y") not in told


def test_an_hour_lies_in_the_day_and_weekday_of_amsterdam() -> None:
    """Half past eleven in the evening, UTC, is the next day; in summer from ten on."""
    stamps = ["2025-03-02 22:30+00", "2025-03-02 23:30+00", "2025-07-06 22:30+00"]
    rows = Bench([{"occurred_at": stamp} for stamp in stamps], [{}]).build("core.hours")
    assert sorted((row["day"], row["weekday"]) for row in rows) == [
        (date(2025, 3, 2), 7),
        (date(2025, 3, 3), 1),
        (date(2025, 7, 7), 1),
    ]


def test_a_case_is_in_every_part_that_it_belongs_to() -> None:
    cases = [
        {"case_id": "a", "opened_at": "2024-12-31 23:30+00", "channel": "web"},
        {"case_id": "b", "opened_at": "2024-12-31 09:00+00", "target_group": "young"},
    ]
    bench = Bench([{"case_id": "a"}, {"case_id": "b"}], cases)
    parts = {(row["part_kind"], row["part"]) for row in bench.build("core.case_parts")}
    assert parts == {
        ("year", "2025"),
        ("year", "2024"),
        ("channel", "web"),
        ("target_group", "young"),
        ("case_type", "permit"),
    }
    paths = bench.build("core.part_paths")
    assert sum(row["cases"] for row in paths if row["part_kind"] == "case_type") == 2
