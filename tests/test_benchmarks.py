"""What benchmarks compare gives equal counts, on a log that is small."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.counters import SIDES
from benchmarks.counting import repeated, table
from tests.conftest import REPOSITORY

BENCHMARKS = sorted(file.stem for file in (REPOSITORY / "benchmarks").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_finds_what_it_measures(name: str) -> None:
    assert import_module(f"benchmarks.{name}")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("counting") / "log.parquet"
    events, cases = repeated(REPOSITORY / "data" / "example" / "permits.csv", 2000, file)
    assert events >= 2000 > cases
    return file


@pytest.mark.filterwarnings("default")  # of pandas, as pm4py uses it
def test_each_side_counts_the_same(log: Path) -> None:
    found = {name: side(log) for name, side in SIDES.items()}
    counts = found["hartslag"]["counts"]
    assert min(counts.values()) > 0
    assert {name: each["counts"] for name, each in found.items()} == dict.fromkeys(SIDES, counts)
    assert "| all counting |" in table(found)
