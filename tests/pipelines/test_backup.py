"""A backup is whole or not there; restored elsewhere, the next run gives the same bytes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.backup import MANIFEST, Backup, BackupError, back_up
from pipelines.holding import AnotherRunError, held_for, the_only_run
from pipelines.mishaps import DamagedWarehouseError
from pipelines.reading import current_run
from pipelines.receiving import Inbox
from pipelines.restore import PARTIAL, restore
from pipelines.settings import Settings, pseudonym_key
from tests.chain import run_chain
from tests.conftest import TEST_KEY, example_settings
from tests.pipelines.test_cli import hartslag
from transforms.privacy import fingerprint

KEY = TEST_KEY.encode()


def silent(_: str) -> None: ...


def marts(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted((folder / "marts").iterdir())}


@pytest.fixture
def home(example_run: Settings, tmp_path: Path) -> Settings:
    """A finished run, in a folder of its own, of which a run was killed before it checkpointed."""
    folder = tmp_path / "here"
    folder.mkdir()
    settings = example_settings(folder)
    shutil.copytree(example_run.home, settings.home, symlinks=True)
    commit = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute(\"insert into raw.findings values ('late', 1, 'committed', 1, '')\");"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", commit, settings.warehouse_file], check=False)
    assert settings.warehouse_file.with_name("warehouse.duckdb.wal").exists()
    row = {"notice": "n", "zaak": "z", "resource": "zaak", "object": "o", "actie": "create"}
    Inbox(settings.notices_file, KEY).put("cases", {**row, "aanmaakdatum": datetime.now(UTC)})
    return settings


@pytest.fixture
def made(home: Settings, tmp_path: Path) -> Path:
    back_up(home, tmp_path / "backup", 0, silent)
    return tmp_path / "backup"


def test_a_run_on_a_restored_backup_publishes_the_same_bytes(
    home: Settings, made: Path, tmp_path: Path
) -> None:
    published = current_run(home)
    before = {p.relative_to(home.home): p.stat().st_mtime_ns for p in home.home.rglob("*")}
    place = tmp_path / "there"
    about = restore(made, place, KEY, silent)

    assert about.key_fingerprint == fingerprint(pseudonym_key())
    settings = Settings(config_file=place / "municipality.yaml", home=place)
    assert current_run(settings).parent == place / "published"
    assert marts(current_run(settings)) == marts(published)
    with closing(sqlite3.connect(settings.notices_file)) as notices:
        assert notices.execute("select notice from notices").fetchall() == [("n",)]
    with duckdb.connect(settings.warehouse_file, read_only=True) as connection:
        late = connection.execute("select detail from raw.findings where finding = 'committed'")
        assert late.fetchall() == [("",)]

    shutil.copy(home.config_file.parent / "permits.csv", place)  # delivered by its system, as ever
    again = run_chain(settings)
    assert again.name != published.name
    assert marts(again) == marts(published)
    assert {p.relative_to(home.home): p.stat().st_mtime_ns for p in home.home.rglob("*")} == before


def test_a_backup_holds_neither_key_nor_sources_and_says_so(home: Settings, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    options = ("--config", home.config_file, "--home", home.home)
    done = hartslag("backup", target, *options)
    assert done.exit_code == 0
    assert "key is NOT in it" in done.stdout
    assert fingerprint(KEY)[:12] in done.stdout
    files = [file for file in target.rglob("*") if file.is_file()]
    assert not [file for file in files if file.name == "permits.csv" or KEY in file.read_bytes()]
    listed = json.loads((target / MANIFEST).read_text("utf-8"))["files"]
    names = {str(file.relative_to(target)) for file in files}
    assert names == {*listed, MANIFEST}
    again = hartslag("backup", target, *options)
    assert (again.exit_code, "Mend: name a new folder" in again.stderr) == (2, True)


def test_a_backup_waits_for_a_run_and_a_run_for_a_backup(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with the_only_run(home.home), pytest.raises(AnotherRunError, match="Another run"):
        back_up(home, tmp_path / "backup", 0.3, silent)
    assert not list(tmp_path.glob("*backup*"))
    monkeypatch.setattr("pipelines.holding.BACKUP_PATIENCE_S", 0.3)
    with the_only_run(home.home, "backup"):
        assert held_for(home.home) == "backup"
        with pytest.raises(AnotherRunError, match="Another backup"), the_only_run(home.home):
            pass
    assert held_for(home.home) is None


def test_a_damaged_warehouse_is_not_kept_as_a_backup(home: Settings, tmp_path: Path) -> None:
    content = bytearray(home.warehouse_file.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    home.warehouse_file.write_bytes(content)
    with pytest.raises(DamagedWarehouseError, match=str(home.warehouse_file)):
        back_up(home, tmp_path / "backup", 0, silent)
    assert not list(tmp_path.glob("*backup*"))


def test_a_changed_or_lost_file_is_refused_and_nothing_is_restored(
    made: Path, tmp_path: Path
) -> None:
    figure = next(made.glob("published/*/marts/kpi_values.csv"))
    figure.write_bytes(figure.read_bytes() + b"x")
    with pytest.raises(BackupError, match=r"kpi_values.csv is not as it was"):
        restore(made, tmp_path / "there", KEY, silent)
    figure.unlink()
    with pytest.raises(BackupError, match=r"kpi_values.csv is gone"):
        restore(made, tmp_path / "there", KEY, silent)
    assert not (tmp_path / "there" / PARTIAL).exists()
    assert not (tmp_path / "there" / "warehouse.duckdb").exists()


def test_what_is_in_a_home_is_never_overwritten(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "there"
    (place / PARTIAL).mkdir(parents=True)  # a restore that was killed before
    restore(made, place, KEY, silent)
    done = hartslag("restore", made, "--home", place)
    assert done.exit_code == 2
    assert "is not empty" in done.stderr


def test_another_key_is_refused_unless_it_is_accepted(made: Path, tmp_path: Path) -> None:
    heard: list[str] = []
    with pytest.raises(BackupError, match="HARTSLAG_KEY_FILE"):
        restore(made, tmp_path / "there", b"another key of 32 characters or more", silent)
    assert not (tmp_path / "there").exists()
    restore(made, tmp_path / "without", None, heard.append)
    assert fingerprint(KEY)[:12] in heard[0]
    other = b"another key of 32 characters or more"
    restore(made, tmp_path / "other", other, silent, accept_other_key=True)
    assert (tmp_path / "other" / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"files": {}}, "names 'no warehouse.duckdb'"),
        ({"files": {"../warehouse.duckdb": "0"}}, "names '../warehouse.duckdb'"),
        ({"files": {"/etc/passwd": "0"}}, "names '/etc/passwd'"),
        ({"format": 99}, "has format 99"),
        ({"surprise": 1}, "cannot be read"),
    ],
)
def test_a_manifest_that_is_not_right_is_refused(
    change: dict[str, object], said: str, tmp_path: Path
) -> None:
    about = Backup("2026-03-02T00:00:00+00:00", "0.1.0", 2, None, None, {"warehouse.duckdb": "0"})
    (tmp_path / MANIFEST).write_text(json.dumps(replace(about).__dict__ | change), "utf-8")
    with pytest.raises(BackupError) as caught:
        restore(tmp_path, tmp_path / "there", KEY, silent)
    assert (said in str(caught.value), "Mend: " in str(caught.value)) == (True, True)


def test_a_folder_without_manifest_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no whole backup"):
        restore(tmp_path, tmp_path / "there", KEY, silent)
