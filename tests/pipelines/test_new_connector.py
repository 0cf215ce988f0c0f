"""A connector is one file and one entry: the one in the documentation, as it stands there, runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest
import yaml

from pipelines.connectors.kinds import CONNECTORS
from tests.conftest import REPOSITORY, example_settings
from tests.pipelines.connectors.replay import replaying

REPORT = "00000000-0000-4000-8000-00000000000"
REPORTS = [
    {"uuid": f"{REPORT}{n}", "sensor": f"Brug {n}", "measuredAt": f"2026-02-0{n}T08:00:00+01:00"}
    for n in (5, 4, 3, 2, 1)
]
BEGINS = "# pipelines/connectors/"


class Sensors:
    """The system of the example."""

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        if path != "/api/v1/reports":
            return 404, {"code": "not_found"}
        return 200, {"count": len(REPORTS), "next": None, "results": REPORTS}


def documented() -> dict[str, str]:
    """The code blocks of the documentation that name a file of the connectors, by that file."""
    text = (REPOSITORY / "docs" / "connectors.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", text, flags=re.MULTILINE)
    code = [textwrap.dedent(block).strip() + "\n" for block in blocks]
    named = [block.removeprefix(BEGINS).split("\n", 1) for block in code if BEGINS in block]
    return dict(named)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program with the file and the entry of the documentation added."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "pipelines", tmp_path / "pipelines", ignore=ignored)
    room, code = tmp_path / "pipelines" / "connectors", documented()
    (room / "sensors.py").write_text(code["sensors.py"], encoding="utf-8")
    [module] = re.findall(r"^from .*$", code["kinds.py"], flags=re.MULTILINE)
    [entry] = re.findall(r"^ {4}.*$", code["kinds.py"], flags=re.MULTILINE)
    kinds = (room / "kinds.py").read_text(encoding="utf-8")
    kinds = kinds.replace("\nfrom pipelines", f"\n{module}\nfrom pipelines", 1)
    kinds = re.sub(r"^(CONNECTORS.*\{)$", rf"\1\n{entry}", kinds, flags=re.MULTILINE)
    (room / "kinds.py").write_text(kinds, encoding="utf-8")
    return tmp_path


def hartslag(program: Path, *arguments: object) -> str:
    found = [program, REPOSITORY, REPOSITORY / "data"]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, found)),
        "HARTSLAG_BRIDGES_TOKEN": "a token of a server that only replays",
    }
    command = [sys.executable, "-m", "pipelines.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=program, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_documented_connector_is_short() -> None:
    lines = [line for line in documented()["sensors.py"].splitlines() if line.strip()]
    assert len(lines) <= 40


def test_the_documented_connector_brings_rows_into_the_warehouse(program: Path) -> None:
    settings = example_settings(program)
    with replaying(Sensors()) as base:
        config = yaml.safe_load(settings.config_file.read_text(encoding="utf-8"))
        source = {"id": "bridges", "kind": "sensors", "address": f"{base}/api/v1"}
        config["sources"].append(source)
        settings.config_file.write_text(yaml.safe_dump(config), encoding="utf-8")
        at = ("--config", settings.config_file, "--home", settings.home)
        assert "bridges: order of reports: newest first" in hartslag(program, "check", *at)
        hartslag(program, "run", *at)
    with duckdb.connect(settings.warehouse_file, read_only=True) as connection:
        rows = connection.execute(
            "select source, sensor, measured_at from raw.sensor_reports"
            " where observed_to is null order by measured_at"
        ).fetchall()
    assert rows == [
        ("bridges", f"Brug {n}", datetime(2026, 2, n, 7, tzinfo=UTC)) for n in range(1, 6)
    ]


@pytest.mark.parametrize("kind", CONNECTORS)
def test_an_entry_is_known_by_the_kind_of_its_model(kind: str) -> None:
    model = CONNECTORS[kind].model
    models = (getattr(model, "model_fields", None) and [model]) or get_args(get_args(model)[0])
    assert {get_args(each.model_fields["kind"].annotation) for each in models} == {(kind,)}
