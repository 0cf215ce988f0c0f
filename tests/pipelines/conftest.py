"""What the tests of the pipelines share: a PostgreSQL of their own, started once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

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
