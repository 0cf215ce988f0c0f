"""Hand-computed tests of the KPIs of contacts: five rows each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.desk import SOURCES, Desk

SETTLED = "Zelfstandig afgehandeld"
STATUS = {
    "contacts": {
        "status_topics": ["Waar blijft het"],
        "wrong_number_topics": ["Verkeerd verbonden"],
    }
}


def week(**config: Any) -> Desk:
    """Monday asks and is called back; Wednesday asks again; a third asks anonymously; much later a
    fourth, so that every window but that of the last is over."""
    desk = Desk(**config)
    first = desk.call("2025-03-03 10:00+01", result="Contactverzoek gemaakt")
    desk.promise(first, "2025-03-03 10:05+01")
    desk.call("2025-03-05 10:00+01", result=SETTLED)
    desk.call("2025-03-06 10:00+01", client=None, result=SETTLED)
    desk.call("2025-05-05 10:00+02", result=SETTLED, channel="balie")
    desk.call("2025-06-30 10:00+02", client="another")
    return desk


@pytest.mark.parametrize(
    ("definition", "settled", "n"),
    [
        ("first_contact.registered.7d", 3, 4),
        ("first_contact.process.7d", 3, 4),
        ("first_contact.settled.7d", 2, 3),
        ("first_contact.settled.24h", 2, 3),
        ("first_contact.no_repeat.topic.24h", 3, 3),
        ("first_contact.no_repeat.topic.7d", 2, 3),
        ("first_contact.no_repeat.client.28d", 2, 3),
        ("first_contact.question.topic.24h", 2, 2),
        ("first_contact.question.topic.7d", 1, 1),
        ("first_contact.question.client.28d", 1, 1),
    ],
)
def test_first_contact_in_every_reading(definition: str, settled: int, n: int) -> None:
    """The first contact of all is at the left edge, so it begins no question that could be seen."""
    row = week().figures("mart.kpi_first_contact")[definition]
    assert (row["numerator"], row["n"]) == (settled, n)


def test_another_topic_is_a_repeat_by_the_client_alone() -> None:
    desk = Desk()
    desk.call("2025-03-03 10:00+01", topic="Vergunning")
    desk.call("2025-03-04 09:00+01", topic="Anders")
    desk.call("2025-03-31 10:00+02", client="another")
    found = desk.figures("mart.kpi_first_contact")
    assert found["first_contact.no_repeat.topic.7d"]["numerator"] == 2
    assert found["first_contact.no_repeat.client.7d"]["numerator"] == 1


def test_what_comes_later_in_the_source_at_the_same_instant_is_a_repeat() -> None:
    desk = Desk()
    desk.call("2025-03-03 10:00+01")
    desk.call("2025-03-03 10:00+01")
    desk.call("2025-03-31 10:00+02", client="another")
    rows = desk.build("core.contact_questions")
    gaps = [(r["before_us"], r["after_us"]) for r in rows if r["match_key"] == "client"]
    assert sorted(gaps, key=str) == [(0, None), (None, 0), (None, None)]


def test_a_reading_without_its_data_has_no_figure() -> None:
    desk = Desk(sources=[s for s in SOURCES if s["id"] != "promises"])
    for at in ("2025-03-03 10:00+01", "2025-03-17 10:00+01", "2025-03-31 10:00+02"):
        desk.call(at)
    found = desk.figures("mart.kpi_first_contact")
    assert {name.split(".")[1] for name in found} == {"no_repeat", "question"}
    assert "callbacks.promised" not in desk.figures("mart.kpi_callbacks")
    assert desk.figures("mart.kpi_failure_demand") == {}


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    desk = week(**STATUS)
    desk.call("2025-03-07 10:00+01", reason="waar blijft het ")
    desk.call("2025-03-07 10:01+01", topic="Verkeerd verbonden")
    desk.call("2025-03-07 10:02+01", direction="uitgaand")
    found = desk.figures("mart.kpi_contacts")
    reasons = {
        name.removeprefix("contacts.left_out."): row["numerator"]
        for name, row in found.items()
        if name.startswith("contacts.left_out.") and row["numerator"]
    }
    pending = {f"pending_{window}": 1 for window in ("24h", "7d", "14d", "28d")}
    assert reasons == {"status": 1, "wrong_number": 1, "outbound": 1, **pending}
    assert (found["contacts.inbound"]["value"], found["contacts.identified"]["n"]) == (7, 5)
    assert found["contacts.identified"]["numerator"] == 4
    assert found["contacts.labelled"]["numerator"] == 4
    asked = desk.figures("mart.kpi_first_contact")["first_contact.process.7d"]
    assert asked["n"] == 4


def test_contacts_of_no_journey_count_in_the_pool_alone() -> None:
    desk = week()
    desk.call("2025-03-03 11:00+01", topic="Anders", client="a fifth")
    desk.build("mart.kpi_first_contact")
    found = desk.rows(
        "select journey, segment_kind, segment, n from mart.kpi_first_contact"
        " where definition = 'first_contact.process.7d' and period = 'all' order by all"
    )
    assert [tuple(row.values()) for row in found] == [
        ("all", "all", "all", 5),
        ("all", "channel", "balie", 1),
        ("all", "service_formula", "ontwerp", 4),
        ("all", "topic", "Anders", 1),
        ("all", "topic", "Vergunning", 4),
        ("permits", "all", "all", 4),
        ("permits", "channel", "balie", 1),
        ("permits", "topic", "Vergunning", 4),
    ]


def test_a_contact_after_midnight_in_amsterdam_counts_in_the_new_month() -> None:
    desk = Desk()
    desk.call("2025-03-31 22:30+00", team="Balie")
    desk.build("core.contact_slices")
    months = desk.rows(
        "select distinct period from core.contact_slices where period_kind = 'month'"
    )
    assert months == [{"period": "2025-04"}]


def test_marks_are_shown_from_ten_on() -> None:
    desk = Desk()
    for mark in range(1, 10):
        desk.call("2025-03-03 10:00+01", satisfaction=mark)
    assert "satisfaction.mean" not in desk.figures("mart.kpi_contacts")
    desk.call("2025-03-04 10:00+01", satisfaction=10)
    row = desk.figures("mart.kpi_contacts")["satisfaction.mean"]
    assert (row["n"], row["value"]) == (10, 5.5)
    assert row["upper"] - row["value"] == pytest.approx(1.959963985 * (82.5 / 9 / 10) ** 0.5)


def promises() -> Desk:
    """Kept; late; open and overdue; open and not yet due; the cut-off is 1 July 2025."""
    desk = Desk(sources=[s | {"complete_until": "2025-07-01T00:00:00+02:00"} for s in SOURCES])
    for promised, due, done, attempts in (
        ("2025-06-02 10:00+02", "2025-06-04 10:00+02", "2025-06-04 10:00+02", 1),
        ("2025-06-02 10:00+02", "2025-06-04 10:00+02", "2025-06-06 10:00+02", 3),
        ("2025-06-20 00:00+02", "2025-06-24 10:00+02", None, 2),
        ("2025-06-30 00:00+02", "2025-07-02 10:00+02", None, 0),
    ):
        name = desk.call(promised)
        desk.promise(name, promised, due_at=due, done_at=done, attempts=attempts, team="Balie")
    desk.call("2025-06-30 10:00+02")
    return desk


@pytest.mark.parametrize(
    ("definition", "numerator", "n"),
    [
        ("callbacks.kept.closed", 1, 2),
        ("callbacks.kept.due", 1, 3),
        ("callbacks.attempts.mean", 4, 2),
        ("callbacks.attempts.first", 1, 3),
        ("callbacks.promised", 4, 5),
    ],
)
def test_callbacks_that_are_open_and_overdue_are_late(
    definition: str, numerator: float, n: int
) -> None:
    row = promises().figures("mart.kpi_callbacks")[definition]
    assert (row["numerator"], row["n"]) == (numerator, n)


def test_time_to_done_and_age_of_the_open_ones() -> None:
    found = promises().figures("mart.kpi_callbacks")
    assert found["callbacks.time_to_done.median"]["value"] == 3
    assert found["callbacks.time_to_done.p90"]["value"] == pytest.approx(3.8)
    assert found["callbacks.open_age.median"]["value"] == 6
    assert found["callbacks.open_age.p90"]["value"] == pytest.approx(10)
    assert "callbacks.reopened" not in found


def test_exports_cannot_show_what_was_reopened_and_pulls_can() -> None:
    desk = Desk()
    for name, done in (("t", "2025-03-04 10:00+01"), ("u", None)):
        desk.pulled(name)
        task = {"internetaak": name, "klantcontact": name, "toegewezen_op": "2025-03-03 10:00+01"}
        if done:
            was = {"status": "verwerkt", "afgehandeld_op": done, "observed_to": "2025-07-02"}
            desk.seen("ki_internetaken", **task, **was)
        desk.seen("ki_internetaken", **task, status="te_verwerken")
    row = desk.figures("mart.kpi_callbacks")["callbacks.reopened"]
    assert (row["numerator"], row["n"]) == (1, 2)


def test_a_norm_in_working_days_stands_in_for_a_due_date() -> None:
    """From the Thursday before Easter two working days end on the Wednesday after."""
    desk = Desk(contacts={"callback_working_days": 2})
    done = ["2025-04-23 23:59+02", "2025-04-24 00:01+02"]
    for at in done:
        desk.promise(desk.call("2025-04-17 10:00+02"), "2025-04-17 10:00+02", done_at=at)
    registered = {"due_at": "2025-04-18 10:00+02", "done_at": "2025-04-17 10:30+02"}
    desk.promise(desk.call("2025-04-17 10:00+02"), "2025-04-17 10:00+02", **registered)
    rows = desk.build("core.callbacks")
    assert sorted(row["is_due_registered"] for row in rows) == [False, False, True]
    kept = desk.figures("mart.kpi_callbacks")["callbacks.kept.closed"]
    assert (kept["numerator"], kept["n"]) == (2, 3)


def test_a_promise_that_two_exports_tell_of_is_one_and_the_last_word_counts() -> None:
    desk = Desk()
    name = desk.call("2025-03-03 10:00+01")
    desk.promise(name, "2025-03-03 10:05+01", attempts=1)
    desk.promise(name, "2025-03-03 10:05+01", sequence=9, done_at="2025-03-05 10:05+01", attempts=2)
    [row] = desk.build("core.callbacks")
    assert (row["attempts"], row["done_at"].day) == (2, 5)


def waiting() -> Desk:
    """Case a, open from 3 to 13 March: asked about twice, once by word and with a callback; one
    contact is the request itself, one says what it is but not which case it is about."""
    desk = Desk(**STATUS)
    desk.connection.execute("update raw.cases set closed_at = '2025-03-13 09:00+01', client = 'me'")
    desk.call("2025-02-01 10:00+01", client="another")
    desk.call("2025-03-03 10:00+01", case_id="a")
    desk.call("2025-03-05 10:00+01", case_id="a")
    asked = desk.call("2025-03-06 10:00+01", case_id="a", reason="Waar blijft het")
    desk.promise(asked, "2025-03-06 10:05+01")
    desk.call("2025-03-07 10:00+01", reason="Waar blijft het")
    desk.call("2025-03-20 10:00+01", case_id="a")
    return desk


@pytest.mark.parametrize(
    ("definition", "numerator", "denominator"),
    [
        ("failure_demand.status.words", 2, 6),
        ("failure_demand.status.process", 1, 6),
        ("failure_demand.linked", 1, 2),
    ],
)
def test_who_only_asks_where_it_stands_in_two_readings(
    definition: str, numerator: float, denominator: float
) -> None:
    row = waiting().figures("mart.kpi_failure_demand")[definition]
    assert (row["numerator"], row["denominator"]) == (numerator, denominator)


def test_status_questions_per_case_and_per_thirty_days_of_waiting() -> None:
    found = waiting().figures("mart.kpi_failure_demand", "permits")
    for reading in ("words", "process"):
        assert found[f"failure_demand.per_case.{reading}"]["numerator"] == 1
        per_month = found[f"failure_demand.per_30_days.{reading}"]
        assert per_month["denominator"] == pytest.approx(10 / 30)


def test_a_contact_for_which_a_new_case_began_asks_for_that() -> None:
    desk = waiting()
    desk.insert(
        "raw.cases",
        {"sequence": 2, "case_id": "b", "case_type": "care", "client": "me", "has_conflicts": False}
        | {"opened_at": "2025-03-05 15:00+01"},
    )
    row = desk.figures("mart.kpi_failure_demand")["failure_demand.status.process"]
    assert row["numerator"] == 0


def matured(desk: Desk, definition: str) -> dict[str, bool]:
    desk.build("mart.kpi_values")
    rows = desk.rows(
        "select period, is_mature from mart.kpi_values where period_kind = 'month'"
        f" and journey = 'all' and segment = 'all' and definition = '{definition}'"
    )
    return {row["period"]: row["is_mature"] for row in rows}


def test_a_month_is_mature_once_the_window_of_its_last_contact_has_closed() -> None:
    desk = Desk(sources=[s | {"complete_until": "2025-07-01T00:00:00+02:00"} for s in SOURCES])
    for day in ("2025-03-03", "2025-04-30", "2025-05-12"):
        desk.call(f"{day} 10:00+02", client=day)
    assert matured(desk, "first_contact.no_repeat.client.7d") == {"2025-03": True, "2025-04": True}
    assert matured(desk, "first_contact.no_repeat.client.28d") == {"2025-03": True}
    desk.call("2025-05-20 10:00+02")
    desk.call("2025-04-30 11:00+02", client="late")
    assert matured(desk, "first_contact.no_repeat.client.14d") == {
        "2025-03": True,
        "2025-04": True,
    }
    assert matured(desk, "contacts.inbound") == dict.fromkeys(
        ("2025-03", "2025-04", "2025-05"), True
    )


def test_callbacks_are_mature_once_all_were_due_or_nearly_all_done() -> None:
    desk = promises()
    assert matured(desk, "callbacks.kept.due") == {"2025-06": False}
    desk.connection.execute("update raw.callbacks set due_at = '2025-06-30 23:00+02'")
    assert matured(desk, "callbacks.kept.due") == {"2025-06": True}
    assert matured(desk, "callbacks.time_to_done.median") == {"2025-06": False}
    desk.connection.execute("update raw.callbacks set done_at = '2025-07-01 00:00+02'")
    assert matured(desk, "callbacks.time_to_done.median") == {"2025-06": True}


def test_months_whose_coverage_moved_are_not_comparable() -> None:
    """75, then 50, then 50 percent known; at 100 and 90 the residents are known well enough."""
    desk = Desk()
    known = {"2025-01": (3, 1), "2025-02": (2, 2), "2025-03": (2, 2), "2025-04": (9, 1)}
    for month, (named, nameless) in known.items():
        for number in range(named):
            desk.call(f"{month}-03 10:00+01", client=f"{month}{number}")
        for _ in range(nameless):
            desk.call(f"{month}-03 10:00+01", client=None)
    desk.call("2025-06-03 10:00+02")
    desk.build("mart.kpi_values")
    rows = desk.rows(
        "select definition, period, is_comparable from mart.kpi_values where journey = 'all'"
        " and segment = 'all' and period_kind = 'month' and period < '2025-06' and definition in"
        " ('first_contact.no_repeat.client.7d', 'first_contact.process.7d')"
    )
    assert {
        row["period"]: row["is_comparable"] for row in rows if "no_repeat" in row["definition"]
    } == {"2025-01": True, "2025-02": False, "2025-03": True, "2025-04": True}
    assert {row["is_comparable"] for row in rows if "process" in row["definition"]} == {None}
    moved = {row["period"]: row["moved"] for row in desk.build("core.contact_coverage")}
    assert moved["2025-02"] == -25


def test_every_contact_is_in_one_group_and_every_figure_in_its_slice() -> None:
    desk = promises()
    desk.build("mart.kpi_values")
    grouped = desk.rows(
        "select sum(contacts) as n from core.contact_slices where journey = 'all'"
        " and segment_kind = 'all' and period_kind = 'all'"
    )
    assert grouped == [{"n": len(desk.rows("from core.contact_groups"))}]
    sizes = desk.rows(
        "select counts, size from core.slice_sizes where journey = 'all'"
        " and segment_kind = 'all' and period = 'all' order by counts"
    )
    assert sizes == [{"counts": "callbacks", "size": 4}, {"counts": "contacts", "size": 5}]
    assert len(desk.rows("select distinct callback_key from core.callback_slices")) == 4
    ages = desk.rows("select distinct age_days from core.contact_cohorts where period = '2025-06'")
    assert ages == [{"age_days": 1}]
    assert desk.rows("from core.status_contacts") == []
    assert desk.rows("from mart.kpi_values where n_excluded < 0") == []
