"""Five-row tests of the contact models: who asked, what counts, and what is a repeat."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.desk import Desk


def test_a_contact_belongs_to_the_journey_of_its_case_else_of_its_topic() -> None:
    desk = Desk()
    by_case = desk.call("2025-03-03 10:00+01", case_id="a", topic="Anders")
    by_topic = desk.call("2025-03-03 11:00+01")
    neither = desk.call("2025-03-03 12:00+01", topic="Anders")
    found = desk.contacts()
    assert [found[name]["journey"] for name in (by_case, by_topic, neither)] == [
        "permits",
        "permits",
        None,
    ]
    assert found[by_case]["case_key"] == 1


def test_a_contact_that_an_export_gives_twice_is_one() -> None:
    desk = Desk()
    desk.call("2025-03-03 10:00+01", contact_id="x")
    desk.call("2025-03-03 10:00+01", contact_id="x", result="Onbekend")
    [row] = desk.contacts().values()
    assert (row["result"], row["is_resolved"]) == ("Onbekend", None)


def test_the_municipality_calling_is_outbound() -> None:
    desk = Desk()
    name = desk.call("2025-03-03 10:00+01", direction=" Uitgaand ")
    assert desk.contacts()[name]["is_inbound"] is False


@pytest.mark.parametrize(
    ("row", "is_inbound"),
    [
        ({"kanaal": "email"}, False),
        ({"kanaal": " SMS "}, False),
        ({"kanaal": "E-mail"}, True),
        ({"is_geautomatiseerd": True}, False),
        ({}, True),
    ],
)
def test_channels_and_automata_send(row: dict[str, Any], is_inbound: bool) -> None:
    desk = Desk()
    desk.pulled("x", **row)
    assert desk.build("core.ki_contacts")[0]["is_outbound"] is not is_inbound
    assert desk.contacts()["x"]["is_inbound"] is is_inbound


def test_a_contact_that_points_to_itself_follows_nothing() -> None:
    desk = Desk()
    desk.pulled("x")
    desk.seen("ki_onderwerpobjecten", onderwerpobject="o", klantcontact="x", was_klantcontact="x")
    assert desk.contacts()["x"]["is_follow_up"] is False


def test_the_resident_is_who_asked_and_not_who_was_present() -> None:
    desk = Desk()
    desk.pulled("x")
    for name, party, role, is_first in (
        ("1", "helper", "vertegenwoordiger", True),
        ("2", "b", "klant", False),
        ("3", "c", "klant", True),
    ):
        row = {"betrokkene": name, "partij": party, "rol": role, "is_initiator": is_first}
        desk.seen("ki_betrokkenen", klantcontact="x", **row)
    desk.seen("ki_partij_identificatoren", identificator="n", partij="c", client="me")
    assert desk.contacts()["x"]["client"] == "me"


def repeats(desk: Desk) -> list[dict[str, Any]]:
    desk.build("core.contact_repeats")
    return desk.rows(
        "select a.contact_id as first, b.contact_id as again from core.contact_repeats as r"
        " join core.contacts as a on a.contact_key = r.contact_key"
        " join core.contacts as b on b.contact_key = r.repeat_key order by 1"
    )


def test_a_repeat_asks_the_same_later() -> None:
    desk = Desk()
    first = desk.call("2025-03-03 10:00+01")
    again = desk.call("2025-03-05 10:00+01")
    desk.call("2025-03-06 10:00+01", topic="Anders")
    desk.call("2025-03-06 11:00+01", client="another")
    desk.call("2025-05-06 11:00+02")
    assert repeats(desk) == [{"first": first, "again": again}]


def test_two_cases_are_two_subjects_whatever_the_topic() -> None:
    desk = Desk()
    desk.call("2025-03-03 10:00+01", case_id="a")
    desk.call("2025-03-04 10:00+01", case_id="another")
    assert repeats(desk) == []


def test_neither_callbacks_nor_the_anonymous_repeat() -> None:
    desk = Desk()
    first = desk.call("2025-03-03 10:00+01")
    desk.call("2025-03-04 10:00+01", follows=first)
    desk.call("2025-03-04 11:00+01", client=None)
    desk.call("2025-03-04 12:00+01", client=None)
    assert repeats(desk) == []


def settled(desk: Desk, contact: str, window: str = "7d") -> dict[str, Any]:
    desk.build("core.first_contact")
    [row] = desk.rows(
        "select f.* from core.first_contact as f join core.contacts as c using (contact_key)"
        f" where c.contact_id = '{contact}' and f.time_window = '{window}'"
    )
    return row


def test_a_window_that_is_not_over_is_pending_and_one_that_just_is_counts() -> None:
    desk = Desk()
    young = desk.call("2025-03-03 10:00:01+01")
    old = desk.call("2025-03-03 10:00:00+01", client="another")
    desk.call("2025-03-10 10:00:00+01", client="a third")
    assert settled(desk, young)["left_out"] == "pending"
    assert settled(desk, old)["left_out"] is None


@pytest.mark.parametrize(
    ("row", "by_label", "by_process"),
    [
        ({"result": "Zelfstandig afgehandeld"}, True, True),
        ({"result": "Doorverbonden naar collega"}, False, False),
        ({"result": "Onbekend"}, None, True),
        ({}, None, True),
    ],
)
def test_the_label_and_the_process_are_two_readings(
    row: dict[str, Any], by_label: bool | None, by_process: bool
) -> None:
    desk = Desk()
    found = settled(desk, desk.call("2025-03-03 10:00+01", **row))
    assert (found["is_settled_by_label"], found["is_settled_by_process"]) == (by_label, by_process)


def test_a_promised_callback_is_not_settled_and_its_attempts_are_counted() -> None:
    desk = Desk()
    first = desk.call("2025-03-03 10:00+01", result="Zelfstandig afgehandeld")
    desk.promise(first, "2025-03-03 10:05+01", done_at="2025-03-05 10:00+01", team="Vergunningen")
    desk.call("2025-03-04 10:00+01", follows=first)
    desk.call("2025-03-05 10:00+01", follows=first)
    assert settled(desk, first)["is_settled_by_process"] is False
    [callback] = desk.build("core.callbacks")
    assert (callback["attempts"], callback["first_attempt_at"].day) == (2, 4)


def test_a_callback_that_is_open_after_it_was_done_has_reopened() -> None:
    desk = Desk()
    desk.pulled("x")
    task = {"internetaak": "t", "klantcontact": "x", "toegewezen_op": "2025-03-03 10:00+01"}
    done = {"status": "verwerkt", "afgehandeld_op": "2025-03-04 10:00+01"}
    desk.seen("ki_internetaken", **task, **done, observed_to="2025-07-02 05:30+02")
    desk.seen("ki_internetaken", **task, status="te_verwerken")
    [callback] = desk.build("core.callbacks")
    assert callback["has_reopened"] is True
