"""A query's rows come through the door of the files, and nothing can be written back."""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest
from pydantic import TypeAdapter

from pipelines.checking import try_sources
from pipelines.connectors import database, database_session
from pipelines.connectors.database import DatabaseSource, Query
from pipelines.connectors.database_session import answers, refuse_all_but_reading
from pipelines.connectors.raw_log import SourceError
from pipelines.errors import ConfigurationError
from pipelines.load import load_source
from pipelines.municipality import Municipality
from pipelines.warehouse import open_warehouse
from tests.pipelines.connectors.logs import KEY, read_text
from tests.pipelines.connectors.postgres import PASSWORD, Server
from transforms.privacy import pseudonym

COLUMNS = {"case_id": "zaak", "activity": "stap", "occurred_at": "moment", "actor": "wie"}
ALL = "select * from stappen order by volgorde"
STEPS = (
    "drop table if exists stappen",
    "create table stappen (volgorde int, zaak numeric, stap text, moment timestamptz, wie text)",
    "insert into stappen values"
    " (1, 10001, 'Ontvangen', '2026-01-05 09:00+01', 'Jansen'),"
    " (2, 10001, 'Besluit', '2026-01-06 09:00+01', 'De Vries'),"
    " (3, 10002, 'Ontvangen', '2026-01-07 09:00+01', null),"
    " (4, 10002, null, '2026-01-08 09:00+01', 'Jansen'),"
    " (5, 10002, 'Besluit', '2026-01-09 09:00+01', 'Jansen')",
)


