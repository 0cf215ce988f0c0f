"""What is past its term goes at each run, is counted, and no reading brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.configuration import load_municipality
from pipelines.errors import ConfigurationError
from pipelines.raw_tables import RAW
from pipelines.retention import TooMuchPastTermError, expire
from pipelines.tombstones import sweep
from pipelines.warehouse import open_warehouse
from tests.conftest import Query
from tests.pipelines.recorded import built
from tests.pipelines.residents import (
    CALLBACKS,
    CASES,
    CONTACTS,
    EVENTS,
    KEY,
    case,
    contact,
    files_with,
    read_again,
    town,
    write,
)

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@contextmanager
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(RAW)
        yield connection


def asked(folder: Path, *terms: dict[str, Any], share: float = 1) -> Any:
    settings = town(folder, retention={"terms": list(terms), "max_removed_share": share})
    return load_municipality(settings.config_file)


def cases(connection: duckdb.DuckDBPyConnection, *rows: tuple[str, str, str | None, str]) -> None:
    """(source, case, closed, case type), an event of each on the first day of 2024 and 2025."""
    for number, (source, name, closed, kind) in enumerate(rows):
        connection.execute(
            "insert into raw.cases (source, sequence, case_id, closed_at, case_type)"
            " values (?, ?, ?, ?, ?)",
            [source, number, name, closed, kind],
        )
        connection.execute(
            "insert into raw.events (source, case_id, occurred_at) values (?, ?, '2025-01-01 00:00Z')",
            [source, name],
        )


def left(connection: duckdb.DuckDBPyConnection, table: str = "cases") -> set[tuple[str, str]]:
    rows = connection.execute(f"select distinct source, case_id from raw.{table}").fetchall()
    assert all(len(row) == 2 for row in rows)
    return set(rows)


def test_the_narrowest_term_holds_and_open_cases_stay(tmp_path: Path) -> None:
    terms = [
        {"months": 12},
        {"months": 24, "sources": ["log"]},
        {"months": 60, "case_types": ["long"]},
        {"months": 6, "case_types": ["short"], "sources": ["suite"]},
    ]
    old, young = "2025-01-31T00:00:00+00:00", "2025-02-02T00:00:00+00:00"
    with warehouse() as connection:
        cases(
            connection,
            ("suite", "old", old, "a"),
            ("suite", "young", young, "a"),
            ("suite", "open", None, "a"),
            ("suite", "kept longer", old, "long"),
            ("suite", "not so long", young, "short"),
            ("log", "by its last event", None, "a"),
        )
        gone = expire(connection, asked(tmp_path, *terms), KEY, NOW)
        assert gone["suite", "cases"] == 2
        kept = {("suite", "young"), ("suite", "open"), ("suite", "kept longer")}
        assert (
            left(connection) == left(connection, "events") == kept | {("log", "by its last event")}
        )
        later = datetime(2027, 2, 1, tzinfo=UTC)
        expire(connection, asked(tmp_path, *terms), KEY, later)
        assert left(connection) == {("suite", "open"), ("suite", "kept longer")}


def test_a_case_of_another_source_by_the_same_name_has_a_term_of_its_own(tmp_path: Path) -> None:
    closed = "2025-01-31T00:00:00+00:00"
    with warehouse() as connection:
        cases(connection, ("suite", "same", closed, "a"), ("log", "same", closed, "a"))
        expire(connection, asked(tmp_path, {"months": 12, "sources": ["suite"]}), KEY, NOW)
        assert left(connection) == {("log", "same")}
        cases(connection, ("suite", "same", closed, "a"))
        sweep(connection, KEY)
        assert left(connection) == {("log", "same")}


def test_what_is_past_its_term_is_gone_from_every_file_counted_and_does_not_come_back(
    tmp_path: Path,
) -> None:
    terms = {"terms": [{"months": 6}], "max_removed_share": 1}
    settings = town(tmp_path, retention=terms)
    names = {case("Z1"), case("Z3"), contact("K1"), contact("K4")}
    for later in (0, 1):
        shifted = EVENTS.with_columns(pl.col("om").str.replace("T09", f"T0{later}"))
        write(tmp_path, cases=CASES.reverse(), events=shifted, contacts=CONTACTS.reverse())
        read_again(settings)
        assert files_with(settings.home, names) == set()
    ask = Query(settings)
    assert ask("select source, case_id from raw.cases").rows() == [("suite", case("Z2"))]
    assert ask.one("select count(*) from raw.contacts") == 0
    with open_warehouse(settings.warehouse_file) as connection:
        built(connection, load_municipality(settings.config_file), "mart.data_quality")
    found = ask(
        "select source, finding, severity, affected from mart.data_quality"
        " where finding like '%past_retention' order by all"
    )
    assert found.rows() == [
        ("desk", "contacts_past_retention", "info", CONTACTS.height),
        ("log", "cases_past_retention", "info", CASES.height),
        ("promises", "contacts_past_retention", "info", CALLBACKS.height),
        ("suite", "cases_past_retention", "info", CASES.height - 1),
    ]


def test_more_than_may_go_at_once_goes_not_at_all(tmp_path: Path) -> None:
    closed = "2020-01-31T00:00:00+00:00"
    with warehouse() as connection:
        cases(connection, *(("suite", f"z{n}", closed, "a") for n in range(30)))
        with pytest.raises(TooMuchPastTermError, match=r"30 of 30 cases of suite .*20%"):
            expire(connection, asked(tmp_path, {"months": 12}, share=0.2), KEY, NOW)
        assert len(left(connection)) == 30


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ([{"months": 0}], "use 1 or more"),
        ([{"months": 12}, {"months": 24}], "of 12 and 24 months, hold for everything"),
        (
            [{"months": 1, "case_types": ["a"]}, {"months": 2, "case_types": ["b", "a"]}],
            "hold for case type 'a'",
        ),
        ([{"months": 1, "sources": ["sute"]}], "did you mean 'suite'?"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    terms: list[dict[str, Any]], said: str, tmp_path: Path
) -> None:
    settings = town(tmp_path, retention={"terms": terms})
    with pytest.raises(ConfigurationError, match="retention") as caught:
        load_municipality(settings.config_file)
    assert said in str(caught.value)


def test_check_warns_where_no_term_was_chosen(tmp_path: Path) -> None:
    for chosen, is_warned in ((None, True), ({"terms": []}, False)):
        settings = town(tmp_path, **({"retention": chosen} if chosen else {}))
        result = CliRunner().invoke(app, ["check", "--config", str(settings.config_file)])
        assert result.exit_code == 0
        assert ("no term was chosen" in result.output) is is_warned
