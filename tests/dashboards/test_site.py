"""The static site: whole, escaped, the same bytes for the same marts, equal words in both languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards.journeys import summary_table
from dashboards.kpis import read_kpis
from dashboards.marts import Marts
from dashboards.site import build_site
from dashboards.text import Text
from tests.dashboards.invented import HOSTILE, invented

KPIS = ("handoffs", "lead_time", "on_time", "rework", "workload")
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


def test_every_page_is_there_in_two_languages(tmp_path: Path) -> None:
    build_site(invented(), tmp_path)
    assert set(pages(tmp_path)) == {
        "index.html",
        "klantreizen.html",
        "klantreis-permits.html",
        "verbeterpunten.html",
        "verbeterpunt-form.html",
        "eerste-contact.html",
        "ketenpartners.html",
        "over.html",
        "definities.html",
        *(f"definities-{kpi}.html" for kpi in KPIS),
        "datakwaliteit.html",
        "en/index.html",
        "en/journeys.html",
        "en/journey-permits.html",
        "en/improvements.html",
        "en/improvement-form.html",
        "en/first-contact.html",
        "en/partners.html",
        "en/about.html",
        "en/definitions.html",
        *(f"en/definitions-{kpi}.html" for kpi in KPIS),
        "en/data-quality.html",
    }


def test_a_small_number_of_open_cases_is_said_to_be_withheld(tmp_path: Path) -> None:
    marts = invented()
    withheld = marts.tables["journeys"].with_columns(open_cases=pl.lit(None, pl.Int64))
    build_site(Marts(marts.manifest, {**marts.tables, "journeys": withheld}), tmp_path)
    assert "waarvan afgeschermd nog open" in (tmp_path / "klantreis-permits.html").read_text(
        encoding="utf-8"
    )


def test_what_cannot_be_measured_is_said_with_the_reason(tmp_path: Path) -> None:
    build_site(invented(), tmp_path)
    said = pages(tmp_path)
    assert "Het log heeft één tijdstip per gebeurtenis" in said["datakwaliteit.html"]
    assert "The log has one stamp an event" in said["en/data-quality.html"]


def test_a_headline_stands_beside_its_norm() -> None:
    marts = invented()
    table = summary_table(marts.rows("journeys"), "", read_kpis(marts), Text("nl"))
    words = [cell.words.replace("\xa0", " ") for cell in table.rows[0]]
    assert words[1:4] == [
        "52,5 dagen (norm hoogstens 56,0 dagen: gehaald)",
        "74,5 % (norm minstens 90,0 %: niet gehaald)",
        "2,40 keer per zaak",
    ]


@pytest.mark.parametrize("journeys", [1, 8])
def test_the_same_marts_give_the_same_bytes(tmp_path: Path, journeys: int) -> None:
    for name in ("first", "second"):
        build_site(invented(journeys), tmp_path / name)
    assert pages(tmp_path / "first") == pages(tmp_path / "second")


@pytest.mark.parametrize("journeys", [1, 8])
def test_a_page_stays_light(tmp_path: Path, journeys: int) -> None:
    build_site(invented(journeys), tmp_path)
    for page, content in pages(tmp_path).items():
        assert len(content.encode()) <= 150_000, page


def test_no_word_is_unused() -> None:
    """Every key is asked for by its name, or belongs to a family that is asked for by code."""
    folder = CATALOGUES.parent
    sources = [*folder.rglob("*.py"), *folder.rglob("*.html")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    families = set(re.findall(r"""member\(\s*['"](\w+)['"]""", code))
    families |= set(re.findall(r"""["'](\w+)\.["']? ?[~{]""", code))
    words = tomllib.loads((CATALOGUES / "nl.toml").read_text(encoding="utf-8"))
    unused = [
        key
        for key in keys(words)
        if key.split(".")[0] not in families
        and re.sub(r"_(one|other|short|long)$", "", key) not in code
    ]
    assert unused == []


def test_the_map_is_a_file_of_its_own_and_does_not_depend_on_the_order_of_rows(
    tmp_path: Path,
) -> None:
    marts = invented()
    shuffled = Marts(
        marts.manifest,
        {
            name: frame.reverse() if name.startswith("process_") else frame
            for name, frame in marts.tables.items()
        },
    )
    build_site(marts, tmp_path / "a")
    build_site(shuffled, tmp_path / "b")
    for name in ("maps/permits-50.svg", "en/maps/permits-100.svg"):
        drawn = (tmp_path / "a" / name).read_bytes()
        assert drawn == (tmp_path / "b" / name).read_bytes()
        assert drawn.startswith(b"<svg")
        assert b"<style>" in drawn


def test_names_from_sources_are_escaped(tmp_path: Path) -> None:
    build_site(invented(is_hostile=True), tmp_path)
    for page, content in pages(tmp_path).items():
        assert HOSTILE not in content, page
        assert "alert(1)" in content, f"{page} no longer shows the hostile name at all"
