"""Erasing a resident of systems that are read by their APIs: gone, and no reading brings them back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from lindeveld.api.server import running

from pipelines.connectors.reading import Cadence, Reading
from pipelines.connectors.records import Door, Row
from pipelines.connectors.zgw_notices import notice
from pipelines.erasing import by_identifier, erase
from pipelines.keeping import keep_removed
from pipelines.keeping_terms import KeepingTerm, Retention
from pipelines.municipality import Municipality
from pipelines.pull import pull
from pipelines.receiving import Inbox
from pipelines.retention import expire
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from tests.pipelines.histories import NUMBERS, SEEN_DAILY, History
from tests.pipelines.residents import files_with
from tests.pipelines.test_incremental import (
    CREDENTIALS,
    KEY,
    _secrets,  # noqa: F401 - a fixture that holds for these tests too
    core,
    municipality,
)
from transforms.privacy import pseudonym


@pytest.fixture
def history() -> History:
    """Enough of a town that its first residents have cases and contacts, and parts of cases."""
    history = History(11)
    for name in [*SEEN_DAILY] * 8:
        history.change(name)
    return history


def settings_of(folder: Path) -> Settings:
    return Settings(folder / "municipality.yaml", folder / "home")


@contextmanager
def asked_of(history: History) -> Iterator[Municipality]:
    with running(history.store, CREDENTIALS) as at:
        yield municipality(at)


def read_in(
    settings: Settings, asked: Municipality, history: History, cadence: Cadence, key: bytes = KEY
) -> None:
    history.now += timedelta(minutes=1)
    with open_warehouse(settings.warehouse_file) as connection:
        for source in asked.sources:
            pull(connection, source, asked, key, Reading(cadence), now=history.now)  # type: ignore[arg-type]
    keep_removed(settings, asked, key)


def theirs(settings: Settings, number: str) -> set[str]:
    """The pseudonyms of a resident, their parties, cases and contacts, as the systems tell them."""
    client = pseudonym(number, KEY, "client")
    with duckdb.connect(settings.warehouse_file) as connection:
        found = connection.execute(
            "select zaak from raw.zgw_rollen where betrokkene = $1 and omschrijving_generiek ="
            " 'initiator' union select partij from raw.ki_partij_identificatoren where client = $1"
            " union select b.klantcontact from raw.ki_betrokkenen as b inner join"
            " raw.ki_partij_identificatoren as p on p.partij = b.partij where p.client = $1",
            [client],
        ).fetchall()
    return {client, *(name for (name,) in found)}


@pytest.mark.slow
def test_a_resident_of_systems_is_gone_and_no_reading_brings_them_back(
    history: History, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path)
    with asked_of(history) as asked:
        read_in(settings, asked, history, "weekly")
        number = max(NUMBERS, key=lambda each: len(theirs(settings, each)))
        names = theirs(settings, number)
        assert len(names) > 4
        assert files_with(settings.home, names) == {"warehouse.duckdb"}
        erase(settings, by_identifier(number, KEY), KEY)
        assert files_with(settings.home, names) == set()
        for cadence in ("front", "daily", "weekly"):
            for name in SEEN_DAILY:
                history.change(name)
            read_in(settings, asked, history, cadence)
            assert theirs(settings, number) == {pseudonym(number, KEY, "client")}
            assert files_with(settings.home, names) == set()
        other = settings_of(tmp_path / "other")
        read_in(other, asked, history, "weekly")
        erase(other, by_identifier(number, KEY), KEY)
        with (
            open_warehouse(settings.warehouse_file) as watching,
            open_warehouse(other.warehouse_file) as fresh,
        ):
            assert core(watching, asked) == core(fresh, asked)


def rows_of(settings: Settings) -> list[object]:
    with duckdb.connect(settings.warehouse_file) as connection:
        return [
            connection.execute(
                f"select * exclude (_dlt_load_id) from raw.{table} order by all"
            ).fetchall()
            for table in ("zgw_zaken", "zgw_statussen", "zgw_rollen", "ki_klantcontacten")
        ]


def notices_of(history: History) -> list[Row]:
    """What a case system tells when a role changes, of every role that there is."""
    said = [
        {
            "kanaal": "zaken",
            "resource": "rol",
            "hoofdObject": role["zaak"],
            "resourceUrl": role["url"],
            "actie": "update",
            "aanmaakdatum": history.at,
        }
        for role in history.store.newest_first("rollen")
    ]
    return [row for each in said if (row := notice(each, Door(KEY, {})))]


def test_a_resident_is_gone_from_the_home_and_what_stays_is_not_taken_for_changed(
    history: History, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path)
    inbox, notices = Inbox(settings.notices_file, KEY), notices_of(history)
    with asked_of(history) as asked:
        read_in(settings, asked, history, "weekly")
        number = max(NUMBERS, key=lambda each: len(theirs(settings, each)))
        names = theirs(settings, number)
        for row in notices:
            inbox.put("cases", row)
        found = files_with(settings.home, names)
        assert len(names) > 4
        assert found - {"notices.sqlite-wal"} == {"warehouse.duckdb", "notices.sqlite"}
        done = erase(settings, by_identifier(number, KEY), KEY)
        assert files_with(settings.home, names) == set()
        before = rows_of(settings)
        read_in(settings, asked, history, "weekly")
        for row in notices:
            inbox.put("cases", row)
    assert files_with(settings.home, names) == set()
    assert rows_of(settings) == before
    assert done.notices == sum(row["zaak"] in names for row in notices) > 0
    assert inbox.page("cases", 1, 500)[0] == len(notices) - done.notices


@pytest.mark.slow
def test_what_is_past_its_term_in_a_system_does_not_come_back(
    history: History, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path)
    for _ in range(5):
        history.change("end")
    with asked_of(history) as asked:
        terms = Retention(terms=(KeepingTerm(months=1),), max_removed_share=1)
        read_in(settings, asked, history, "weekly")
        with open_warehouse(settings.warehouse_file) as connection:
            later = history.now + timedelta(days=40)
            gone = expire(connection, asked.model_copy(update={"retention": terms}), KEY, later)
            assert gone["cases", "cases"] > 1
            assert gone["contacts", "contacts"] > 5
            assert gone["cases", "raw.zgw_rollen"] > gone["cases", "cases"]
        before = rows_of(settings)
        for cadence in ("daily", "weekly"):
            read_in(settings, asked, history, cadence)
            assert rows_of(settings) == before
