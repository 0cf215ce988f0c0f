"""Every number that a page of the example carries is one that was published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines.reading import current_run
from pipelines.settings import Settings

RAW = re.compile(r'data-raw="([^"]+)"')
SECONDS_PER_DAY = 86_400.0


@pytest.fixture(scope="module")
def published(example_run: Settings) -> set[str]:
    """Every number in the published marts, as a page writes it; days also in seconds, of which a
    page makes the largest fitting unit."""
    found: set[str] = set()
    for file in (current_run(example_run) / "marts").glob("*.parquet"):
        for column in pl.read_parquet(file).iter_columns():
            if column.dtype.is_numeric():
                values = column.drop_nulls().cast(pl.Float64)
                found |= {f"{value:.9g}" for value in values}
                if column.name.endswith("_days"):
                    found |= {f"{value:.9g}" for value in values * SECONDS_PER_DAY}
    return found


def unpublished(content: str, published: set[str]) -> Iterator[str]:
    for raw in RAW.findall(content):
        if f"{float(raw):.9g}" not in published:
            yield raw


def pages(settings: Settings) -> dict[str, str]:
    site = current_run(settings) / "site"
    return {
        str(page.relative_to(site)): Path(page).read_text(encoding="utf-8")
        for page in sorted(site.rglob("*.html"))
    }


def test_every_number_on_every_page_was_published(
    example_run: Settings, published: set[str]
) -> None:
    found = pages(example_run)
    assert {name: list(unpublished(text, published)) for name, text in found.items()} == {
        name: [] for name in found
    }
    assert sum(len(RAW.findall(content)) for content in found.values()) > 300


def test_a_number_that_is_a_little_off_is_seen(example_run: Settings, published: set[str]) -> None:
    """The first fraction of the overview, with one more at its end."""
    content = pages(example_run)["index.html"]
    raw = next(raw for raw in RAW.findall(content) if "." in raw)
    off = f"{float(raw) * 1.001:.9g}"
    assert list(unpublished(content.replace(raw, off), published))
