"""The audit trail out of a database: what is asked for, and what is told when that fails."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.records import Door, Row
from pipelines.connectors.walk import Tally, read_listing
from pipelines.connectors.zgw import ZgwSource
from pipelines.connectors.zgw_database import audit_listing
from tests.pipelines.connectors.logs import KEY
from tests.pipelines.connectors.postgres import PASSWORD, Server

CASES = [f"{n}1111111-2222-3333-4444-555555555555" for n in "abc"]
BODY = '{"opschorting": {"indicatie": true, "reden": "Mevrouw Jansen is op reis"}}'


@pytest.fixture
def trail(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view of three suspensions, a day each, as text where the database has no jsonb."""
    values = ", ".join(
        f"('{case}', 'https://z.nl/zaken/{case}', 'zaak', 'https://z.nl/zaken/{case}',"
        f" 'partial_update', timestamptz '2026-03-0{day} 09:00+01', null, '{BODY}')"
        for day, case in enumerate(CASES, 1)
    )
    server.execute(
        "drop view if exists trail",
        "create view trail as select * from (values"
        f" {values}, (null, null, 'zaakobject', null, 'create', null, null, null))"
        " as t (uuid, hoofd_object, resource, resource_url, actie, aanmaakdatum, oud, nieuw)",
    )
    monkeypatch.setenv("HARTSLAG_CASES_AUDIT_URL", server.url())


def told(table: str, since: datetime | None = None, cases: list[str] | None = None) -> list[Row]:
    listing = audit_listing("cases", table, since, cases)
    return [row for page in read_listing(listing, Door(KEY, {}), Tally()) for row in page]


@pytest.mark.usefixtures("trail")
def test_suspensions_are_told_and_their_reasons_are_not() -> None:
    found = told("trail")
    assert [row["is_opgeschort"] for row in found] == [True] * 3
    assert "Jansen" not in str(found)


@pytest.mark.usefixtures("trail")
def test_rows_since_a_moment_and_of_some_cases() -> None:
    assert len(told("trail", datetime(2026, 3, 2, tzinfo=UTC))) == 2
    [row] = told("trail", cases=CASES[1:2])
    assert row["zaak"] == Door(KEY, {}).case(CASES[1])


@pytest.mark.usefixtures("trail")
def test_a_table_that_is_not_there_is_told_without_the_address() -> None:
    with pytest.raises(SourceError, match="the database refuses") as caught:
        told("other_trail")
    assert "sources.cases: other_trail" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_name_that_is_more_than_a_table_is_refused() -> None:
    known = {
        "id": "cases",
        "kind": "zgw",
        "zaken": "http://z/api/v1",
        "catalogi": "http://c/api/v1",
    }
    with pytest.raises(ValidationError, match="audit_table"):
        ZgwSource.model_validate(known | {"audit_table": "trail; drop table x"})
