"""What a pull finds in the answers that real servers once gave, against the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest

from pipelines.config_tables import config_tables
from pipelines.municipality import Municipality
from pipelines.pull import pull
from pipelines.warehouse import open_warehouse, replace_tables
from tests.pipelines.connectors.replay import RECORDED, Recordings, replaying
from transforms.models import build, load_models, upstream
from transforms.privacy import pseudonym

pytestmark = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded answers are not beside this checkout"
)
KEY = b"a key for tests, of no worth at all"
TYPES = ("ZT-OMG-01", "ZT-MOR-01", "ZT-BEZ-01", "ZT-ADV-01")


def municipality(base: str, *, audit_trail: bool) -> Municipality:
    return Municipality.model_validate(
        {
            "name": "Testdorp",
            "service_formulas": [{"id": "ontwerp", "name": "Ontwerp"}],
            "journeys": [
                {"id": "all", "name": "Alles", "service_formula": "ontwerp", "case_types": TYPES}
            ],
            "sources": [
                {
                    "id": "cases",
                    "kind": "zgw",
                    "zaken": f"{base}/zaken/api/v1",
                    "catalogi": f"{base}/catalogi/api/v1",
                    "audit_trail": audit_trail,
                },
                {
                    "id": "contacts",
                    "kind": "klantinteracties",
                    "address": f"{base}/klantinteracties/api/v1",
                },
            ],
        }
    )


def built(connection: duckdb.DuckDBPyConnection, asked: Municipality, *names: str) -> None:
    models = load_models()
    replace_tables(connection, "config", config_tables(asked, models))
    needed = {part for name in names for part in upstream(models, name)}
    for model in models.values():
        if model.name in needed:
            build(connection, model)


@pytest.fixture(scope="module", params=[True, False], ids=["audit trail", "snapshot"])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The recordings, pulled with and without the audit trail."""
    file = tmp_path_factory.mktemp("recorded") / "warehouse.duckdb"
    with pytest.MonkeyPatch.context() as patch, replaying(Recordings()) as base:
        patch.setenv("HARTSLAG_CASES_CLIENT_ID", "reader")
        patch.setenv("HARTSLAG_CASES_SECRET", "a secret of a server that only replays")
        patch.setenv("HARTSLAG_CONTACTS_TOKEN", "a token of a server that only replays")
        asked = municipality(base, audit_trail=request.param)
        with open_warehouse(file) as connection:
            for source in asked.sources:
                pull(connection, source, asked, KEY)  # type: ignore[arg-type]
            built(connection, asked, "core.assignments", "core.suspensions")
            connection.execute("create schema test")
            connection.execute(f"create view test.has_trail as select {request.param} as yes")
            yield connection


def truth() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((RECORDED / "EXPECTED_zaken.json").read_text("utf-8"))
    return content


def case_of(uuid: str) -> str:
    return pseudonym(uuid, KEY, "case")


def has_trail(warehouse: duckdb.DuckDBPyConnection) -> bool:
    return bool(warehouse.execute("select yes from test.has_trail").fetchall()[0][0])


def rows(warehouse: duckdb.DuckDBPyConnection, query: str, *given: Any) -> list[tuple[Any, ...]]:
    return warehouse.execute(query, list(given)).fetchall()


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def unit(kind: str, name: str) -> str:
    """How a party of the truth is known to us."""
    if kind == "organisatorische_eenheid":
        return name
    return pseudonym(name, KEY, "person" if kind == "medewerker" else "client")


def test_dates_and_types_are_those_of_the_case_system(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = {
        case: rest
        for case, *rest in rows(
            warehouse,
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
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    counted = "select case_id, count(*) from core.zgw_events group by case_id"
    found = dict(rows(warehouse, counted))
    expected = {case_of(entry["uuid"]): entry["statussen"] for entry in truth().values()}
    if not has_trail(warehouse):
        expected[case_of(truth()["omg01"]["uuid"])] -= 1
    assert found == expected


def role_events(warehouse: duckdb.DuckDBPyConnection, uuid: str) -> list[tuple[Any, ...]]:
    """Starts and ends of roles in time order, an end before a start of the same moment."""
    events = []
    for kind, role, who, started, ended, has_end_date in rows(
        warehouse,
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
def test_roles_are_those_of_the_truth(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    entry = truth()[name]
    expected = [
        (instant(at), event, kind, role, unit(kind, who))
        for at, event, (kind, role, who) in entry["roles"]
    ]
    expected.sort(key=lambda event: (event[0], event[1] == "start", event[2:]))
    found = role_events(warehouse, entry["uuid"])
    if has_trail(warehouse):
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
def test_handoffs_are_those_of_the_truth(warehouse: duckdb.DuckDBPyConnection, name: str) -> None:
    entry = truth()[name]
    names = dict(rows(warehouse, "select distinct unit_name, unit from core.role_intervals"))
    levels = {"team": "organisatorische_eenheid", "person": "medewerker"}
    found = [
        (at, levels[level], names[before], names[after])
        for at, level, before, after in rows(
            warehouse,
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
    if has_trail(warehouse):
        assert found == expected
    else:
        assert len(found) <= len(expected)


def test_suspensions_are_those_of_the_truth(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = set(rows(warehouse, "select case_id, started_at, ended_at from core.suspensions"))
    expected = {
        (case_of(entry["uuid"]), instant(start), instant(end))
        for entry in truth().values()
        for start, end in entry["suspensions"]
    }
    if has_trail(warehouse):
        assert found == expected
    else:  # one pull sees the one that is open now, from when it looked
        assert {case for case, _, _ in found} == {c for c, _, end in expected if end is None}


def test_a_past_suspension_that_only_the_trail_tells_of_is_said_to_be_unknown(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = {
        case
        for (case,) in rows(
            warehouse, "select case_id from core.zgw_cases where is_suspension_unknown"
        )
    }
    ended = {
        case_of(entry["uuid"])
        for entry in truth().values()
        if any(end for _, end in entry["suspensions"])
    }
    assert found == (set() if has_trail(warehouse) else ended)


def test_an_extension_without_a_new_deadline_is_found(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(warehouse, "select case_id from core.zgw_cases where has_unadjusted_deadline")
    assert (case_of(truth()["reg04"]["uuid"]),) in found
