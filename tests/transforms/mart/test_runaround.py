"""Van het kastje naar de muur: what one question cost a resident in contacts and counters."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.desk import Desk

EDGES = ("2024-06-01 10:00+02", "2025-06-30 10:00+02")


def asked(*calls: dict[str, Any]) -> list[tuple[int, int, int, int]]:
    """Contacts, teams, unanswered and runaround of each question of one resident, in order; the
    source is seen long before and after."""
    desk = Desk()
    for edge in EDGES:
        desk.call(edge, client="somebody else", topic="Anders")
    for row in calls:
        desk.call(**row)
    rows = sorted(desk.build("core.questions"), key=lambda row: row["contact_key"])
    columns = ("contacts", "teams", "unanswered", "runaround")
    return [tuple(row[name] for name in columns) for row in rows]


def call(day: str, team: str | None = "KCC", answered: bool = True, **more: Any) -> dict[str, Any]:
    result = "Zelfstandig afgehandeld" if answered else "Doorverbonden naar afdeling"
    return {"at": f"2025-{day} 10:00+01", "team": team, "result": result, **more}


def test_a_question_that_is_settled_at_once_is_no_runaround() -> None:
    assert asked(call("01-10")) == [(1, 1, 0, 0)]


def test_counters_unanswered_contacts_and_repeats_add_up() -> None:
    calls = [call("01-10", "KCC", False), call("01-12", "Desk", False), call("01-20", "Desk")]
    assert asked(*calls) == [(3, 2, 2, 5)]


def test_what_comes_after_28_days_is_another_question() -> None:
    assert asked(call("01-01"), call("01-29", "Desk"), call("03-10")) == [
        (2, 2, 0, 2),
        (1, 1, 0, 0),
    ]


def test_another_topic_is_another_question() -> None:
    assert asked(call("01-10"), call("01-11", topic="Paspoort")) == [(1, 1, 0, 0)] * 2


@pytest.mark.parametrize("more", [{"client": None}, {"direction": "outbound"}])
def test_who_is_not_known_or_did_not_ask_has_no_question(more: dict[str, Any]) -> None:
    assert asked(call("01-10", **more)) == []


def test_the_index_and_the_share_of_three_or_more() -> None:
    desk = Desk()
    for edge in EDGES:
        desk.call(edge, client="somebody else", topic="Anders")
    for client, team, answered in (("a", "A", False), ("a", "B", True), ("b", "A", True)):
        desk.call(**call("02-03", team, answered, client=client))
    rows = desk.build("mart.kpi_values")
    found = {
        row["definition"]: (row["n"], row["value"])
        for row in rows
        if (row["kpi"], row["journey"], row["segment"], row["period"])
        == ("runaround", "permits", "all", "all")
    }
    assert found == {"runaround.mean": (2, 1.5), "runaround.three_or_more": (2, 50)}


DAYS = st.lists(st.tuples(st.integers(1, 90), st.sampled_from(["A", "B", None])), max_size=5)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(days=DAYS)
def test_every_contact_is_in_one_question_and_a_stranger_adds_but_their_own(
    days: list[tuple[int, str | None]],
) -> None:
    calls = [
        call(f"{1 + day // 28:02}-{1 + day % 28:02}", team) | {"sequence": number}
        for number, (day, team) in enumerate(sorted(days, key=lambda pair: pair[0]))
    ]
    found = asked(*calls)
    assert sum(contacts for contacts, *_ in found) <= len(calls)
    stranger = call("02-14", client="stranger", topic="Anders")
    assert sorted(asked(*calls, stranger)) == sorted([*found, (1, 1, 0, 0)])
