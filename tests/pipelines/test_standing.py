"""What stands published says so itself when a later run was blocked or failed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dashboards.app.server import build_app
from pipelines.reading import current_run, manifest
from pipelines.settings import Settings
from pipelines.standing import say_published
from tests.conftest import example_settings, run_quickly


def status(settings: Settings) -> dict[str, Any]:
    script = (current_run(settings) / "site" / "status.js").read_text(encoding="utf-8")
    name, value = script.split(" = ", 1)
    assert name == "window.hartslagStatus"
    found: dict[str, Any] = json.loads(value.removesuffix(";\n"))
    return found


@pytest.fixture
def settings(example_run: Settings, tmp_path: Path) -> Settings:
    """The example after a good run."""
    fresh = example_settings(tmp_path)
    shutil.copytree(example_run.home, fresh.home, symlinks=True)
    return fresh


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    }


def test_a_good_run_says_nothing(settings: Settings) -> None:
    run = manifest(current_run(settings))["run"]
    assert status(settings) == {"run": run, "nl": "", "en": ""}


def test_a_blocked_run_is_said_on_the_site_that_stands_and_changes_nothing_else(
    settings: Settings,
) -> None:
    folder = current_run(settings)
    before = files(folder)
    rows = settings.config_file.with_name("permits.csv")
    rows.write_text(rows.read_text("utf-8").replace("2025-02-0", "2049-02-0"), encoding="utf-8")
    outcome = run_quickly(settings)
    assert "core.callbacks: future_dates" in outcome.blocked
    assert current_run(settings) == folder
    assert files(folder) == before
    said = status(settings)
    assert said["run"] == manifest(folder)["run"]
    assert "tegengehouden door een controle op de gegevens: " in said["nl"]
    assert "datums in de toekomst" in said["nl"]
    assert "The figures on this site are therefore those of the publication of" in said["en"]
    say_published(settings.published)
    assert status(settings)["nl"] == ""


def test_a_failed_run_is_said_too(settings: Settings) -> None:
    settings.config_file.with_name("permits.csv").write_text("nothing\n1\n", encoding="utf-8")
    outcome = run_quickly(settings)
    assert outcome.errors
    assert outcome.blocked == ()
    assert "The run of" in status(settings)["en"]
    assert "did not succeed" in status(settings)["en"]


def test_the_app_hands_out_the_same_word(settings: Settings) -> None:
    client = build_app(settings.published).test_client()
    page = client.get("/").text
    assert f'data-run="{manifest(current_run(settings))["run"]}"' in page
    handed = client.get("/site/status.js", buffered=True)
    assert handed.text == (settings.published / "status.js").read_text(encoding="utf-8")
