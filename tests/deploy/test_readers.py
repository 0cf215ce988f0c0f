"""Fifty readers at once, while runs are published: no error, and each answer is of one whole run."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from dashboards.app.server import build_app
from pipelines.settings import Settings
from tests.dashboards.app.conftest import ask

READERS, PUBLICATIONS = 50, 10


@pytest.fixture
def published(example_run: Settings, tmp_path: Path) -> Path:
    """A published folder with two runs, the first of them current."""
    run = (example_run.published / "current").resolve()
    for name in ("first", "second"):
        shutil.copytree(run / "marts", tmp_path / name / "marts")
        content = json.loads((run / "manifest.json").read_text(encoding="utf-8")) | {"run": name}
        (tmp_path / name / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    point(tmp_path, "first")
    return tmp_path


def point(folder: Path, run: str) -> None:
    arriving = folder / "arriving"
    arriving.symlink_to(run)
    arriving.replace(folder / "current")


def runs_told(server: Flask, over: threading.Event) -> set[tuple[int, str]]:
    """What one reader is told until it is over: status, and the run by `healthz` and by an answer."""
    told = set()
    while not over.is_set():
        health = server.test_client().get("/healthz")
        told.add((health.status_code, health.get_json()["run"]))
        answer = ask(server, "?lang=en&journey=permits")
        footer = answer.get_json()["response"]["answer"]["data"]["footer"]
        told.update((answer.status_code, run) for run in ("first", "second") if run in footer)
    return told


def test_readers_meet_no_error_while_runs_are_published(published: Path) -> None:
    server, over = build_app(published), threading.Event()
    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(runs_told, server, over) for _ in range(READERS)]
        for number in range(PUBLICATIONS):
            point(published, ("second", "first")[number % 2])
            over.wait(0.2)
        over.set()
        told = set().union(*(reader.result() for reader in readers))
    assert told == {(200, "first"), (200, "second")}
