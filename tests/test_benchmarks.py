"""What benchmarks compare gives equal counts, on a log that is small."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.counters import SIDES
from benchmarks.counting import in_own_process, is_equal, repeated, table
from benchmarks.scaling import crossover
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
    some_unknown = pl.when(pl.int_range(pl.len()) % 7 != 3).then("actor")
    pl.read_parquet(file).with_columns(actor=some_unknown).write_parquet(file)
    return file


@pytest.mark.filterwarnings("default")  # of pandas, as pm4py uses it
def test_each_side_counts_the_same(log: Path) -> None:
    found = {name: side(log) for name, side in SIDES.items()}
    counts = found["hartslag"]["counts"]
    assert min(counts.values()) > 0
    assert all(found[name]["counts"] == counts for name in SIDES if name != "r4pm")
    assert found["r4pm"]["counts"].keys() == {"edges", "transitions", "variants"}
    assert is_equal(found)
    assert "| all counting |" in table(found)


def test_pm4py_by_itself_finds_no_pyarrow(log: Path) -> None:
    by_itself, beside = (in_own_process(name, log) for name in ("pm4py", "pm4py and pyarrow"))
    assert (by_itself["texts_in"], beside["texts_in"]) == ("python", "pyarrow")
    assert by_itself["counts"] == beside["counts"]


def test_a_side_that_counts_another_number_is_seen() -> None:
    ours, theirs = {"edges": 3, "variants": 2}, {"edges": 4}
    assert is_equal({"hartslag": {"counts": ours}, "r4pm": {"counts": {"edges": 3}}})
    assert not is_equal({"hartslag": {"counts": ours}, "r4pm": {"counts": theirs}})


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ({10: (70, 300), 20: (140, 310)}, "near 48 million events"),
        (
            {10: (70, 300), 20: (140, 380)},
            "none on this machine; a further million takes DuckDB 7.0",
        ),
        ({10: (70, 300), 20: (340, 310)}, "at 20 million events Spark"),
        ({10: (70, 300)}, "not measured"),
    ],
)
def test_the_crossover_is_where_the_two_lines_meet(
    seconds: dict[int, tuple[int, int]], told: str
) -> None:
    found: dict[tuple[str, int], dict[str, Any] | None] = {
        (side, millions * 10**6): {"total": both[place]}
        for millions, both in seconds.items()
        for place, side in enumerate(("duckdb", "spark"))
    }
    assert told in crossover(found)
