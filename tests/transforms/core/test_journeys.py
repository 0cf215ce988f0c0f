"""Journeys: what goes together, by which rule, and what a whole journey measures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.desk import JOURNEYS, SOURCES
from tests.transforms.sql_bench import Bench

DAY = 86_400_000_000
ZGW = {"id": "zgw", "kind": "zgw", "zaken": "http://localhost/z", "catalogi": "http://localhost/c"}
Item = dict[str, Any]


def case(name: str, opened: str, closed: str | None = None, client: str | None = "me") -> Item:
    return {"case_id": name, "opened_at": opened, "closed_at": closed, "client": client}


def call(name: str, at: str, client: str | None = "me", **row: Any) -> Item:
    return {"contact_id": name, "contacted_at": at, "client": client, "topic": "Vergunning", **row}


class Town(Bench):
    """Cases of the file source and contacts of the telephone, in one journey with a gap of 30 days."""

    def __init__(self, cases: list[Item] = (), calls: list[Item] = ()) -> None:  # type: ignore[assignment]
        first, *others = JOURNEYS
        events = [{"case_id": c["case_id"], "occurred_at": c["opened_at"]} for c in cases]
        super().__init__(
            events, cases, sources=[*SOURCES, ZGW], journeys=[first | {"gap_days": 30}, *others]
        )
        for number, row in enumerate(calls, 1):
            usual = {"source": "calls", "sequence": number, "time_quality": "exact"}
            self.insert("raw.contacts", usual | row)

    def groups(self) -> set[frozenset[str]]:
        """The journeys as sets of the names of what they are made of."""
        self.build("core.journey_members")
        rows = self.rows(
            "select m.journey_key, coalesce(k.contact_id, c.case_id) as name"
            " from core.journey_members as m left join core.contacts as k"
            " on k.contact_key = m.contact_key left join core.cases as c on c.case_key = m.case_key"
        )
        found: dict[int, set[str]] = {}
        for row in rows:
            found.setdefault(row["journey_key"], set()).add(row["name"])
        return {frozenset(names) for names in found.values()}

    def rules(self) -> list[str]:
        return [row["rule"] for row in sorted(self.build("core.journey_members"), key=_place)]

    def journey(self) -> Item:
        [row] = self.build("core.journeys")
        return row


def _place(row: Item) -> int:
    return int(row["item_key"])


def test_a_resident_who_asks_again_within_the_gap_is_on_one_journey() -> None:
    calls = [
        call("a", "2025-03-01 10:00+01"),
        call("b", "2025-03-31 10:00+02"),
        call("c", "2025-05-01 10:00+02"),
    ]
    assert Town(calls=calls).groups() == {frozenset("ab"), frozenset("c")}


def test_the_gap_counts_from_the_end_of_a_case() -> None:
    cases = [case("x", "2025-01-01 00:00+01", "2025-04-01 00:00+02")]
    calls = [call("a", "2025-04-20 10:00+02"), call("b", "2025-06-20 10:00+02")]
    assert Town(cases, calls).groups() == {frozenset("xa"), frozenset("b")}


def test_an_anonymous_contact_counts_only_where_it_is_linked() -> None:
    cases = [case("x", "2025-03-03 00:00+01", None, client=None)]
    calls = [
        call("a", "2025-03-04 10:00+01", None, case_id="x"),
        call("b", "2025-03-04 11:00+01", None),
    ]
    town = Town(cases, calls)
    assert town.groups() == {frozenset("xa")}
    assert town.rules() == ["first", "linked"]


def test_an_explicit_link_is_stronger_than_the_resident() -> None:
    cases = [case("x", "2025-03-03 00:00+01", None, client="you")]
    calls = [call("a", "2025-03-04 10:00+01", case_id="x"), call("b", "2025-03-05 10:00+01")]
    assert Town(cases, calls).groups() == {frozenset("xa"), frozenset("b")}


def test_a_follow_up_of_a_follow_up_goes_with_the_first_question() -> None:
    calls = [
        call("a", "2025-03-03 10:00+01"),
        call("b", "2025-03-04 10:00+01", None, follows="a"),
        call("c", "2025-03-05 10:00+01", None, follows="b"),
    ]
    town = Town(calls=calls)
    assert town.groups() == {frozenset("abc")}
    assert town.rules() == ["first", "follow_up", "follow_up"]


def test_related_cases_of_different_residents_are_one_journey() -> None:
    town = Town()
    seen = {"source": "zgw", "_dlt_load_id": "1", "_dlt_id": "1"}
    seen |= {"observed_from": "2025-07-01 05:30+02"}
    town.seen("zgw_zaaktypen", zaaktype="t", identificatie="permit", **seen)
    for name, start, parent in (
        ("p", "2025-03-01", None),
        ("q", "2025-03-09", "p"),
        ("r", "2025-03-10", None),
    ):
        zaak = {"zaak": name, "zaaktype": "t", "startdatum": start, "hoofdzaak": parent}
        town.seen("zgw_zaken", is_opgeschort=False, **zaak, **seen)
    assert town.groups() == {frozenset("pq"), frozenset("r")}
    assert town.rules() == ["first", "related", "first"]


def test_a_journey_is_measured_from_the_first_contact_to_the_last_end() -> None:
    cases = [
        case("x", "2025-03-10 00:00+01", "2025-03-20 00:00+01") | {"channel": "web"},
        case("y", "2025-03-25 00:00+01", "2025-04-05 00:00+02"),
    ]
    calls = [
        call("a", "2025-03-03 00:00+01", channel="phone", team="KCC"),
        call("b", "2025-03-05 00:00+01", channel="phone", team="Desk"),
        call("c", "2025-03-22 00:00+01", channel="desk", case_id="x", direction="outbound"),
    ]
    found = Town(cases, calls).journey()
    wanted = {"cases": 2, "contacts": 2, "channels": 3, "teams": 2, "repeats": 1}
    wanted |= {"duration_us": 33 * DAY - DAY // 24, "before_case_us": 7 * DAY}
    assert {name: found[name] for name in wanted} == wanted


def test_a_journey_with_an_open_case_has_not_ended() -> None:
    found = Town([case("x", "2025-03-10 00:00+01")]).journey()
    assert (found["ended_at"], found["duration_us"]) == (None, None)


@pytest.mark.parametrize(("at", "has_ended"), [("2025-05-20", True), ("2025-06-20", False)])
def test_contacts_alone_are_a_journey_that_ends_once_the_gap_has_passed(
    at: str, has_ended: bool
) -> None:
    town = Town(calls=[call("a", f"{at} 10:00+02"), call("z", "2025-07-01 10:00+02", None)])
    town.connection.execute(
        "update config.sources set complete_until = '2025-07-01 10:00+02' where source = 'calls'"
    )
    assert (town.journey()["ended_at"] is not None) is has_ended


CALLS = st.lists(
    st.tuples(
        st.integers(0, 120), st.sampled_from(["me", "you", None]), st.sampled_from(["x", "y", None])
    ),
    max_size=6,
)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(calls=CALLS, order=st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing_and_a_stranger_changes_nothing(
    calls: list[tuple[int, str | None, str | None]], order: Any
) -> None:
    cases = [
        case("x", "2025-01-10 00:00+01", "2025-02-01 00:00+01"),
        case("y", "2025-03-01 00:00+01", None, "you"),
    ]
    rows = [
        call(
            f"c{number}",
            f"2025-{1 + day // 28:02}-{1 + day % 28:02} {number:02}:00+01",
            client,
            case_id=to,
        )
        for number, (day, client, to) in enumerate(calls)
    ]
    found = Town(cases, rows).groups()
    shuffled = order.sample(rows, len(rows))
    stranger = call("stranger", "2025-02-02 10:00+01", "stranger")
    assert Town(cases[::-1], shuffled).groups() == found
    assert Town(cases, [*rows, stranger]).groups() == found | {frozenset(["stranger"])}


def test_the_figures_of_journeys_leave_out_those_that_still_go_on() -> None:
    cases = [
        case("x", "2025-03-10 00:00+01", "2025-03-20 00:00+01"),
        case("y", "2025-03-10 00:00+01", "2025-03-14 00:00+01", "you"),
        case("z", "2025-03-10 00:00+01", None, "they"),
    ]
    calls = [call("a", "2025-03-08 00:00+01"), call("b", "2025-03-09 00:00+01", "they")]
    rows = Town(cases, calls).build("mart.kpi_values")
    found = {
        row["definition"]: (row["n"], row["n_excluded"], row["value"])
        for row in rows
        if (row["segment"], row["period"], row["kpi"]) == ("all", "all", "journey")
    }
    assert found["journey.duration.median"] == (2, 1, pytest.approx(8))
    assert found["journey.before_case.median"] == (2, 1, pytest.approx(1.5))
    assert found["journey.contacts.mean"] == (2, 1, 0.5)


def test_items_are_numbered_by_start_and_leave_out_who_cannot_be_placed() -> None:
    cases = [case("x", "2025-03-05 00:00+01")]
    calls = [call("a", "2025-03-03 10:00+01"), call("b", "2025-03-04 10:00+01", None)]
    rows = Town(cases, calls).build("core.journey_items")
    assert [(row["item_key"], row["kind"]) for row in rows] == [(1, "contact"), (2, "case")]


def test_a_journey_is_sliced_by_the_month_of_its_start() -> None:
    rows = Town([case("x", "2025-03-31 22:30+00")]).build("core.journey_slices")
    assert {(r["journey"], r["segment"], r["period"]) for r in rows} == {
        ("permits", "all", "all"),
        ("permits", "all", "2025-04"),
        ("all", "ontwerp", "all"),
        ("all", "ontwerp", "2025-04"),
    }
