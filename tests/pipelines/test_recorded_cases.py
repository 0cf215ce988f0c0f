"""What a pull finds of cases in the answers that real servers once gave, against the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.pipelines.connectors.postgres import Server
from tests.pipelines.connectors.replay import RECORDED, Recordings
from tests.pipelines.recorded import KEY, case_of, day, instant, is_absent, pulled, rows
from transforms.privacy import pseudonym

pytestmark = is_absent


@dataclass(frozen=True)
class Pulled:
    connection: duckdb.DuckDBPyConnection
    has_trail: bool


@pytest.fixture(scope="module", params=["api", "database", None])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pulled]:
    """The recordings, pulled with the audit trail by either way, and without it."""
    file = tmp_path_factory.mktemp("recorded") / "warehouse.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "database":
            server = request.getfixturevalue("server")
            fill(server)
            patch.setenv("HARTSLAG_CASES_AUDIT_URL", server.url())
        with pulled(file, audit_trail=request.param) as connection:
            yield Pulled(connection, request.param is not None)


def fill(server: Server) -> None:
    """The recorded trails as Open Zaak keeps them, among rows that are of no use here."""
    server.execute(
        "drop table if exists audittrails_audittrail",
        "create table audittrails_audittrail (id serial, uuid uuid, hoofd_object varchar,"
        " resource varchar, resource_url varchar, actie varchar, aanmaakdatum timestamptz,"
        " oud jsonb, nieuw jsonb, gebruikers_weergave varchar)",
    )
    trails = [body for path, body in Recordings().bodies.items() if path.endswith("/audittrail")]
    with psycopg.connect(server.url(), autocommit=True) as connection:
        for row in (row for trail in trails for row in trail):
            connection.execute(
                "insert into audittrails_audittrail (uuid, hoofd_object, resource, resource_url,"
                " actie, aanmaakdatum, oud, nieuw) values (%s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    *(row["uuid"], row["hoofdObject"], row["resource"], row["resourceUrl"]),
                    *(row["actie"], row["aanmaakdatum"]),
                    *(Jsonb(row["wijzigingen"][side] or None) for side in ("oud", "nieuw")),
                ],
            )


def truth() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((RECORDED / "EXPECTED_zaken.json").read_text("utf-8"))
    return content


def unit(kind: str, name: str) -> str:
    """How a party of the truth is known to us."""
    if kind == "organisatorische_eenheid":
        return name
    return pseudonym(name, KEY, "person" if kind == "medewerker" else "client")


def test_dates_and_types_are_those_of_the_case_system(
    warehouse: Pulled,
) -> None:
    found = {
        case: rest
        for case, *rest in rows(
            warehouse.connection,
            "select case_id, case_type, opened_on, closed_on, planned_end_on, legal_end_on"
            " from core.cases",
        )
    }
    expected = {
        case_of(entry["uuid"]): [
            entry["zaaktype"],
            day(entry["startdatum"]),
            day(entry["einddatum"]),
            day(entry["einddatumGepland"]),
            day(entry["uiterlijkeEinddatumAfdoening"]),
        ]
        for entry in truth().values()
    }
    assert found == expected


def test_a_status_that_the_server_dropped_is_known_by_the_audit_trail_alone(
    warehouse: Pulled,
) -> None:
    counted = "select case_id, count(*) from core.zgw_events group by case_id"
    found = dict(rows(warehouse.connection, counted))
    expected = {case_of(entry["uuid"]): entry["statussen"] for entry in truth().values()}
    if not warehouse.has_trail:
        expected[case_of(truth()["omg01"]["uuid"])] -= 1
    assert found == expected


def role_events(warehouse: Pulled, uuid: str) -> list[tuple[Any, ...]]:
    """Starts and ends of roles in time order, an end before a start of the same moment."""
    events = []
    for kind, role, who, started, ended, has_end_date in rows(
        warehouse.connection,
        "select unit_kind, role, unit, started_at, ended_at, has_end_date"
        " from core.role_intervals where case_id = ?",
        case_of(uuid),
    ):
        events.append((started, "start", kind, role, who))
        if ended is not None:
            said = "end(eindeGeldigheid)" if has_end_date else "end"
            events.append((ended, said, kind, role, who))
    return sorted(events, key=lambda event: (event[0], event[1] == "start", event[2:]))


@pytest.mark.parametrize("name", list(truth()) if RECORDED.exists() else [])
def test_roles_are_those_of_the_truth(warehouse: Pulled, name: str) -> None:
    entry = truth()[name]
    expected = [
        (instant(at), event, kind, role, unit(kind, who))
        for at, event, (kind, role, who) in entry["roles"]
    ]
    expected.sort(key=lambda event: (event[0], event[1] == "start", event[2:]))
    found = role_events(warehouse, entry["uuid"])
    if warehouse.has_trail:
        assert found == expected
    else:  # a snapshot knows who has the case now, and a lower bound of what went before
        still = {event[2:] for event in found if event[1] == "start"}
        ended = {event[2:] for event in found if event[1] != "start"}
        open_in_truth = {e[2:] for e in expected if e[1] == "start"} - {
            e[2:] for e in expected if e[1] != "start"
        }
        assert open_in_truth <= still - ended
        assert len(found) <= len(expected)


@pytest.mark.parametrize("name", list(truth()) if RECORDED.exists() else [])
def test_handoffs_are_those_of_the_truth(warehouse: Pulled, name: str) -> None:
    entry = truth()[name]
    names = dict(
        rows(warehouse.connection, "select distinct unit_name, unit from core.role_intervals")
    )
    levels = {"team": "organisatorische_eenheid", "person": "medewerker"}
    found = [
        (at, levels[level], names[before], names[after])
        for at, level, before, after in rows(
            warehouse.connection,
            "select a.started_at, a.level, f.unit, t.unit from core.assignments as a"
            " inner join core.cases as c on c.case_key = a.case_key"
            " inner join core.units as f on f.level = a.level and f.unit_key = a.from_unit_key"
            " inner join core.units as t on t.level = a.level and t.unit_key = a.unit_key"
            " where a.is_handoff and c.case_id = ? order by a.started_at",
            case_of(entry["uuid"]),
        )
    ]
    expected = [
        (
            instant(change["at"]),
            change["kind"],
            unit(change["kind"], change["from"]),
            unit(change["kind"], change["to"]),
        )
        for change in entry["handoffs"]
    ]
    if warehouse.has_trail:
        assert found == expected
    else:
        assert len(found) <= len(expected)


def test_suspensions_are_those_of_the_truth(warehouse: Pulled) -> None:
    found = set(
        rows(warehouse.connection, "select case_id, started_at, ended_at from core.suspensions")
    )
    expected = {
        (case_of(entry["uuid"]), instant(start), instant(end))
        for entry in truth().values()
        for start, end in entry["suspensions"]
    }
    if warehouse.has_trail:
        assert found == expected
    else:  # one pull sees the one that is open now, from when it looked
        assert {case for case, _, _ in found} == {c for c, _, end in expected if end is None}


def test_a_past_suspension_that_only_the_trail_tells_of_is_said_to_be_unknown(
    warehouse: Pulled,
) -> None:
    found = {
        case
        for (case,) in rows(
            warehouse.connection, "select case_id from core.zgw_cases where is_suspension_unknown"
        )
    }
    ended = {
        case_of(entry["uuid"])
        for entry in truth().values()
        if any(end for _, end in entry["suspensions"])
    }
    assert found == (set() if warehouse.has_trail else ended)


def test_an_extension_without_a_new_deadline_is_found(
    warehouse: Pulled,
) -> None:
    found = rows(
        warehouse.connection, "select case_id from core.zgw_cases where has_unadjusted_deadline"
    )
    assert (case_of(truth()["reg04"]["uuid"]),) in found


def test_related_cases_are_told_with_their_kind_known_or_not(warehouse: Pulled) -> None:
    found = {
        (case, other): (relation, is_known)
        for case, other, relation, is_known in rows(
            warehouse.connection,
            "select case_id, other_case_id, relation, is_other_known from core.case_relations",
        )
    }
    uuids = {name: case_of(entry["uuid"]) for name, entry in truth().items()}
    assert found == {
        (uuids["dz03"], uuids["omg03"]): ("parent", True),
        (uuids["bez1"], uuids["omg03"]): ("follow-up", True),
        (uuids["bez2"], uuids["omg01"]): ("related", True),
        (uuids["omg01"], uuids["bez2"]): ("related", True),
    }
