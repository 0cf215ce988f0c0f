"""What befalls a machine is told plainly, harms nothing that was published, and can be mended."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import publish as publishing
from pipelines.migrations import bring_up_to_date
from pipelines.mishaps import (
    DamagedWarehouseError,
    DiskFullError,
    OutOfMemoryError,
    mishap,
    told_plainly,
)
from pipelines.publish import Publication, last_published, publish, run_name
from pipelines.reading import current_run, manifest
from pipelines.rewriting import rewrite_if_due, rewriting_is_due
from pipelines.runs import run_job
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from tests.chaos import can_mount
from tests.conftest import REPOSITORY, example_settings, unrecorded
from tests.pipelines.test_cli import at, hartslag
from tests.test_kill import mart_hashes

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAMAGES = {
    "cut off": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "scrambled": lambda content: content[:20_000] + bytes(len(content) - 20_000),
    "no warehouse": lambda content: b"name: Voorbeeldstad\n" * 1000,
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_warehouse_is_refused_by_name_and_left_as_it_is(
    how: str, example_run: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "warehouse.duckdb"
    file.write_bytes(DAMAGES[how](example_run.warehouse_file.read_bytes()))
    before = file.read_bytes()
    with pytest.raises(DamagedWarehouseError) as caught, open_warehouse(file) as connection:
        connection.execute("create table core.cases as from raw.events")
    for words in (str(file), "hartslag doctor", "hartslag restore"):
        assert words in str(caught.value)
    assert file.read_bytes() == before


def test_damage_is_told_on_the_command_line_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.runs.dagster_instance", lambda _: unrecorded(tmp_path))
    settings = example_settings(tmp_path)
    settings.home.mkdir()
    settings.warehouse_file.write_bytes(b"no warehouse" * 1000)
    done = hartslag("run", *at(settings))
    assert done.exit_code == 1
    assert "is damaged" in done.stderr
    assert "Nothing was published; what was published before still stands." in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert settings.warehouse_file.read_bytes() == b"no warehouse" * 1000


def test_a_warehouse_that_lost_its_file_is_not_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    (tmp_path / "warehouse.duckdb.wal").write_bytes(b"committed")
    with pytest.raises(DamagedWarehouseError, match="is gone"), open_warehouse(file):
        pass
    assert not file.exists()


def test_a_warehouse_whose_making_was_cut_off_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "warehouse.duckdb"
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.warehouse.bring_up_to_date", killed)
        with pytest.raises(KeyboardInterrupt), open_warehouse(file):
            pass
    assert not file.exists()
    with open_warehouse(file) as connection:
        bring_up_to_date(connection, "again")
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]


@pytest.mark.parametrize("most", [13_000, 20_000, 250_000])
def test_a_warehouse_for_which_there_is_no_room_is_not_begun(most: int, tmp_path: Path) -> None:
    """DuckDB, closing, keeps silent of what it cannot put in the file."""
    file = tmp_path / "warehouse.duckdb"
    said = within(
        most, "from pipelines.warehouse import open_warehouse as o; o(file).__enter__()", file
    )
    assert "There is no room left on the disk" in said
    assert not file.exists()
    with open_warehouse(file):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]


def test_rewriting_without_room_loses_no_row(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with open_warehouse(file) as connection:
        connection.execute("create table raw.many as select uuid() as id from range(20000)")
    rewriting_is_due(file)
    code = "from pipelines.rewriting import rewrite_if_due as r; r(file)"
    for most in (20_000, 300_000, 600_000):
        assert "File too large" in within(most, code, file)
        with open_warehouse(file) as connection:
            assert connection.execute("select count(*) from raw.many").fetchall() == [(20_000,)]
    assert rewrite_if_due(file)
    with open_warehouse(file) as connection:
        assert connection.execute("select count(*) from raw.many").fetchall() == [(20_000,)]
    assert [path.name for path in tmp_path.iterdir()] == ["warehouse.duckdb"]


def within(most: int, code: str, file: Path) -> str:
    """What a process that may write files of `most` bytes says as it fails; `code` knows `file`."""
    limited = (
        "import resource, signal; from pathlib import Path;"
        " signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f" resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); file = Path({str(file)!r});"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", f"{limited} {code}"],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
    )
    assert done.returncode
    return done.stderr


def test_a_lost_publication_is_named_and_the_next_follows_the_one_before(tmp_path: Path) -> None:
    settings = Settings(config_file=tmp_path / "municipality.yaml", home=tmp_path)
    for run in ("20260301T010000Z-aaaaaaaa", "20260302T010000Z-bbbbbbbb"):
        (settings.published / run).mkdir(parents=True)
        (settings.published / run / "manifest.json").write_text("{}", "utf-8")
    (settings.published / "current").symlink_to(run)
    assert last_published(settings.published).name == "current"

    shutil.rmtree(settings.published / run)
    done = hartslag("kpi", "lead_time", *at(settings))
    assert (done.exit_code, f"names {run}, which is gone" in done.stderr) == (2, True)
    assert last_published(settings.published).name == "20260301T010000Z-aaaaaaaa"


def test_names_of_runs_keep_their_order_when_the_clock_is_set_back(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    names = []
    for hours in (0, -30, -29, 2):
        names.append(run_name(tmp_path, "c0ffee00-1", NOON + timedelta(hours=hours)))
        (tmp_path / names[-1]).mkdir()
    assert names == sorted(names)
    assert names[1] == "20260302T120001Z-c0ffee00"
    assert names[3] == "20260302T140000Z-c0ffee00"


def test_a_publication_for_which_there_is_no_room_gives_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(publishing, "flush", full)
    monkeypatch.setattr("dashboards.site.build_site", full)
    (tmp_path / "old").mkdir()
    (tmp_path / "current").symlink_to("old")
    about = Publication("new", "Voorbeeldstad", 5, "0" * 64, None)
    frame = pl.DataFrame({"value": range(1000)})
    monkeypatch.setattr("dashboards.marts.read_marts", lambda _: None)
    with pytest.raises(DiskFullError, match="no room left"), told_plainly(tmp_path):
        publish({"kpi_values": frame}, about, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"old", "current"}
    assert (tmp_path / "current").readlink() == Path("old")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFullError),
        (duckdb.IOException('Could not write file "w": No space left on device'), DiskFullError),
        (duckdb.OutOfMemoryException("failed to allocate data of size 1.0 GiB"), OutOfMemoryError),
        (MemoryError(), OutOfMemoryError),
        (duckdb.Error("Corrupt database file: computed checksum 1"), DamagedWarehouseError),
    ],
)
def test_a_mishap_is_told_by_its_cause(error: Exception, told: type) -> None:
    outer = RuntimeError("the loader failed")
    outer.__cause__ = error
    for given in (error, outer):
        found = mishap(given, Path("/home"))
        assert type(found) is told
        assert "Mend: " in str(found)


@pytest.mark.parametrize(
    "error",
    [ValueError("corrupt checksum"), duckdb.CatalogException("no table"), FileNotFoundError("x")],
)
def test_what_is_no_mishap_passes_as_it_is(error: Exception) -> None:
    with pytest.raises(type(error)), told_plainly(Path("/home")):
        raise error


def test_causes_that_go_round_come_to_an_end() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__context__ = other, one
    assert mishap(one, Path("/home")) is None


def test_what_is_published_is_served_while_the_warehouse_is_damaged(
    example_run: Settings, tmp_path: Path
) -> None:
    settings = example_settings(tmp_path)
    shutil.copytree(example_run.home, settings.home, symlinks=True)
    settings.warehouse_file.write_bytes(b"")
    assert hartslag("kpi", "lead_time", *at(settings)).exit_code == 0
    asked = ("explain", "lead_time", "--journey", "permits")
    done = hartslag(*asked, *at(settings))
    assert (done.exit_code, "is damaged" in done.stderr) == (2, True)
    assert current_run(settings).is_dir()


def test_a_disk_too_full_for_the_record_of_runs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("pipelines.runs.dagster_instance", full)
    outcome = run_job(example_settings(tmp_path), lambda done, total: None)
    assert not outcome.ok
    assert outcome.errors[0].startswith("There is no room left on the disk of ")


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="this process may not mount a disk")
@pytest.mark.parametrize("free_kb", [100, 1500, 6000, 16000])
def test_a_run_on_a_full_disk_harms_nothing_and_the_next_one_completes(
    free_kb: int, example_run: Settings, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    held = sum(f.stat().st_size // 1024 + 8 for f in example_run.home.rglob("*") if f.is_file())
    tmpfs = ["mount", "-t", "tmpfs", "-o", f"size={held + free_kb}k", "tmpfs", str(disk)]
    subprocess.run(tmpfs, check=True)
    try:
        settings = replace(example_settings(tmp_path), home=disk / "home")
        shutil.copytree(example_run.home, settings.home, symlinks=True)
        published = current_run(settings)
        done = hartslag("run", *at(settings))
        assert (done.exit_code, "no room left on the disk" in done.stderr) == (1, True)
        assert "Traceback" not in done.stderr
        assert current_run(settings) == published
        assert mart_hashes(published) == manifest(published)["marts"]
        subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
        assert hartslag("run", *at(settings)).exit_code == 0
        assert current_run(settings) != published
        assert mart_hashes(current_run(settings)) == mart_hashes(published)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
