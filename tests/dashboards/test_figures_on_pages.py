"""Every number that a page of the example carries is one that was published."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from pipelines.reading import current_run
from pipelines.settings import Settings

RAW = re.compile(r'data-raw="([^"]+)"')


@pytest.fixture(scope="module")
def published(example_run: Settings) -> set[str]:
    """Every number in the published marts, as a page would write it."""
    found: set[str] = set()
    for file in (current_run(example_run) / "marts").glob("*.parquet"):
        for column in pl.read_parquet(file).iter_columns():
            if column.dtype.is_numeric():
                values = column.drop_nulls().cast(pl.Float64)
                found |= {f"{value:.9g}" for value in values}
                if column.dtype.is_float():
                    found |= {f"{value:.9g}" for value in values * 86_400.0}
    return found


def pages(settings: Settings) -> list[Path]:
    return sorted((current_run(settings) / "site").rglob("*.html"))


def test_every_number_on_every_page_was_published(
    example_run: Settings, published: set[str]
) -> None:
    checked = 0
    for page in pages(example_run):
        content = page.read_text(encoding="utf-8")
        for raw in RAW.findall(content):
            checked += 1
            assert f"{float(raw):.9g}" in published, (page.name, raw)
    assert checked > 300


def test_a_number_that_was_not_published_would_be_seen(published: set[str]) -> None:
    assert "123456.789" not in published
