"""A run killed at any moment: readers keep the last publication, the next run makes all whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.reading import current_run, manifest
from pipelines.runs import run_job
from pipelines.settings import Settings
from tests.conftest import Query, example_settings, run

PATIENCE_S = 120
NEW_ROWS = (
    "P99991,Receive request,2026-02-02T09:00:00+01:00,D1,desk,web,2026-02-02T08:00:00+01:00,,\n"
    "P99991,Check completeness,2026-02-04T09:00:00+01:00,D2,desk,web,,,\n"
)


def tables_made(settings: Settings) -> int:
    """How many tables all runs so far have reported to Dagster."""
    file = settings.dagster_home / "history" / "runs" / "index.db"
    if not file.exists():
        return 0
    question = "select count(*) from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as connection:
        made = connection.execute("select 1 from sqlite_master where name = 'event_logs'")
        if made.fetchone() is None:
            return 0
        return int(connection.execute(question).fetchone()[0])


def while_reading(settings: Settings, before: int) -> bool:
    return tables_made(settings) > before


def while_building(settings: Settings, before: int) -> bool:
    return tables_made(settings) > before + 30


def while_publishing(settings: Settings, before: int) -> bool:
    return any(settings.published.glob(".partial-*"))


def kill_a_run(settings: Settings, is_time: Callable[[Settings, int], bool]) -> None:
    before = tables_made(settings)
    command = [sys.executable, "-m", "pipelines.cli", "run"]
    command += ["--config", str(settings.config_file), "--home", str(settings.home)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE_S
        while not is_time(settings, before):
            assert process.poll() is None, "the run ended before its moment came"
            assert time.monotonic() < end, "the moment never came"
            time.sleep(0.002)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL


def mart_hashes(folder: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (folder / "marts").iterdir()
    }


def add_rows(settings: Settings) -> None:
    with (settings.config_file.parent / "permits.csv").open("a", encoding="utf-8") as file:
        file.write(NEW_ROWS)


@pytest.fixture(scope="module")
def after_a_clean_run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    settings = example_settings(tmp_path_factory.mktemp("clean"))
    add_rows(settings)
    return mart_hashes(current_run(run(settings)))


@pytest.mark.slow  # in CI a run that Dagster has no part in is killed (test_chaos.py)
@pytest.mark.parametrize("moment", [while_reading, while_building, while_publishing])
def test_a_killed_run_leaves_nothing_half_done(
    moment: Callable[[Settings, int], bool],
    example_run: Settings,
    after_a_clean_run: dict[str, str],
    tmp_path: Path,
) -> None:
    settings = example_settings(tmp_path)
    shutil.copytree(example_run.home, settings.home, symlinks=True)
    published = current_run(settings)
    site = {file: file.read_bytes() for file in (published / "site").rglob("*") if file.is_file()}
    add_rows(settings)

    kill_a_run(settings, moment)

    assert current_run(settings) == published
    assert mart_hashes(published) == manifest(published)["marts"]
    assert {file: file.read_bytes() for file in site} == site

    outcome = run_job(settings, lambda done, total: None)  # Dagster's record was cut off too
    assert outcome.ok, outcome.errors

    assert mart_hashes(current_run(settings)) == after_a_clean_run
    rows = Query(settings)("select rows_read from raw.files")["rows_read"].sum()
    lines = (tmp_path / "permits.csv").read_text(encoding="utf-8").count("\n")
    assert rows == lines - 1
    assert not list(settings.published.glob(".partial-*"))
