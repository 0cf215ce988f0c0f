"""Whatever goes wrong on the way, no pull loses, doubles or invents a row."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest
from lindeveld.api.server import Addresses, running

from pipelines.connectors import rest
from pipelines.connectors.raw_log import SourceError
from pipelines.pull import last_pull
from tests.pipelines.faults import Spoiler, spoiling
from tests.pipelines.histories import CHANGES, SEEN_DAILY, History
from tests.pipelines.test_incremental import (
    CREDENTIALS,
    KEY,
    SECRET,
    core,
    municipality,
    read_on,
    warehouse,
)

SOURCE_OF = {
    "zgw_zaken": "cases",
    "zgw_statussen": "cases",
    "zgw_rollen": "cases",
    "ki_klantcontacten": "contacts",
    "ki_internetaken": "contacts",
}


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARTSLAG_CASES_CLIENT_ID", "all")
    for name in ("CASES_SECRET", "CONTACTS_TOKEN", "CONTACTS_KISS_SECRET"):
        monkeypatch.setenv(f"HARTSLAG_{name}", SECRET)
    monkeypatch.setattr(rest, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(rest, "LONGEST_PAUSE_S", 0.01)


def history_of(seed: int, names: tuple[str, ...] = SEEN_DAILY, number: int = 40) -> History:
    history = History(seed)
    for _ in range(number):
        history.change(history.chance.choice(names))
    return history


def rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[tuple[object, ...]]:
    query = f"select * exclude (_dlt_load_id) from raw.{table} order by all"
    return connection.execute(query).fetchall()


def check_passing(seed: int) -> list[str]:
    """Faults that pass, and a writer between the requests: in the end all is as read in peace."""
    history = history_of(seed)
    changes = list(CHANGES) if seed % 2 else list(SEEN_DAILY)
    left = [10]

    def write() -> None:
        if left[0] and history.chance.random() < 0.3:
            left[0] -= 1
            history.change(history.chance.choice(changes))

    spoiler = Spoiler(seed, between=write)
    with (
        running(history.store, CREDENTIALS) as at,
        spoiling(at.base, spoiler) as base,
        warehouse() as spoilt,
        warehouse() as fresh,
    ):
        asked = municipality(Addresses(base))
        read_on(spoilt, asked, "weekly", history.now)
        left[0] = 0
        history.now += timedelta(minutes=1)
        read_on(spoilt, asked, "weekly", history.now)
        plain = municipality(at)
        read_on(fresh, plain, "weekly", history.now)
        assert core(spoilt, plain) == core(fresh, plain)
        for table, key in (("zgw_statussen", "status"), ("ki_klantcontacten", "klantcontact")):
            query = (
                f"select {key} from raw.{table} where observed_to is null"
                f" group by {key} having count(*) > 1"
            )
            assert spoilt.execute(query).fetchall() == []
    return spoiler.met


def check_standing(seed: int, fault: str) -> None:
    """A fault that stays: a clear error, and the warehouse as it was, watermark and all."""
    history = history_of(seed)
    with running(history.store, CREDENTIALS) as at, warehouse() as connection:
        asked = municipality(at)
        read_on(connection, asked, "weekly", history.now)
        before = {table: rows(connection, table) for table in SOURCE_OF}
        marks = {source.id: last_pull(connection, source.id, KEY) for source in asked.sources}
        for _ in range(10):
            history.change(history.chance.choice(list(SEEN_DAILY)))
        spoiler = Spoiler(seed, 0, fault, history.chance.randrange(1, 8))
        with spoiling(at.base, spoiler) as base:
            worse = municipality(Addresses(base))
            with pytest.raises(SourceError, match="Mend: "):
                read_on(connection, worse, "weekly", history.now)
        for table, source in SOURCE_OF.items():
            if last_pull(connection, source, KEY) == marks[source]:
                assert rows(connection, table) == before[table]
        assert last_pull(connection, "contacts", KEY) == marks["contacts"]
        read_on(connection, asked, "weekly", history.now)
        with warehouse() as fresh:
            read_on(fresh, asked, "weekly", history.now)
            assert core(connection, asked) == core(fresh, asked)


def test_faults_that_pass_leave_no_trace() -> None:
    met = {fault for seed in range(4) for fault in check_passing(seed)}
    assert {"busy", "slow down", "dropped", "cut off", "late"} <= met


@pytest.mark.parametrize("fault", ["revoked", "renamed"])
def test_faults_that_stay_are_told_and_change_nothing(fault: str) -> None:
    check_standing(1, fault)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100))
def test_faults_that_pass_leave_no_trace_ever(seed: int) -> None:
    check_passing(seed)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["revoked", "renamed"])
@pytest.mark.parametrize("seed", range(50))
def test_faults_that_stay_change_nothing_ever(seed: int, fault: str) -> None:
    check_standing(seed, fault)
