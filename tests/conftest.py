"""What several tests share: the real logs, where they are present, and a run on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import pytest
import yaml

from pipelines.runs import Outcome, run_job
from pipelines.settings import Settings
from pipelines.warehouse import read

REPOSITORY = Path(__file__).parents[1]
SHARED = REPOSITORY.parent / "shared"
TEST_KEY = "a key for tests alone, 32 characters or more"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared reference folder is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def golden(shared: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((shared / "kpi" / "golden.json").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in content["values"]}


@pytest.fixture(scope="session", autouse=True)
def _key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARTSLAG_KEY", TEST_KEY)
        yield


def receipt_settings(folder: Path, log: Path, **source: Any) -> Settings:
    """The shipped receipt configuration, pointed at `log`; `source` overrides keys of its source."""
    config = yaml.safe_load((REPOSITORY / "data/receipt/municipality.yaml").read_text("utf-8"))
    config["sources"][0] |= {"path": str(log), **source}
    file = folder / "municipality.yaml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return Settings(config_file=file, home=folder / "home")


def example_settings(folder: Path) -> Settings:
    """The small example in a folder of its own."""
    for name in ("municipality.yaml", "permits.csv"):
        content = (REPOSITORY / "data" / "example" / name).read_bytes()
        (folder / name).write_bytes(content)
    return Settings(config_file=folder / "municipality.yaml", home=folder / "home")


def unrecorded(folder: Path) -> dg.DagsterInstance:
    """A Dagster that keeps no record. What it writes goes below `folder`, since a folder of its own
    it would remove at a moment of its own, with a warning."""
    return dg.DagsterInstance.ephemeral(tempdir=str(folder / "unrecorded"))


def run_quickly(settings: Settings) -> Outcome:
    """The daily job, of which Dagster keeps no record: on small files that takes most of the time."""
    return run_job(settings, lambda done, total: None, instance=unrecorded(settings.home.parent))


def run(settings: Settings) -> Settings:
    outcome = run_quickly(settings)
    assert outcome.ok, (outcome.errors, outcome.blocked)
    return settings


@pytest.fixture(scope="session")
def receipt_run(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    log = shared / "data" / "08_receipt.xes.gz"
    return run(receipt_settings(tmp_path_factory.mktemp("receipt"), log))


@pytest.fixture(scope="session")
def example_run(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return run(example_settings(tmp_path_factory.mktemp("example")))


class Query:
    """Questions to the warehouse of a finished run."""

    def __init__(self, settings: Settings) -> None:
        self._file = settings.warehouse_file

    def __call__(self, sql: str) -> pl.DataFrame:
        with duckdb.connect(self._file) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return read(connection, sql)

    def one(self, sql: str) -> Any:
        return self(sql).item()


@pytest.fixture(scope="session")
def receipt(receipt_run: Settings) -> Query:
    return Query(receipt_run)
