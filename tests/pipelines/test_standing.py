"""What stands published says so itself when a later run was blocked or failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dashboards.app.server import build_app
from pipelines.reading import current_run, manifest
from pipelines.settings import Settings
from pipelines.standing import say_published
from tests.conftest import run_quickly


def status(settings: Settings) -> dict[str, Any]:
    script = (current_run(settings) / "site" / "status.js").read_text(encoding="utf-8")
    name, value = script.split(" = ", 1)
    assert name == "window.hartslagStatus"
    found: dict[str, Any] = json.loads(value.removesuffix(";\n"))
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    }


def test_a_good_run_says_nothing(published_example: Settings) -> None:
    run = manifest(current_run(published_example))["run"]
    assert status(published_example) == {"run": run, "nl": "", "en": ""}


def test_a_blocked_run_is_said_on_the_site_that_stands_and_changes_nothing_else(
    published_example: Settings,
) -> None:
    folder = current_run(published_example)
    before = files(folder)
    rows = published_example.config_file.with_name("permits.csv")
    rows.write_text(rows.read_text("utf-8").replace("2025-02-0", "2049-02-0"), encoding="utf-8")
    outcome = run_quickly(published_example)
    assert "core.callbacks: future_dates" in outcome.blocked
    assert current_run(published_example) == folder
    assert files(folder) == before
    said = status(published_example)
    assert said["run"] == manifest(folder)["run"]
    assert "tegengehouden door een controle op de gegevens: " in said["nl"]
    assert "datums in de toekomst" in said["nl"]
    assert "The figures on this site are therefore those of the publication of" in said["en"]
    say_published(published_example.published)
    assert status(published_example)["nl"] == ""


def test_a_failed_run_is_said_too(published_example: Settings) -> None:
    published_example.config_file.with_name("permits.csv").write_text(
        "nothing\n1\n", encoding="utf-8"
    )
    outcome = run_quickly(published_example)
    assert outcome.errors
    assert outcome.blocked == ()
    assert "The run of" in status(published_example)["en"]
    assert "did not succeed" in status(published_example)["en"]


def test_the_app_hands_out_the_same_word(published_example: Settings) -> None:
    client = build_app(published_example.published).test_client()
    page = client.get("/").text
    assert f'data-run="{manifest(current_run(published_example))["run"]}"' in page
    handed = client.get("/site/status.js", buffered=True)
    assert handed.text == (published_example.published / "status.js").read_text(encoding="utf-8")
