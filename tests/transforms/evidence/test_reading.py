"""What a verdict reads from the tables: what was seen, of whom, and how it was registered."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.transforms.sql_bench import CONFIG, Bench, models
from transforms.definitions import bodies_of
from transforms.evidence.checks import registration_unchanged
from transforms.evidence.history import Window, month_of
from transforms.evidence.reading import habits_of, items_of, seen, volume_of

TWO = [
    CONFIG["sources"][0] | {"complete_until": "2025-09-01T00:00:00+02:00"},
    CONFIG["sources"][0] | {"id": "other", "complete_until": "2025-06-01T00:00:00+02:00"},
]


def bench(rows: list[tuple[str, str, str, dict[str, Any]]], **config: Any) -> Bench:
    """Cases of one day, as source, day, activity and what else is said of the case."""
    events, cases = [], []
    for number, (source, day, activity, more) in enumerate(rows):
        key = {"case_id": str(number), "source": source}
        events.append(key | {"activity": activity, "occurred_at": f"{day} 09:00+01"})
        cases.append(key | {"opened_at": f"{day} 09:00+01", "closed_at": f"{day} 17:00+01"} | more)
    made = Bench(events, cases, **config)
    made.build("core.case_times")
    made.build("core.events")
    return made


def test_what_is_seen_ends_where_the_first_source_of_the_journey_ends() -> None:
    care = {"case_type": "care"}
    made = bench(
        [
            ("log", "2025-01-02", "x", {}),
            ("other", "2025-01-03", "x", {}),
            ("log", "2025-02-01", "x", care),
        ],
        sources=TWO,
    )
    assert seen(made.connection, "cases", "permits") == (date(2025, 1, 2), date(2025, 6, 1))
    assert seen(made.connection, "cases", "care") == (date(2025, 1, 2), date(2025, 9, 1))


def test_nothing_is_seen_of_a_journey_without_cases() -> None:
    made = bench([("log", "2025-01-02", "x", {})])
    assert seen(made.connection, "cases", "care") is None


def test_a_channel_can_be_left_out_of_a_journey() -> None:
    made = bench(
        [
            ("log", "2025-01-02", "x", {"channel": "web"}),
            ("log", "2025-01-03", "x", {"channel": "desk"}),
            ("log", "2025-01-04", "x", {}),
        ]
    )
    body = bodies_of(models())["lead_time.km.median"]

    def sizes(**part: str) -> tuple[int, int]:
        items = items_of(made.connection, body, "permits", **part)
        return len(items.value), len(volume_of(made.connection, "cases", "permits", **part))

    assert (sizes(), sizes(channel="web"), sizes(without="web")) == ((3, 3), (1, 1), (2, 2))


def test_a_step_that_comes_or_goes_altogether_is_another_registration() -> None:
    """Ten cases a month: in spring each has the old step and in autumn each has the new one."""
    rows = [
        ("log", f"2025-{month:02}-{day:02}", "old" if month < 7 else "new", {})
        for month in (*range(1, 7), *range(7, 13))
        for day in range(1, 11)
    ]
    made = bench(rows, sources=[CONFIG["sources"][0] | {"complete_until": "2026-02-01T00:00:00Z"}])
    habits = habits_of(made.connection, "cases", "permits")
    first, live, last = (month_of(date(2025, month, 1)) for month in (1, 7, 12))
    asked = Window(first, live - 1, live, last, 0.0, ())
    check = registration_unchanged(habits, asked, last)
    assert not check.passed
    assert set(check.facts["traits"]) == {"activity:new", "activity:old"}
    of_old = habits.trait == "activity:old"
    assert habits.hits[of_old].sum() == 60
    assert (habits.hits[of_old] == 0).sum() == 6
