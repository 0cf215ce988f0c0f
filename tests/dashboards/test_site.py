"""The static site: whole, escaped, the same bytes for the same marts, equal words in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.site import build_site
from tests.dashboards.invented import HOSTILE, invented

CATALOGUES = Path(__file__).parents[2] / "dashboards" / "catalogues"


def keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def pages(folder: Path) -> dict[str, str]:
    return {
        str(page.relative_to(folder)): page.read_text(encoding="utf-8")
        for page in sorted(folder.rglob("*.html"))
    }


def test_both_catalogues_have_the_same_keys() -> None:
    nl, en = (
        set(keys(tomllib.loads((CATALOGUES / f"{language}.toml").read_text(encoding="utf-8"))))
        for language in ("nl", "en")
    )
    assert nl == en


def test_two_pages_in_two_languages(tmp_path: Path) -> None:
    build_site(invented(), tmp_path)
    assert set(pages(tmp_path)) == {
        "index.html",
        "proces.html",
        "en/index.html",
        "en/process.html",
    }


@pytest.mark.parametrize("journeys", [1, 8])
def test_the_same_marts_give_the_same_bytes(tmp_path: Path, journeys: int) -> None:
    for name in ("first", "second"):
        build_site(invented(journeys), tmp_path / name)
    assert pages(tmp_path / "first") == pages(tmp_path / "second")


def test_names_from_sources_are_escaped(tmp_path: Path) -> None:
    build_site(invented(is_hostile=True), tmp_path)
    for page, content in pages(tmp_path).items():
        assert HOSTILE not in content, page
        assert "alert(1)" in content, f"{page} no longer shows the hostile name at all"
