"""What the tests of the pipelines share: a PostgreSQL of their own, and the example published."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.settings import Settings
from tests.conftest import example_settings
from tests.pipelines.connectors.postgres import Server, postgres, programs


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = programs()
    if folder is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have PostgreSQL; .ci/run installs it")
        pytest.skip("PostgreSQL is not installed; .ci/run installs it")
    with postgres(folder) as running:
        yield running


@pytest.fixture
def published_example(example_run: Settings, tmp_path: Path) -> Settings:
    """The example after a good run, to be changed."""
    fresh = example_settings(tmp_path)
    shutil.copytree(example_run.home, fresh.home, symlinks=True)
    return fresh
