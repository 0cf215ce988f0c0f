"""Each rule: who is judged, who breaks it, and by how many days."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.sql_bench import CONFIG, Bench


def checked(
    rule: dict[str, Any],
    steps: list[tuple[str, int]],
    closed: bool = True,
    actors: str = "",
    teams: str = "",
) -> tuple[bool, float | None] | None:
    """(is_broken, lost_days) of one case with steps on these days of March, null if not judged."""
    events = [
        {
            "activity": name,
            "occurred_at": f"2025-03-{day:02} 21:30+01",
            "actor": actors[place] if actors else None,
            "team": teams[place] if teams else None,
        }
        for place, (name, day) in enumerate(steps)
    ]
    bench = Bench(
        events,
        [{"closed_at": "2025-04-01 09:00+02" if closed else None}],
        journeys=[CONFIG["journeys"][0] | {"rules": [rule]}],
    )
    rows = bench.build("core.rule_checks")
    return (rows[0]["is_broken"], rows[0]["lost_days"]) if rows else None


PRECEDENCE = {"kind": "precedence", "first": "ask", "then": "decide"}
RESPONSE = {"kind": "response", "first": "ask", "then": "decide"}
WITHIN = {"kind": "within", "first": "ask", "then": "decide", "days": 5}
EYES = {"kind": "four_eyes", "first": "ask", "then": "decide"}
HANDS = {"kind": "handoffs", "at_most": 1}


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([("ask", 3), ("decide", 4)], (False, None)),
        ([("decide", 3), ("ask", 4)], (True, None)),
        ([("decide", 3)], (True, None)),
        ([("ask", 3), ("decide", 4), ("decide", 5)], (False, None)),
        ([("ask", 3)], None),
    ],
)
def test_only_after(steps: list[tuple[str, int]], told: object) -> None:
    assert checked(PRECEDENCE, steps) == told


@pytest.mark.parametrize(
    ("steps", "closed", "told"),
    [
        ([("ask", 3), ("decide", 4)], True, (False, None)),
        ([("ask", 3), ("decide", 4), ("ask", 5)], True, (True, None)),
        ([("ask", 3)], True, (True, None)),
        ([("ask", 3)], False, None),
        ([("decide", 3)], True, None),
    ],
)
def test_is_followed_by(steps: list[tuple[str, int]], closed: bool, told: object) -> None:
    assert checked(RESPONSE, steps, closed) == told


@pytest.mark.parametrize(
    ("steps", "closed", "told"),
    [
        ([("ask", 3), ("decide", 8)], True, (False, None)),
        ([("ask", 3), ("decide", 10)], True, (True, 2.0)),
        ([("ask", 26), ("decide", 31)], True, (False, None)),  # over the change of the clock
        ([("ask", 3)], True, (True, None)),
        ([("ask", 3)], False, (True, 115.0)),  # the cut-off is the first of July
        ([("decide", 3), ("ask", 4), ("decide", 5)], True, (False, None)),
    ],
)
def test_within_days(steps: list[tuple[str, int]], closed: bool, told: object) -> None:
    assert checked(WITHIN, steps, closed) == told


def test_an_open_case_whose_days_are_not_over_is_not_judged() -> None:
    assert checked(WITHIN | {"days": 200}, [("ask", 3)], closed=False) is None


@pytest.mark.parametrize(
    ("actors", "told"),
    [("pq", (False, None)), ("pp", (True, None)), ("p" + "\0", None)],
)
def test_four_eyes(actors: str, told: object) -> None:
    people = actors.replace("\0", " ")
    steps = [("ask", 3), ("decide", 4)]
    if "\0" in actors:
        bench_actors = [people[0], None]
        events = [
            {"activity": name, "occurred_at": f"2025-03-0{day} 09:00+01", "actor": who}
            for (name, day), who in zip(steps, bench_actors, strict=True)
        ]
        bench = Bench(events, [{}], journeys=[CONFIG["journeys"][0] | {"rules": [EYES]}])
        assert bench.build("core.rule_checks") == []
    else:
        assert checked(EYES, steps, actors=people) == told


@pytest.mark.parametrize(
    ("teams", "closed", "told"),
    [
        ("xxyy", True, (False, None)),
        ("xyxx", True, (True, 1.0)),
        ("xyxy", True, (True, 2.0)),
        ("xxyy", False, None),
        ("xyxy", False, (True, 2.0)),
    ],
)
def test_handoffs_and_the_waiting_beyond_those_allowed(
    teams: str, closed: bool, told: object
) -> None:
    steps = [("a", 3), ("b", 4), ("c", 5), ("d", 6)]
    assert checked(HANDS, steps, closed, teams=teams) == told


def test_rules_hold_for_their_journey_alone() -> None:
    bench = Bench(
        [{"case_id": "a", "activity": "decide"}, {"case_id": "b", "activity": "decide"}],
        [{"case_id": "a"}, {"case_id": "b", "case_type": "care"}],
        journeys=[CONFIG["journeys"][0] | {"rules": [PRECEDENCE]}, CONFIG["journeys"][1]],
    )
    assert [row["journey"] for row in bench.build("core.rule_checks")] == ["permits"]
