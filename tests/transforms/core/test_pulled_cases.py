"""Five-row tests of the models that make cases of what a case system showed from pull to pull."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.transforms.sql_bench import Bench

DEPARTMENT, EMPLOYEE, COMPANY = (
    "organisatorische_eenheid",
    "medewerker",
    "niet_natuurlijk_persoon",
)
FIRST, SECOND, THIRD = "2025-03-01 05:30+01", "2025-03-02 05:30+01", "2025-03-03 05:30+01"
SOURCES = [
    {
        "id": "log",
        "kind": "zgw",
        "zaken": "http://localhost/zaken/api/v1",
        "catalogi": "http://localhost/catalogi/api/v1",
        "waiting_statuses": ["Wacht op aanvrager"],
    }
]


class CaseSystem(Bench):
    """A warehouse of one case of type `permit`, seen since the first pull."""

    def __init__(self, journeys: list[dict[str, Any]] | None = None, **case: Any) -> None:
        super().__init__(sources=SOURCES, **({"journeys": journeys} if journeys else {}))
        self.seen("zgw_zaaktypen", zaaktype="t", identificatie="permit", doorlooptijd="P56D")
        self.case(FIRST, **case)

    def seen(self, table: str, since: str = FIRST, until: str | None = None, **row: Any) -> None:
        kept = {"_dlt_load_id": "1", "_dlt_id": "1", "observed_from": since, "observed_to": until}
        marks = ", ".join("?" for _ in (*row, *kept))
        names = ", ".join((*row, *kept))
        self.connection.execute(
            f"insert into raw.{table} (source, {names}) values ('log', {marks})",
            [*row.values(), *kept.values()],
        )

    def case(self, since: str, until: str | None = None, **row: Any) -> None:
        usual = {"zaak": "a", "zaaktype": "t", "startdatum": "2025-02-03", "is_opgeschort": False}
        self.seen("zgw_zaken", since, until, **usual | row)

    def role(self, rol: str, who: str, since: str, until: str | None = None, **row: Any) -> None:
        usual = {
            "zaak": "a",
            "rol": rol,
            "betrokkene": who,
            "betrokkene_type": DEPARTMENT,
            "omschrijving_generiek": "behandelaar",
            "registratiedatum": "2025-02-03 09:00+01",
        }
        self.seen("zgw_rollen", since, until, **usual | row)

    def status(self, name: str, at: str, until: str | None = None, **row: Any) -> None:
        self.seen("zgw_statustypen", statustype=name, zaaktype="t", omschrijving=name)
        usual = {"zaak": "a", "status": f"{name}{at}", "statustype": name}
        self.seen("zgw_statussen", FIRST, until, **usual, datum_status_gezet=at, **row)


def intervals(system: CaseSystem) -> list[tuple[str, str, str | None, str]]:
    system.build("core.role_intervals")
    found = system.rows(
        "select unit, strftime(started_at, '%m-%d') as started, strftime(ended_at, '%m-%d') as ended,"
        " time_quality from core.role_intervals order by started_at, unit"
    )
    return [tuple(row.values()) for row in found]  # type: ignore[misc]


def test_a_role_that_another_party_takes_over_is_seen_at_the_pull_that_saw_it() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, SECOND)
    system.role("r", "WB", SECOND)
    assert intervals(system) == [
        ("KCC", "02-03", "03-02", "exact"),
        ("WB", "03-02", None, "interval"),
    ]


def test_a_role_that_is_removed_ends_at_the_pull_that_missed_it() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, THIRD)
    system.role("s", "WB", THIRD, registratiedatum="2025-03-02 11:00+01")
    assert intervals(system) == [
        ("KCC", "02-03", "03-03", "exact"),
        ("WB", "03-02", None, "exact"),
    ]


def test_dates_of_a_role_are_believed_before_what_was_seen() -> None:
    system = CaseSystem()
    dates = {"begin_geldigheid": "2025-02-05", "einde_geldigheid": "2025-02-20"}
    system.role("r", "KCC", FIRST, **dates)
    assert intervals(system) == [("KCC", "02-04", "02-19", "day")]


def test_a_change_of_something_else_is_no_change_of_hands() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, SECOND, naam="Contact")
    system.role("r", "KCC", SECOND, naam="Contactcentrum")
    assert intervals(system) == [("KCC", "02-03", None, "exact")]


def test_who_asked_is_no_handler() -> None:
    system = CaseSystem()
    system.role("r", "x", FIRST, omschrijving_generiek="initiator", betrokkene_type=COMPANY)
    assert intervals(system) == []
    assert system.build("core.zgw_cases")[0]["client"] == "x"


def test_levels_do_not_mix_and_ping_pong_is_seen() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, SECOND)
    system.role("r", "WB", SECOND, THIRD)
    system.role("r", "KCC", THIRD)
    system.role("s", "p1", FIRST, betrokkene_type=EMPLOYEE)
    system.role("t", "partner", FIRST, betrokkene_type=COMPANY, omschrijving_generiek="adviseur")
    assert {row["level"] for row in system.build("core.case_roles")} == {
        "team",
        "person",
        "organisation",
    }
    rows = {row["level"]: row for row in system.build("core.case_handoffs")}
    assert (rows["team"]["handoffs"], rows["team"]["ping_pongs"]) == (2, 1)
    assert (rows["person"]["handoffs"], rows["organisation"]["handoffs"]) == (0, 0)


def test_a_suspension_seen_between_pulls_is_an_interval() -> None:
    system = CaseSystem()
    system.connection.execute("update raw.zgw_zaken set observed_to = ?", [SECOND])
    system.case(SECOND, THIRD, is_opgeschort=True, is_eerder_opgeschort=True)
    system.case(THIRD, is_eerder_opgeschort=True)
    [row] = system.build("core.suspensions")
    assert (row["provenance"], row["time_quality"]) == ("snapshot", "interval")
    assert (row["ended_at"] - row["started_at"]).days == 1
    assert not system.build("core.zgw_cases")[0]["is_suspension_unknown"]


def test_a_suspension_before_the_first_pull_is_unknown_and_not_none() -> None:
    system = CaseSystem(is_eerder_opgeschort=True)
    assert system.build("core.zgw_suspensions") == system.build("core.suspensions") == []
    assert system.build("core.zgw_cases")[0]["is_suspension_unknown"]


def test_a_status_that_means_waiting_suspends_until_the_next() -> None:
    system = CaseSystem()
    system.status("Ontvangen", "2025-02-03 10:00+01")
    system.status("Wacht op aanvrager", "2025-02-10 10:00+01")
    system.status("In behandeling", "2025-02-14 10:00+01")
    [row] = system.build("core.suspensions")
    assert (row["provenance"], (row["ended_at"] - row["started_at"]).days) == ("status", 4)


def test_a_status_that_the_server_dropped_still_happened() -> None:
    system = CaseSystem()
    system.status("Ontvangen", "2025-02-03 10:00+01", until=SECOND)
    [event] = system.build("core.zgw_events")
    assert (event["activity"], event["is_withdrawn"]) == ("Ontvangen", True)
    assert [row["activity"] for row in system.build("core.recorded_events")] == ["Ontvangen"]


def test_a_status_belongs_to_whoever_had_the_case() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, naam="Contactcentrum")
    system.role("s", "p1", FIRST, betrokkene_type=EMPLOYEE)
    system.role("t", "p2", FIRST, betrokkene_type=EMPLOYEE, omschrijving_generiek="adviseur")
    system.status("Ontvangen", "2025-02-03 08:00+01")
    system.status("In behandeling", "2025-02-04 10:00+01")
    system.status("Besloten", "2025-02-05 10:00+01", gezet_door="t")
    found = [(row["team"], row["actor"]) for row in system.build("core.zgw_events")]
    assert sorted(found, key=str) == [
        ("Contactcentrum", "p1"),
        ("Contactcentrum", "p2"),
        (None, None),
    ]


def test_a_case_destroyed_at_the_source_is_gone() -> None:
    system = CaseSystem()
    system.status("Ontvangen", "2025-02-03 10:00+01")
    assert len(system.build("core.recorded_cases")) == 1
    system.connection.execute("update raw.zgw_zaken set observed_to = ?", [SECOND])
    assert system.build("core.recorded_cases") == []
    assert system.build("core.events") == []


def test_a_case_without_a_status_counts_as_a_case() -> None:
    [case] = CaseSystem(einddatum="2025-02-05").build("core.cases")
    assert (case["event_count"], str(case["opened_on"]), str(case["closed_on"])) == (
        0,
        "2025-02-03",
        "2025-02-05",
    )


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({"verlenging_duur": "P42D", "uiterlijke_einddatum_afdoening": "2025-03-31"}, True),
        ({"verlenging_duur": "P42D", "uiterlijke_einddatum_afdoening": "2025-05-12"}, False),
        ({"uiterlijke_einddatum_afdoening": "2025-03-31"}, False),
    ],
)
def test_an_extension_that_left_the_deadline_alone_is_found(
    changes: dict[str, str], is_found: bool
) -> None:
    assert CaseSystem(**changes).build("core.zgw_cases")[0]["has_unadjusted_deadline"] is is_found


def test_related_cases_have_a_kind_and_may_be_unknown() -> None:
    system = CaseSystem(hoofdzaak="b", andere_zaken="bijdrage:c overig:c vervolg:a vervolg:b")
    system.case(FIRST, zaak="b", andere_zaken="gerelateerd:d onderwerp:a")
    system.case(FIRST, SECOND, zaak="c", andere_zaken="vervolg:a")
    found = [tuple(row.values())[1:] for row in system.build("core.case_relations")]
    assert sorted(found) == [
        ("a", "b", "follow-up", True),
        ("a", "b", "parent", True),
        ("a", "c", "contribution", False),
        ("a", "c", "other", False),
        ("b", "a", "subject", True),
        ("b", "d", "related", False),
    ]


def read(system: CaseSystem, at: str, cadence: str = "daily") -> None:
    """A reading of the source that began at a moment."""
    pulled = {"began_at": at, "cadence": cadence, "is_whole": True, "key_fingerprint": "k"}
    names = ", ".join(pulled)
    system.connection.execute(
        f"insert into raw.api_pulls (source, {names}, _dlt_load_id, _dlt_id)"
        " values ('log', ?, ?, ?, ?, '1', '1')",
        [*pulled.values()],
    )


def told(system: CaseSystem, at: str, action: str = "update", resource: str = "rol") -> None:
    """A notification on the role `r`, or on the case."""
    what = {"resource": resource, "object": "r" if resource == "rol" else "a", "actie": action}
    system.seen("zgw_notices", notice=f"{at}{action}", zaak="a", aanmaakdatum=at, **what)


NOTIFIED = "2025-03-01 14:00+01"


def taken_over(*notified: str) -> CaseSystem:
    """A role that another department took over between the first two readings."""
    system = CaseSystem()
    system.role("r", "KCC", FIRST, SECOND)
    system.role("r", "WB", SECOND)
    for at in (FIRST, SECOND, THIRD):
        read(system, at)
    read(system, "2025-03-01 18:00+01", "front")
    for at in notified:
        told(system, at)
    return system


def test_a_change_of_hands_is_exact_where_one_notification_tells_of_it() -> None:
    system = taken_over(NOTIFIED, "2025-02-10 09:00+01", "2025-03-02 09:00+01")
    assert intervals(system) == [
        ("KCC", "02-03", "03-01", "exact"),
        ("WB", "03-01", None, "exact"),
    ]
    [row] = system.rows("select provenance from core.role_intervals where unit = 'WB'")
    assert row["provenance"] == "notification"


def test_a_notification_is_seen_by_the_first_reading_after_it_that_looks_at_what_changed() -> None:
    rows = taken_over(NOTIFIED).build("core.zgw_changes")
    assert [(row["object"], row["is_suspension"]) for row in rows] == [("r", False)]
    assert rows[0]["happened_at"] < rows[0]["seen_at"]


def test_of_two_notifications_none_is_believed() -> None:
    assert intervals(taken_over(NOTIFIED, "2025-03-01 15:00+01")) == [
        ("KCC", "02-03", "03-02", "exact"),
        ("WB", "03-02", None, "interval"),
    ]


def test_a_removed_role_ends_when_its_removal_was_told() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, SECOND)
    for at in (FIRST, SECOND):
        read(system, at)
    told(system, NOTIFIED, "destroy")
    assert intervals(system) == [("KCC", "02-03", "03-01", "exact")]


@pytest.mark.parametrize(
    ("notified", "expected"),
    [
        ({"opgeschort": 1, "partial_update": 3}, ("notification", "exact", 14)),
        ({"partial_update": 1}, ("notification", "exact", 14)),
        ({"partial_update": 2}, ("snapshot", "interval", 5)),
        ({"opgeschort": 2}, ("snapshot", "interval", 5)),
    ],
)
def test_a_suspension_begins_when_the_case_system_told_so(
    notified: dict[str, int], expected: tuple[str, str, int]
) -> None:
    system = CaseSystem()
    system.connection.execute("update raw.zgw_zaken set observed_to = ?", [SECOND])
    system.case(SECOND, is_opgeschort=True)
    for at in (FIRST, SECOND):
        read(system, at)
    for action, count in notified.items():
        for number in range(count):
            told(system, f"2025-03-01 14:0{number}+01", action, "zaak")
    [row] = system.build("core.zgw_suspensions")
    local = row["started_at"].astimezone(ZoneInfo("Europe/Amsterdam"))
    assert (row["provenance"], row["time_quality"], local.hour) == expected
