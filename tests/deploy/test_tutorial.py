"""The tutorial does what it says: every command of it is one, and runs to its end."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from pipelines.cli import app
from tests.conftest import REPOSITORY

SMALL = "hartslag demo --residents 1000 --months 24"
SERVES = ("hartslag app", "hartslag serve")


def lines() -> list[str]:
    """The indented lines of the tutorial, which are what its reader types."""
    text = (REPOSITORY / "docs" / "tutorial.md").read_text(encoding="utf-8")
    return re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("line", [line for line in lines() if line.startswith("hartslag ")])
def test_a_command_of_the_tutorial_has_these_arguments(line: str) -> None:
    name, *words = shlex.split(line)[1:]
    group: Any = typer.main.get_command(app)
    command = group.commands[name]
    context = command.make_context(name, words)
    assert set(context.params) == {parameter.name for parameter in command.params}


@pytest.mark.slow
def test_the_tutorial_runs_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(REPOSITORY / "data")
    typed = [line for line in lines() if not line.startswith(SERVES)]
    assert typed[0] == "hartslag demo"
    script = "\n".join(["set -eux", SMALL, *typed[1:]])
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "figures" / "manifest.json").is_file()
    assert (tmp_path / "mine/.hartslag/published/current/site/index.html").is_file()
    for said in ("on_time.due.rolled", "naive", "with a known term", "lead_time.km.median"):
        assert said in done.stdout
