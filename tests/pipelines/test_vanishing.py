"""What a source no longer gives leaves the figures at once, and the warehouse within a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.keeping import keep_removed
from pipelines.raw_tables import RAW
from pipelines.settings import Settings
from pipelines.vanishing import GONE_FOR, gone_for_long
from pipelines.warehouse import open_warehouse
from tests.conftest import Query
from tests.pipelines.recorded import municipality
from tests.pipelines.residents import (
    CASES,
    CONTACTS,
    EVENTS,
    KEY,
    files_with,
    read_again,
    town,
    write,
)

NOW = datetime.now(UTC)
LONG, SHORT = NOW - GONE_FOR - timedelta(minutes=1), NOW - GONE_FOR + timedelta(hours=1)
HEX = {name: f"{number:032x}" for number, name in enumerate(("long", "short", "back", "party"), 1)}


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """A case that is gone for long, one that is not, one that came back; each with a role, the
    first with a part and a link from the last; and a number of a party that is gone."""
    versions = [("long", LONG), ("short", SHORT), ("back", LONG), ("back", None)]
    for number, (name, until) in enumerate(versions):
        other = f"vervolg:{HEX['long']}" if until is None else None
        connection.execute(
            "insert into raw.zgw_zaken (source, zaak, andere_zaken, observed_to, _dlt_load_id,"
            " _dlt_id) values ('cases', ?, ?, ?, '', ?)",
            [HEX[name], other, until, str(number)],
        )
        connection.execute(
            "insert into raw.zgw_rollen (source, rol, zaak, observed_to, _dlt_load_id, _dlt_id)"
            " values ('cases', ?, ?, ?, '', ?)",
            [f"a{number:031d}", HEX[name], until, str(number)],
        )
    connection.execute(
        "insert into raw.ki_partij_identificatoren (source, identificator, partij, client,"
        " observed_to, _dlt_load_id, _dlt_id) values ('contacts', 'i', ?, ?, ?, '', '')",
        [HEX["party"], "c" * 32, LONG],
    )


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("set TimeZone = 'UTC'")
        made.execute(RAW)
        yield made


def test_what_is_gone_for_a_month_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection)
    found = gone_for_long(connection, NOW)
    assert found == [("case", "cases", HEX["long"]), ("record", "contacts", "i")]


def test_it_goes_with_all_that_hangs_from_it_and_may_come_back(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "municipality.yaml", tmp_path / "home")
    asked = municipality("http://localhost", audit_trail=None)
    with open_warehouse(settings.warehouse_file) as made:
        fill(made)
    keep_removed(settings, asked, KEY)
    assert files_with(settings.home, {HEX["long"], HEX["party"], "c" * 32}) == set()
    ask = Query(settings)
    assert ask("select zaak from raw.zgw_rollen order by all")["zaak"].to_list() == [
        HEX["short"],
        HEX["back"],
        HEX["back"],
    ]
    assert ask.one("select count(andere_zaken) from raw.zgw_zaken") == 0
    assert ask.one("select count(*) from raw.erased") == 0
    said = ask("select reason, what, removed from raw.removals where what = 'cases'")
    assert said.rows() == [("gone at the source", "cases", 1)]


def test_rows_that_a_file_no_longer_holds_are_gone_with_it(tmp_path: Path) -> None:
    settings = town(tmp_path)
    read_again(settings)
    write(
        tmp_path,
        cases=CASES.filter(pl.col("zaak") != "Z1"),
        events=EVENTS.filter(pl.col("zaak") != "Z1"),
        contacts=CONTACTS.filter(pl.col("nr") == "K2"),
    )
    read_again(settings)
    ask = Query(settings)
    assert ask.one("select count(*) from core.cases") == 2 * (CASES.height - 1)
    assert ask.one("select count(*) from raw.contacts") == 1
