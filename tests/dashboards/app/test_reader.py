"""The app follows the pointer of the published folder, and keeps what it has when it cannot."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboards.app import reader
from dashboards.app.reader import NothingPublishedError, Published, Run, read_run
from pipelines.settings import Settings


@pytest.fixture
def folder(example_run: Settings, tmp_path: Path) -> Path:
    """A published folder of its own, with one run."""
    run = (example_run.published / "current").resolve()
    shutil.copytree(run / "marts", tmp_path / "first" / "marts", ignore=lambda *_: [])
    shutil.copy(run / "manifest.json", tmp_path / "first")
    point(tmp_path, "first")
    return tmp_path


def point(folder: Path, run: str) -> None:
    arriving = folder / "arriving"
    arriving.symlink_to(run)
    arriving.replace(folder / "current")


def second(folder: Path) -> Path:
    shutil.copytree(folder / "first", folder / "second")
    file = folder / "second" / "manifest.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(content | {"run": "second"}), encoding="utf-8")
    return folder / "second"


def test_a_run_is_read_once_until_the_pointer_moves(folder: Path) -> None:
    published = Published(folder)
    run = published.run()
    assert published.run() is run
    second(folder)
    assert published.run() is run
    point(folder, "second")
    assert published.run().marts.manifest.run == "second"


def test_a_run_that_cannot_be_read_leaves_the_one_before(folder: Path) -> None:
    published = Published(folder)
    run = published.run()
    (second(folder) / "marts" / "kpi_values.parquet").write_bytes(b"half a file")
    point(folder, "second")
    assert published.run() is run
    assert published.run() is run


def test_nothing_published_is_said_until_there_is_a_run(folder: Path, tmp_path: Path) -> None:
    (folder / "current").unlink()
    published = Published(folder)
    with pytest.raises(NothingPublishedError):
        published.run()
    point(folder, "first")
    assert published.run().folder == folder / "first"


def test_only_the_published_folder_is_read(folder: Path) -> None:
    """No warehouse beside it is needed, nor made."""
    assert Published(folder).run().choices.journeys
    assert not list(folder.rglob("*.duckdb"))


def test_while_a_new_run_is_read_others_get_the_one_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = Published(folder)
    first = published.run()
    second(folder)
    point(folder, "second")
    reading, may_end = threading.Event(), threading.Event()

    def slowly(run: Path) -> Run:
        reading.set()
        assert may_end.wait(30)
        return read_run(run)

    monkeypatch.setattr(reader, "read_run", slowly)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(published.run)
        assert reading.wait(30)
        assert published.run() is first
        may_end.set()
        assert waiting.result().folder.name == "second"
    assert published.run().folder.name == "second"
