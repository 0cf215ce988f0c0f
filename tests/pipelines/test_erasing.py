"""Erasing a resident removes every trace, shown by searching every byte and row of the home."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.erasing import by_identifier, by_pseudonym, count_traces, erase
from pipelines.errors import PlainError
from pipelines.rewriting import files_with as found_by_the_product
from pipelines.settings import Settings
from pipelines.single_run import AnotherRunError, the_only_run
from tests.conftest import Query, run
from tests.pipelines.residents import (
    ANNA,
    BRAM,
    CASES,
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

ALONE = {client(ANNA), case("Z2"), contact("K2")}
HERS = ALONE | {case("Z1"), contact("K1")}


@pytest.fixture(scope="module")
def town_that_ran(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = town(tmp_path_factory.mktemp("town"))
    read_again(settings)
    return settings


@pytest.fixture
def settings(town_that_ran: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(town_that_ran.config_file.parent, tmp_path / "town", symlinks=True)
    return Settings(tmp_path / "town" / "municipality.yaml", tmp_path / "town" / "home")


def hartslag(settings: Settings, *arguments: str, said: str | None = None) -> tuple[int, str]:
    where = ("--config", str(settings.config_file), "--home", str(settings.home))
    result = CliRunner().invoke(app, [*arguments, *where], input=said)
    return result.exit_code, result.output


def test_every_trace_of_a_resident_is_gone_and_does_not_come_back(settings: Settings) -> None:
    assert files_with(settings.home, HERS) == {"warehouse.duckdb"}
    code, told = hartslag(settings, "erase", "--identifier-from-stdin", "--yes", said=f" {ANNA} \n")
    assert (code, ANNA in told) == (0, False)
    assert "suite: cases: 2" in told
    assert files_with(settings.home, HERS) == set()
    later = EVENTS.vstack(
        pl.DataFrame([("Z99", "Receive", "2025-05-05T09:00:00+01:00")], EVENTS.schema, orient="row")
    )
    new = pl.DataFrame([("Z99", ANNA, "2025-05-05", None, "web")], CASES.schema, orient="row")
    write(settings.config_file.parent, cases=CASES.vstack(new), events=later)
    run(settings)
    assert files_with(settings.home, HERS | {case("Z99")}) == set()
    assert Query(settings).one("select count(*) from core.cases") == 2 * (CASES.height - 2)


def test_others_keep_their_own_without_the_links_to_what_went(settings: Settings) -> None:
    erase(settings, by_identifier(ANNA, KEY), KEY)
    ask = Query(settings)
    contacts = ask(
        "select contact_id, client, case_id, follows from raw.contacts order by 1"
    ).rows()
    assert sorted(contacts) == sorted(
        [(contact("K3"), client(BRAM), None, None), (contact("K4"), None, None, None)]
    )
    assert ask("select contact_id from raw.callbacks").to_series().to_list() == [contact("K3")]
    assert ask.one("select count(*) from raw.cases where source = 'suite'") == CASES.height - 2
    assert ask.one("select count(*) from raw.events where source = 'log'") == EVENTS.height - 4
    assert ask.one("select count(*) from core.cases") == 0  # made anew by the next run


def test_the_count_beforehand_is_what_goes_and_changes_nothing(settings: Settings) -> None:
    bytes_before = settings.warehouse_file.read_bytes()
    counted = count_traces(settings, (client(ANNA),), KEY)
    assert Query(settings).one("select count(*) from raw.erased") == 0
    code, told = hartslag(settings, "erase", "--client", client(ANNA))
    assert (code, "Nothing was changed" in told) == (0, True)
    assert files_with(settings.home, HERS) == {"warehouse.duckdb"}
    assert len(settings.warehouse_file.read_bytes()) == len(bytes_before)
    assert erase(settings, (client(ANNA),), KEY).rows == counted.rows
    assert counted.rows == {
        ("suite", "cases"): 2,
        ("suite", "raw.cases"): 2,
        ("log", "cases"): 2,
        ("log", "raw.cases"): 2,
        ("log", "raw.events"): 4,
        ("desk", "contacts"): 2,
        ("suite", "raw.events"): 2,
        ("desk", "raw.contacts"): 5,  # two deleted, two without what pointed to her
        ("promises", "contacts"): 1,
        ("promises", "raw.callbacks"): 1,
    }


def test_the_record_says_when_how_many_and_by_which_command_and_not_whose(
    settings: Settings,
) -> None:
    erase(settings, (client(ANNA),), KEY)
    rows = Query(settings)(
        "select reason, command, source, what, removed from raw.removals where what = 'cases'"
    )
    assert sorted(rows.rows()) == [
        ("request", "erase", "log", "cases", 2),
        ("request", "erase", "suite", "cases", 2),
    ]
    assert Query(settings)("from raw.erased").filter(pl.col("tombstone").is_in(HERS)).is_empty()


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
    with the_only_run(settings.home), pytest.raises(AnotherRunError):
        erase(settings, by_pseudonym(client(ANNA)), KEY)
