"""The doctor names what is wrong with a home and how it is mended, and leaves it as it was."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import doctor
from pipelines.doctor import Finding, examine
from pipelines.holding import the_only_run
from pipelines.restore import PARTIAL
from pipelines.settings import Settings
from pipelines.warehouse import note_key, open_warehouse
from tests.conftest import TEST_KEY, example_settings
from tests.pipelines.test_cli import at, hartslag
from transforms.privacy import fingerprint


@pytest.fixture
def home(example_run: Settings, tmp_path: Path) -> Settings:
    settings = example_settings(tmp_path)
    shutil.copytree(example_run.home, settings.home, symlinks=True)
    return settings


def damage(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def break_configuration(settings: Settings) -> None:
    settings.config_file.write_text("name: [", encoding="utf-8")


def damage_warehouse(settings: Settings) -> None:
    damage(settings.warehouse_file)


def lose_warehouse(settings: Settings) -> None:
    settings.warehouse_file.unlink()


def empty_warehouse(settings: Settings) -> None:
    settings.warehouse_file.write_bytes(b"")


def come_from_the_future(settings: Settings) -> None:
    with duckdb.connect(settings.warehouse_file) as connection:
        connection.execute("insert into meta.schema_version values (999, now())")


def use_another_key(settings: Settings) -> None:
    with open_warehouse(settings.warehouse_file) as connection:
        note_key(connection, "another")


def lose_publication(settings: Settings) -> None:
    shutil.rmtree((settings.published / "current").resolve())


def change_figures(settings: Settings) -> None:
    with (settings.published / "current/marts/kpi_values.csv").open("a") as file:
        file.write("x")


def cut_off_manifest(settings: Settings) -> None:
    damage(settings.published / "current" / "manifest.json")


def set_clock_back(settings: Settings) -> None:
    file = settings.published / "current" / "manifest.json"
    content = json.loads(file.read_text("utf-8"))
    content["created_at"] = f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"
    file.write_text(json.dumps(content), "utf-8")


def kill_a_run(settings: Settings) -> None:
    (settings.published / ".partial-20260302T010000Z-c0ffee00").mkdir()


def kill_a_restore(settings: Settings) -> None:
    (settings.home / PARTIAL).mkdir()


def damage_record(settings: Settings) -> None:
    file = settings.dagster_home / "history" / "runs.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database" * 100)


def damage_notices(settings: Settings) -> None:
    settings.notices_file.write_bytes(b"no database" * 100)


@pytest.mark.parametrize(
    ("harm", "check", "level", "what", "mend"),
    [
        (break_configuration, "configuration", "error", "municipality.yaml", ""),
        (damage_warehouse, "warehouse", "error", "is damaged", "hartslag restore"),
        (empty_warehouse, "warehouse", "error", "is damaged", "hartslag restore"),
        (lose_warehouse, "warehouse", "error", "is gone", "hartslag restore"),
        (come_from_the_future, "warehouse", "error", "version 999", "install the version"),
        (use_another_key, "key", "error", "was made with another", "HARTSLAG_KEY_FILE"),
        (lose_publication, "publication", "error", "which is gone", "hartslag run"),
        (change_figures, "publication", "error", "kpi_values.csv not as published", "restore"),
        (cut_off_manifest, "publication", "error", "published/", "hartslag run"),
        (set_clock_back, "clock", "warning", "something was published", "timedatectl"),
        (kill_a_run, "partial", "warning", "a run was killed", "hartslag run"),
        (kill_a_restore, "home", "error", "restore was cut off", "restore again"),
        (damage_record, "dagster", "error", "runs.db", "move"),
        (damage_notices, "notices", "error", "notices.sqlite", "move"),
    ],
)
def test_each_harm_is_named_with_its_mend_and_left_as_it_is(
    harm: Callable[[Settings], None],
    check: str,
    level: str,
    what: str,
    mend: str,
    home: Settings,
) -> None:
    harm(home)
    before = {path: path.lstat().st_mtime_ns for path in home.home.rglob("*")}
    wrong = [found for found in examine(home) if found.level != "ok"]
    assert [(found.check, found.level) for found in wrong] == [(check, level)]
    assert what in wrong[0].what
    assert mend in (wrong[0].mend or "")
    assert {path: path.lstat().st_mtime_ns for path in home.home.rglob("*")} == before


def test_a_home_that_is_well_is_told_so(home: Settings) -> None:
    done = hartslag("doctor", "--json", *at(home))
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ok"]) == (0, True)
    assert {found["level"] for found in told["findings"]} == {"ok"}
    said = hartslag("doctor", *at(home)).stdout
    assert fingerprint(TEST_KEY.encode())[:12] in said
    assert TEST_KEY not in said


def test_an_error_gives_exit_code_one_and_a_mend(home: Settings) -> None:
    damage_warehouse(home)
    done = hartslag("doctor", *at(home))
    assert (done.exit_code, "Mend: " in done.stderr) == (1, True)


def test_a_warehouse_in_use_is_not_looked_into(home: Settings) -> None:
    damage_warehouse(home)
    with the_only_run(home.home):
        found = {finding.check: finding for finding in examine(home)}
    assert found["warehouse"].what == "not looked into, since a run is at work on it"
    assert found["lock"].what == "a run is at work on it"


@pytest.mark.parametrize(("times", "level"), [(0.5, "error"), (2, "warning"), (4, "ok")])
def test_a_disk_must_have_room_for_the_warehouse(
    times: float, level: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(config_file=tmp_path / "municipality.yaml", home=tmp_path)
    settings.warehouse_file.write_bytes(bytes(1000))
    usage = namedtuple("usage", "free")(int(1000 * times))
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    assert doctor._disk(settings).level == level


def test_what_is_not_there_yet_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARTSLAG_KEY")
    monkeypatch.setenv("HARTSLAG_KEY_FILE", str(tmp_path / "none"))
    settings = Settings(config_file=tmp_path / "municipality.yaml", home=tmp_path / "home")

    def levels() -> dict[str, str]:
        found: list[Finding] = examine(settings)
        return {finding.check: finding.level for finding in found if finding.level != "ok"}

    assert levels()["home"] == "error"
    settings.home.mkdir()
    missing = {"configuration": "error", "warehouse": "warning", "key": "error"}
    assert levels() == {**missing, "publication": "warning"}