@pytest.fixture
def steps(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server with five steps, the fourth of them without an activity."""
    server.execute(*STEPS)
    monkeypatch.setenv("HARTSLAG_SUITE_URL", server.url())
    return server


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_warehouse(tmp_path / "warehouse.duckdb") as connection:
        yield connection


def source(query: str = ALL, gives: str = "events", **more: Any) -> Query:
    known = {"id": "suite", "kind": "database", "gives": gives, "journey": "permits"}
    known |= {"query": query, "columns": COLUMNS, "max_quarantined_share": 0.2}
    found: Query = TypeAdapter(DatabaseSource).validate_python(known | more)
    return found


def load(warehouse: duckdb.DuckDBPyConnection, asked: Query, base: Path = Path()) -> str:
    return "\n".join(load_source(warehouse, asked, base, KEY))


def rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(query).fetchall()


def test_good_rows_land_and_bad_ones_are_set_aside_with_their_number(
    steps: Server, warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert load(warehouse, source()) == "suite: query: 5 rows read, 4 kept, 1 set aside"
    found = rows(warehouse, "select case_id, activity, occurred_at, actor from raw.events")
    assert found[0] == (
        pseudonym("10001", KEY, "case"),
        "Ontvangen",
        datetime(2026, 1, 5, 8, tzinfo=UTC),
        pseudonym("Jansen", KEY, "person"),
    )
    assert len(found) == 4
    aside = rows(warehouse, "select source, row_number, column_name from raw.quarantine")
    assert aside == [("suite", 4, "activity")]


def test_what_did_not_change_is_not_loaded_again(
    steps: Server, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load(warehouse, source())
    before = rows(warehouse, "select loaded_at from raw.files")
    assert load(warehouse, source()) == "suite: query was taken before, unchanged"
    assert rows(warehouse, "select loaded_at from raw.files") == before


def test_what_changed_replaces_what_the_query_gave_before(
    steps: Server, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load(warehouse, source())
    steps.execute("update stappen set stap = 'Intake' where volgorde = 4")
    load(warehouse, source())
    assert rows(warehouse, "select count(*) from raw.events") == [(5,)]
    assert rows(warehouse, "select count(*) from raw.quarantine") == [(0,)]


def test_an_answer_with_too_many_bad_rows_leaves_what_was_there(
    steps: Server, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load(warehouse, source())
    steps.execute("update stappen set stap = null where volgorde > 1")
    with pytest.raises(SourceError, match=r"sources\.suite\.query: 4 of 5 rows cannot be used"):
        load(warehouse, source())
    assert rows(warehouse, "select count(*) from raw.events") == [(4,)]


def test_an_empty_answer_is_refused(steps: Server, warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SourceError, match=r"sources\.suite\.query: holds no rows"):
        load(warehouse, source("select * from stappen where false"))


def test_a_query_gives_what_the_same_rows_in_a_file_give(
    steps: Server, tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    steps.execute("delete from stappen where stap is null")
    text = "zaak,stap,moment,wie\n" + "".join(
        f"{zaak},{stap},{moment.isoformat()},{wie or ''}\n"
        for _, zaak, stap, moment, wie in steps.execute(ALL)
    )
    expected = read_text(tmp_path, text, columns=COLUMNS)
    [part] = database.CONNECTOR.parts(source(), tmp_path)
    batch = part.open().read(KEY)
    assert batch.tables["events"].equals(expected.tables["events"])
    assert batch.tables["cases"].equals(expected.tables["cases"])


@pytest.mark.parametrize(
    ("gives", "columns", "more", "table"),
    [
        ("contacts", {"contact_id": "zaak", "contacted_at": "moment"}, {}, "contacts"),
        (
            "callbacks",
            {"contact_id": "zaak", "promised_at": "moment"},
            {"contacts": "telephony"},
            "callbacks",
        ),
        (
            "cases",
            {"case_id": "volgorde", "opened_at": "moment"},
            {"events": {"Ontvangen": "moment"}},
            "cases",
        ),
    ],
)
def test_a_query_gives_any_kind_of_row(
    gives: str,
    columns: dict[str, str],
    more: dict[str, Any],
    table: str,
    steps: Server,
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    load(warehouse, source(gives=gives, columns=columns, **more))
    assert rows(warehouse, f"select count(*) from raw.{table}") == [(5,)]


def test_a_column_of_dates_is_marked_as_days(
    steps: Server, warehouse: duckdb.DuckDBPyConnection
) -> None:
    query = "select zaak, 'Ontvangen' as stap, moment::date as moment, wie from stappen"
    load(warehouse, source(query))
    assert rows(warehouse, "select distinct time_quality from raw.events") == [("day",)]


def test_moments_without_an_offset_need_a_time_zone(
    steps: Server, warehouse: duckdb.DuckDBPyConnection
) -> None:
    query = (
        "select zaak, 'Ontvangen' as stap, moment at time zone 'UTC' as moment, wie from stappen"
    )
    with pytest.raises(SourceError, match="has no offset; set `timezone:`"):
        load(warehouse, source(query))
    load(warehouse, source(query, timezone="Europe/London"))
    assert rows(warehouse, "select min(occurred_at) from raw.events") == [
        (datetime(2026, 1, 5, 8, tzinfo=UTC),)
    ]


def test_no_more_than_a_batch_is_asked_at_a_time(
    steps: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_session, "BATCH_ROWS", 2)
    found = [len(batch) for _, batch in answers("q", steps.url(), ALL)]
    assert found == [2, 2, 1]
    cursors = "select count(*) from pg_cursors"
    [(_, [(open_cursors,)])] = answers("q", steps.url(), cursors)
    assert open_cursors == 1, "the rows wait at the server, not in this program"


def test_a_query_is_asked_as_it_is_written(steps: Server) -> None:
    query = "select '50%' || ':a' as a, '%s' as b from stappen where stap like 'Ont%' ;\n"
    [(names, found)] = answers("q", steps.url(), query)
    assert (names, [tuple(row) for row in found]) == (["a", "b"], [("50%:a", "%s")] * 2)


@pytest.mark.parametrize(
    "query",
    [
        "delete from stappen",
        "select 1; delete from stappen",
        "with gone as (delete from stappen returning *) select * from gone",
        "select * into copy from stappen",
        "select * from stappen for update",
        "create table x as select 1",
        "explain analyze delete from stappen",
        "call work()",
        "select 'a\\'; delete from stappen; --'",
        "",
    ],
)
def test_anything_but_one_reading_select_is_refused(query: str) -> None:
    with pytest.raises(SourceError, match=r"^sources\.suite\.query: (is not one|cannot be read)"):
        refuse_all_but_reading("sources.suite.query", query, "postgres")


@pytest.mark.parametrize(
    ("query", "dialect"),
    [
        ("with a as (select 1 as b) select b from a union all select 2", "postgres"),
        ("select top 5 [zaak nummer] from dbo.zaken", "tsql"),
        ("select * from zaken where rownum < 5", "oracle"),
        ("select `zaak` from zaken limit 5", "mysql"),
    ],
)
def test_a_select_of_each_database_is_let_through(query: str, dialect: str) -> None:
    refuse_all_but_reading("sources.suite.query", query, dialect)


def test_the_database_itself_refuses_to_write(steps: Server) -> None:
    """A function that writes looks like reading; the session does not let it."""
    steps.execute(
        "create or replace function wipe() returns int language sql volatile"
        " as 'delete from stappen returning 1'"
    )
    with pytest.raises(SourceError, match=r"ReadOnlySqlTransaction, SQLSTATE 25006"):
        list(answers("q", steps.url(), "select wipe()"))
    assert steps.execute("select count(*) from stappen") == [(5,)]
    assert steps.execute("select wipe()") == [(1,)]


@pytest.mark.parametrize(
    ("change", "query", "said"),
    [
        (("geheim", "verkeerd"), ALL, "correct user and password|can be reached"),
        (("/postgres?", "/elders?"), ALL, "correct the name of the database|can be reached"),
        (("?host=", "?host=/nowhere"), ALL, "look whether the database runs"),
        (("postgresql://", "sqlite://"), ALL, "a kind of database that is not known"),
        (("postgresql://", ""), ALL, "is none of a database"),
        (("", ""), "select wie::int from stappen", "SQLSTATE 22P02"),
        (("", ""), "select geheim from stappen", "UndefinedColumn, SQLSTATE 42703"),
        (("", ""), "select wie from", "cannot be read as SQL"),
        (("", ""), "select stap from stappen", "column 'zaak' for columns.case_id is missing"),
        (("", ""), ALL.replace("*", "*, '{}'::int[] as soort"), ""),
    ],
)
def test_no_error_tells_the_address_or_a_value(
    change: tuple[str, str],
    query: str,
    said: str,
    steps: Server,
    warehouse: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HARTSLAG_SUITE_URL", steps.url().replace(*change))
    columns = COLUMNS | {"team": "soort"} if not said else COLUMNS
    with pytest.raises(SourceError) as caught:
        load(warehouse, source(query, columns=columns))
    message = "".join(traceback.format_exception(caught.value, chain=True))
    assert "Mend: " in message
    assert "sources.suite.query: " in message
    if said:
        assert any(part in message for part in said.split("|")), message
    else:
        assert "column 'soort' holds list values" in message
    for secret in (PASSWORD, "verkeerd-van-Jansen", "Jansen", str(steps.socket), "owner:"):
        assert secret not in message


def test_the_address_may_come_from_a_file(
    steps: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    (tmp_path / "url").write_text(steps.url() + "\n", encoding="utf-8")
    (tmp_path / "steps.sql").write_text(ALL, encoding="utf-8")
    monkeypatch.delenv("HARTSLAG_SUITE_URL")
    monkeypatch.setenv("HARTSLAG_SUITE_URL_FILE", str(tmp_path / "url"))
    asked = source(query=None, query_file="steps.sql")  # type: ignore[arg-type]
    assert "5 rows read" in load(warehouse, asked, tmp_path)


def test_without_an_address_the_variable_is_named(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARTSLAG_SUITE_URL", raising=False)
    with pytest.raises(ConfigurationError, match="HARTSLAG_SUITE_URL is not set"):
        load(warehouse, source())


def test_a_query_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    asked = source(query=None, query_file="nowhere.sql")  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARTSLAG_SUITE_URL", "postgresql://u:p@h/d")
        [part] = database.CONNECTOR.parts(asked, tmp_path)
        with pytest.raises(SourceError, match=r"query_file: .*nowhere\.sql cannot be read"):
            part.open()


@pytest.mark.parametrize(
    ("scheme", "extra"), [("mssql", "sqlserver"), ("oracle", "oracle"), ("mariadb", "mysql")]
)
def test_a_missing_driver_names_the_extra_that_brings_it(
    scheme: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SourceError, match=rf"pip install 'hartslag\[{extra}\]'"):
        list(answers("q", f"{scheme}://user:{PASSWORD}@host/name", ALL))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10001, "10001"),
        (10001.0, "10001"),
        (Decimal("10001.00"), "10001"),
        (Decimal("1E+4"), "10000"),
        (Decimal("0.50"), "0.50"),
        (1.5, "1.5"),
        (float("nan"), None),
        (None, None),
        (True, "true"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5, 9, tzinfo=UTC), "2026-01-05 09:00:00+00:00"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
    ],
)
def test_a_value_is_spelled_as_in_a_file(value: object, text: str | None) -> None:
    assert database._text("q", "zaak", value) == text


def test_check_tries_the_query_and_keeps_nothing(steps: Server, tmp_path: Path) -> None:
    asked = {
        "name": "Testdorp",
        "service_formulas": [{"id": "ontwerp", "name": "Ontwerp"}],
        "journeys": [{"id": "permits", "name": "Vergunning", "service_formula": "ontwerp"}],
        "sources": [source().model_dump(exclude_none=True)],
    }
    [report] = try_sources(Municipality.model_validate(asked), tmp_path)
    [found] = report["files"]
    assert (report["ok"], found["rows"], found["kept"], found["cases"]) == (True, 5, 4, 2)
    assert found["first_at"] == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert list(tmp_path.iterdir()) == []
