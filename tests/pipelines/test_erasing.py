"""Erasing a resident removes every trace, shown by searching every byte and row of the home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.checks import check_results
from pipelines.cli import app
from pipelines.erasing import by_identifier, by_pseudonym, count_traces, erase
from pipelines.errors import PlainError
from pipelines.holding import the_only_run
from pipelines.raw_tables import RAW
from pipelines.removing import NAMED, doom, remove
from pipelines.rewriting import files_with as found_by_the_product
from pipelines.settings import Settings
from pipelines.traces import OF_NOBODY, TRACES
from tests.conftest import Query, run
from tests.pipelines.residents import (
    ANNA,
    BRAM,
    CASES,
    CONTACTS,
    EVENTS,
    KEY,
    case,
    client,
    contact,
    files_with,
    read_again,
    town,
    write,
)
from transforms.models import Model, ModelTest

ALONE = {client(ANNA), case("Z2"), contact("K2")}
HERS = ALONE | {case("Z1"), contact("K1")}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = town(tmp_path_factory.mktemp("before"))
    read_again(settings)
    return settings


def copied(settings: Settings, folder: Path) -> Settings:
    shutil.copytree(settings.config_file.parent, folder, symlinks=True, dirs_exist_ok=True)
    return Settings(folder / "municipality.yaml", folder / "home")


@pytest.fixture
def settings(before: Settings, tmp_path: Path) -> Settings:
    return copied(before, tmp_path)


def hartslag(settings: Settings, *arguments: str, said: str | None = None) -> tuple[int, str]:
    where = ("--config", str(settings.config_file), "--home", str(settings.home))
    result = CliRunner().invoke(app, [*arguments, *where], input=said)
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def told(before: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """A home from which Anna was erased by the number that is hers, and what was said of it."""
    settings = copied(before, tmp_path_factory.mktemp("erased"))
    code, said = hartslag(settings, "erase", "--identifier-from-stdin", "--yes", said=f" {ANNA} \n")
    assert code == 0
    return settings, said


@pytest.fixture(scope="module")
def erased(told: tuple[Settings, str]) -> Settings:
    return told[0]


def test_every_trace_of_a_resident_is_gone(before: Settings, erased: Settings) -> None:
    assert files_with(before.home, HERS) == {"warehouse.duckdb"}
    assert files_with(erased.home, HERS) == set()
    for name in HERS:
        assert files_with(before.home, {name}) == {"warehouse.duckdb"}


@pytest.mark.parametrize(
    "read", [read_again, pytest.param(run, marks=pytest.mark.slow)], ids=["read", "published"]
)
def test_it_does_not_come_back_with_the_same_files_nor_with_later_ones(
    erased: Settings, tmp_path: Path, read: Callable[[Settings], object]
) -> None:
    settings = copied(erased, tmp_path)
    late = pl.DataFrame(
        [("Z99", "Receive", "2025-05-05T09:00:00+01:00")], EVENTS.schema, orient="row"
    )
    new = pl.DataFrame([("Z99", ANNA, "2025-05-05", None, "web")], CASES.schema, orient="row")
    write(tmp_path, cases=CASES.vstack(new), events=EVENTS.vstack(late), contacts=CONTACTS.head(3))
    read(settings)
    assert files_with(settings.home, HERS | {case("Z99")}) == set()
    assert files_with(settings.home, {client(BRAM)}) == {"warehouse.duckdb"}  # never published
    assert Query(settings).one("select count(*) from core.cases") == 2 * (CASES.height - 2)
    assert Query(settings).one("select count(*) from core.contacts") == 1


def test_others_keep_their_own_without_the_links_to_what_went(erased: Settings) -> None:
    ask = Query(erased)
    contacts = ask("select contact_id, client, case_id, follows from raw.contacts").rows()
    assert set(contacts) == {
        (contact("K3"), client(BRAM), None, None),
        (contact("K4"), None, None, None),
    }
    assert ask("select contact_id from raw.callbacks").to_series().to_list() == [contact("K3")]
    assert ask.one("select count(*) from raw.cases where source = 'suite'") == CASES.height - 2
    assert ask.one("select count(*) from raw.events where source = 'log'") == EVENTS.height - 4
    assert ask.one("select count(*) from core.cases") == 0  # made anew by the next run


COUNTED = {
    ("suite", "cases"): 2,
    ("suite", "raw.cases"): 2,
    ("suite", "raw.events"): 2,
    ("log", "cases"): 2,
    ("log", "raw.cases"): 2,
    ("log", "raw.events"): 4,
    ("desk", "contacts"): 2,
    ("desk", "raw.contacts"): 5,  # two rows, and three links in those of others
    ("promises", "contacts"): 1,
    ("promises", "raw.callbacks"): 1,
}


def test_the_count_beforehand_is_what_would_go_and_changes_nothing(before: Settings) -> None:
    assert count_traces(before, (client(ANNA),), KEY).rows == COUNTED
    code, said = hartslag(before, "erase", "--client", client(ANNA))
    assert (code, "Nothing was changed" in said) == (0, True)
    assert Query(before).one("select count(*) from raw.erased") == 0
    assert files_with(before.home, HERS) == {"warehouse.duckdb"}


def test_the_record_says_when_how_many_and_by_which_command_and_not_whose(
    told: tuple[Settings, str],
) -> None:
    settings, said = told
    ask = Query(settings)
    rows = ask("select source, what, removed, reason, command from raw.removals").rows()
    assert {row[:2]: row[2] for row in rows} == COUNTED
    assert {row[3:] for row in rows} == {("request", "erase")}
    assert "suite: cases: 2" in said
    assert not [name for name in (*HERS, ANNA) if name in said]
    assert ask("from raw.erased").filter(pl.col("tombstone").is_in(HERS)).is_empty()


def test_what_no_source_has_yet_is_kept_out_too(settings: Settings) -> None:
    carla = "999000099"
    code, told = hartslag(settings, "erase", "--identifier-from-stdin", "--yes", said=carla)
    assert (code, "No rows of this resident" in told) == (0, True)
    new = pl.DataFrame([("Z50", carla, "2025-05-05", None, "web")], CASES.schema, orient="row")
    write(settings.config_file.parent, cases=CASES.vstack(new))
    read_again(settings)
    assert files_with(settings.home, {client(carla), case("Z50")}) == set()


def test_a_case_that_a_later_file_gives_to_someone_else_stays_with_them(tmp_path: Path) -> None:
    settings = town(tmp_path)
    text = settings.config_file.read_text().replace("cases.csv", "cases*.csv")
    settings.config_file.write_text(text)
    moved = CASES.filter(pl.col("zaak") == "Z1").with_columns(bsn=pl.lit(BRAM))
    write(tmp_path, cases2=moved)
    read_again(settings)
    erase(settings, by_identifier(ANNA, KEY), KEY)
    ask = Query(settings)
    kept = ask(f"select client from raw.cases where case_id = '{case('Z1')}' and source = 'suite'")
    assert sorted(kept["client"].to_list(), key=str) == sorted([None, client(BRAM)], key=str)
    assert files_with(settings.home, ALONE) == set()


def test_dagster_keeps_no_pseudonym(settings: Settings) -> None:
    folder = settings.dagster_home / "storage"
    folder.mkdir(parents=True)
    (folder / "run.err").write_text(f"failed on {client(ANNA)}")
    assert [file.name for file in found_by_the_product(settings.home, HERS)] == [
        "run.err",
        "warehouse.duckdb",
    ]
    done = erase(settings, (client(ANNA),), KEY)
    assert (done.scrubbed, done.left) == (1, ())
    assert (folder / "run.err").read_text() == "failed on " + "0" * 32


@pytest.mark.parametrize(
    ("arguments", "said", "expected"),
    [
        (("--client", ANNA), None, "a number of the resident goes in by --identifier-from-stdin"),
        (("--client", "a" * 32, "--identifier-from-stdin"), "1", "Give either"),
        (("--identifier-from-stdin",), "\n", "No identifier was given"),
    ],
)
def test_what_cannot_be_erased_is_refused(
    arguments: tuple[str, ...], said: str | None, expected: str, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "municipality.yaml", tmp_path / "home")
    code, told = hartslag(settings, "erase", *arguments, said=said)
    assert (code, expected in told) == (2, True)


def test_a_home_without_a_warehouse_and_one_that_runs_are_refused(
    settings: Settings, tmp_path: Path
) -> None:
    nothing = Settings(tmp_path / "municipality.yaml", tmp_path / "none")
    with pytest.raises(PlainError, match="There is no warehouse"):
        erase(nothing, by_pseudonym(client(ANNA)), KEY)
    with the_only_run(settings.home):
        code, said = hartslag(settings, "erase", "--client", client(ANNA), "--yes")
    assert (code, "Another run is at work" in said) == (2, True)


def test_failing_rows_are_told_to_dagster_without_pseudonyms() -> None:
    failing = ModelTest("who", f"select '{client(ANNA)}' as client, 7 as case_key")
    model = Model("core", "t", "", (), (failing,), "")
    with duckdb.connect() as connection:
        [result] = check_results(connection, model)
    [row] = result.metadata["first_failing_rows"].records
    assert row.data == {"client": "a pseudonym", "case_key": "7"}


def test_every_table_of_raw_is_looked_through_or_said_to_be_of_nobody() -> None:
    with duckdb.connect() as connection:
        connection.execute(RAW)
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
    assert {name for (name,) in tables} == OF_NOBODY | set(TRACES)


def test_a_table_of_a_connector_of_someone_else_is_looked_through_by_every_column() -> None:
    with duckdb.connect() as connection:
        connection.execute(RAW)
        connection.execute("create table raw.other (source varchar, words varchar, n bigint)")
        connection.execute(
            "insert into raw.other values ('x', $1, 1), ('x', 'a', 2)", [client(BRAM)]
        )
        connection.execute("insert into raw.cases (source, case_id) values ('x', 'b')")
        meant = pl.DataFrame([("person", None, client(BRAM))], NAMED, orient="row")
        doom(connection, meant)
        assert remove(connection) == {("x", "raw.other"): 1}
        assert connection.execute("select n from raw.other").fetchall() == [(2,)]
