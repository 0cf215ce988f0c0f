"""Reading on from the last time gives what reading everything anew gives, whatever happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lindeveld.api.access import Client, Credentials
from lindeveld.api.server import Addresses, running

from pipelines.config_tables import config_tables
from pipelines.connectors.reading import Cadence, Reading
from pipelines.municipality import Municipality
from pipelines.pull import PullReport, pull
from pipelines.raw_tables import RAW
from pipelines.warehouse import replace_tables
from tests.pipelines.histories import CHANGES, JOURNEYS, SEEN_DAILY, History
from transforms.models import build, load_models, upstream

KEY = b"a key for tests, of no worth at all"
SECRET = "a secret for tests that no server outside them knows"  # noqa: S105
CREDENTIALS = Credentials({"all": Client(SECRET)}, SECRET, SECRET)
UNTIL = "2027-01-01T00:00:00+01:00"
TABLES = (
    "core.cases",
    "core.events",
    "core.role_intervals",
    "core.assignments",
    "core.suspensions",
    "core.case_relations",
    "core.contacts",
    "core.callbacks",
    "core.first_contact",
)
# Only a warehouse that was there can know that a callback was open again after it was done.
KNOWN_BY_WATCHING = {"core.callbacks": ("has_reopened",)}
MODELS = load_models()


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARTSLAG_CASES_CLIENT_ID", "all")
    for name in ("CASES_SECRET", "CONTACTS_TOKEN", "CONTACTS_KISS_SECRET"):
        monkeypatch.setenv(f"HARTSLAG_{name}", SECRET)


def municipality(at: Addresses, **of_each_source: Any) -> Municipality:
    from lindeveld.journeys import BY_ID

    return Municipality.model_validate(
        {
            "name": "Testdorp",
            "service_formulas": [{"id": "ontwerp", "name": "Ontwerp"}],
            "journeys": [
                {
                    "id": name,
                    "name": name,
                    "service_formula": "ontwerp",
                    "case_types": [BY_ID[name].case_type],
                }
                for name in JOURNEYS
            ],
            "sources": [
                {
                    "id": "cases",
                    "kind": "zgw",
                    "zaken": at.zaken,
                    "catalogi": at.catalogi,
                    "audit_trail": "api",
                    "complete_until": UNTIL,
                    **of_each_source,
                },
                {
                    "id": "contacts",
                    "kind": "klantinteracties",
                    "address": at.klantinteracties,
                    "kiss": at.kiss,
                    "complete_until": UNTIL,
                    **of_each_source,
                },
            ],
        }
    )


def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(RAW)
    return connection


def read_on(
    connection: duckdb.DuckDBPyConnection, asked: Municipality, cadence: Cadence, now: datetime
) -> list[PullReport]:
    return [
        pull(connection, source, asked, KEY, Reading(cadence), now=now)  # type: ignore[arg-type]
        for source in asked.sources
    ]


def core(connection: duckdb.DuckDBPyConnection, asked: Municipality) -> dict[str, list[Any]]:
    """The rows of the core tables, sorted."""
    replace_tables(connection, "config", config_tables(asked, MODELS))
    needed = {part for table in TABLES for part in upstream(MODELS, table)}
    for model in MODELS.values():
        if model.name in needed:
            build(connection, model)
    found = {}
    for table in TABLES:
        left_out = KNOWN_BY_WATCHING.get(table, ())
        chosen = f"* exclude ({', '.join(left_out)})" if left_out else "*"
        rows = connection.execute(f"select {chosen} from {table} order by all").fetchall()
        found[table] = rows
    return found


def check(seed: int, before: list[str], changes: list[str], cadence: Cadence) -> None:
    history = History(seed)
    for name in before:
        history.change(name)
    with running(history.store, CREDENTIALS) as at:
        asked = municipality(at)
        with warehouse() as watching:
            read_on(watching, asked, "weekly", history.now)
            for half in (changes[: len(changes) // 2], changes[len(changes) // 2 :]):
                for name in half:
                    history.change(name)
                history.now += timedelta(minutes=1)
                read_on(watching, asked, cadence, history.now)
            with warehouse() as fresh:
                read_on(fresh, asked, "weekly", history.now)
                assert core(watching, asked) == core(fresh, asked)


def some(names: tuple[str, ...], number: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=number, max_size=number)


DAILY = {
    "seed": st.integers(0, 10_000),
    "before": some(SEEN_DAILY, 30),
    "changes": some(SEEN_DAILY, 50),
}
WEEKLY = {**DAILY, "changes": some(tuple(CHANGES), 50)}
EVERY = settings(  # no shrinking: each example asks real servers, so that would take an hour
    max_examples=100,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
ONE = settings(EVERY, max_examples=1, derandomize=True)


@ONE
@given(**DAILY)
def test_a_daily_reading_misses_nothing_that_it_can_see(
    seed: int, before: list[str], changes: list[str]
) -> None:
    check(seed, before, changes, "daily")


@ONE
@given(**WEEKLY)
def test_a_weekly_reading_misses_nothing(seed: int, before: list[str], changes: list[str]) -> None:
    check(seed, before, changes, "weekly")


@pytest.mark.slow
@EVERY
@given(**DAILY)
def test_a_hundred_histories_read_daily(seed: int, before: list[str], changes: list[str]) -> None:
    check(seed, before, changes, "daily")


@pytest.mark.slow
@EVERY
@given(**WEEKLY)
def test_a_hundred_histories_read_weekly(seed: int, before: list[str], changes: list[str]) -> None:
    check(seed, before, changes, "weekly")


def test_nothing_new_changes_nothing(tmp_path: Path) -> None:
    history = History(1)
    for name in [*CHANGES] * 3:
        history.change(name)
    with running(history.store, CREDENTIALS) as at, warehouse() as connection:
        asked = municipality(at)
        read_on(connection, asked, "weekly", history.now)
        before = connection.execute(
            "select * exclude (_dlt_load_id) from raw.zgw_rollen"
        ).fetchall()
        read_on(connection, asked, "weekly", history.now + timedelta(days=1))
        after = connection.execute("select * exclude (_dlt_load_id) from raw.zgw_rollen").fetchall()
        assert sorted(before, key=str) == sorted(after, key=str)


def test_another_key_reads_everything_anew_and_nothing_counts_twice() -> None:
    history = History(3)
    for name in [*SEEN_DAILY] * 3:
        history.change(name)
    with running(history.store, CREDENTIALS) as at, warehouse() as connection, warehouse() as fresh:
        asked = municipality(at)
        for source in asked.sources:
            old = b"an older key, of no worth either, at all"
            pull(connection, source, asked, old, now=history.now)  # type: ignore[arg-type]
        history.now += timedelta(days=1)
        read_on(connection, asked, "daily", history.now)
        read_on(fresh, asked, "weekly", history.now)
        assert core(connection, asked) == core(fresh, asked)
