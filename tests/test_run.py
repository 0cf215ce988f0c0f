"""The daily job on the small example: published whole, repeatable, closed to small groups and persons."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.publish import Publication, publish
from pipelines.reading import current_run, figures
from pipelines.settings import Settings
from pipelines.warehouse import read
from tests.conftest import example_settings, run
from tests.transforms.adversary import recovered
from transforms.slices import SLICE, populations


def mart_bytes(settings: Settings) -> dict[str, bytes]:
    folder = current_run(settings) / "marts"
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_a_second_run_changes_no_byte(tmp_path: Path) -> None:
    settings = run(example_settings(tmp_path))
    first_run, first = current_run(settings), mart_bytes(settings)
    time.sleep(1.1)
    run(settings)
    assert current_run(settings) != first_run
    assert mart_bytes(settings) == first


def test_published_figures_hold_no_person_and_no_small_group(example_run: Settings) -> None:
    values = pl.read_parquet(current_run(example_run) / "marts" / "kpi_values.parquet")
    assert values.filter(pl.col("definition").str.contains("person")).is_empty()
    assert values.filter((pl.col("n") > 0) & (pl.col("n") < 5)).is_empty()
    assert values["is_withheld"].any()


def test_no_identifier_reaches_the_disk(example_run: Settings) -> None:
    for file in example_run.home.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert b"P00017" not in content, file


def test_figures_come_with_definition_and_hash(example_run: Settings) -> None:
    found = figures(current_run(example_run), "lead_time", "permits", "all", "all").to_dicts()
    assert {row["definition"] for row in found} >= {"lead_time.km.median", "lead_time.closed.p90"}
    assert all(len(row["definition_hash"]) == 64 for row in found)


def test_a_failed_publication_leaves_the_pointer(example_run: Settings, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "current").symlink_to("old")
    about = Publication("new", "Voorbeeldstad", 5, "0" * 64, None)
    with pytest.raises(Exception, match="kpi_values"):
        publish({}, about, tmp_path)
    assert (tmp_path / "current").readlink() == Path("old")


def test_no_small_count_of_the_example_follows_from_the_published_sums(
    example_run: Settings,
) -> None:
    with duckdb.connect(example_run.warehouse_file, read_only=True) as connection:
        honest = read(connection, "select * from mart.kpi_values order by all")
    published = pl.read_parquet(current_run(example_run) / "marts" / "kpi_values.parquet")
    named = pl.read_parquet(current_run(example_run) / "marts" / "definitions.parquet")
    keys = ["definition", *SLICE]
    counts = named.select("definition", "counts")
    truth = honest.join(counts, on="definition").sort(keys)
    known = populations(truth)
    frames = [
        frame.sort(keys).join(known, on="definition", maintain_order="left")
        for frame in (published.join(counts, on="definition"), truth)
    ]
    assert recovered(frames[0], frames[1], {"permits": "ontwerp"}, 5) == []
