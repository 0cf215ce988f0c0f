"""Writes the static site: its pages in two languages, and the shared assets beside them."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from dashboards.cards import improvement_pages
from dashboards.contact_page import first_contact_of
from dashboards.figure_parts import template_of
from dashboards.journeys import (
    JourneyPage,
    formula_sections,
    journey_pages,
    journey_tiles,
    summary_table,
)
from dashboards.kpis import Kpis, read_kpis
from dashboards.marts import Marts
from dashboards.overview import finding, kpi_sentences
from dashboards.pages import (
    KINDS,
    card_file,
    file_of,
    folder_of,
    journey_file,
    kpi_file,
    other_language,
)
from dashboards.partners import partners_of
from dashboards.portfolio import portfolio_of
from dashboards.quality import finding_table, quality_finding, source_table, unmeasured_table
from dashboards.readings import definition_sections
from dashboards.register import outcome_table
from dashboards.standing import FILE, nothing_said
from dashboards.templating import environment
from dashboards.text import LANGUAGES, Language, Text, plotly_locale

_HERE = Path(__file__).parent
# Plotly adds style elements of its own; these are their contents.
PLOTLY_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    " 'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
)


def build_site(marts: Marts, target: Path) -> list[Path]:
    """Writes all pages, maps and assets under `target`; returns the pages. Same input, same bytes.

    The pages need no server and no network.
    """
    shutil.copytree(_HERE / "assets", target / "assets", dirs_exist_ok=True)
    _write(target / FILE, nothing_said())
    templates = environment()
    # A page opened as a file has no origin of its own, so that 'self' does not name its folder.
    templates.globals |= {"files": " file:", "plotly_styles": PLOTLY_STYLES}
    return [page for language in LANGUAGES for page in _pages(marts, target, language, templates)]


@dataclass(frozen=True)
class _Page:
    """One page to write: its file in each language, its template, its place in the navigation and
    what stands on it."""

    files: Mapping[Language, str]
    template: str
    kind: str
    content: Mapping[str, Any]


def _pages(marts: Marts, target: Path, language: Language, templates: Environment) -> list[Path]:
    text, folder, other = Text(language), folder_of(language), other_language(language)
    root = "../" * folder.count("/")
    kpis = read_kpis(marts)
    shared = {
        "t": text,
        "root": root,
        "pages": [(kind, file_of(language, kind)) for kind in KINDS],
        "manifest": marts.manifest,
        "until": text.through(marts.manifest.data_until),
        "locale": plotly_locale(text),
        "template": template_of(text),
    }
    journeys = journey_pages(marts, kpis, text)
    for journey in journeys:
        for map_file in journey.process.map_files:
            _write(target / folder / map_file.file, map_file.svg)
    written = []
    for page in _all_pages(marts, kpis, journeys, text):
        beside = root + folder_of(other) + page.files[other]
        place = {"page": page.kind, "other": beside, "back": file_of(language, page.kind)}
        html = templates.get_template(page.template).render(**shared, **place, **page.content)
        written.append(_write(target / folder / page.files[language], html))
    return written


def _all_pages(
    marts: Marts, kpis: Kpis, journeys: Sequence[JourneyPage], text: Text
) -> Iterator[_Page]:
    """Those that the navigation names, and one for each improvement, KPI and journey."""
    sections = definition_sections(marts, kpis, text)
    contents: dict[str, dict[str, Any]] = {
        "overview": _overview(marts, kpis, text),
        "improvements": {"portfolio": portfolio_of(marts, kpis, text)},
        "journeys": {"sections": formula_sections(marts, kpis, text)},
        "contact": {"c": first_contact_of(marts, kpis, text)},
        "partners": {"p": partners_of(marts, kpis, text)},
        "definitions": {"sections": sections},
        "about": {},
        "quality": _quality(marts, text),
    }
    for kind in KINDS:
        yield _Page(_in_both(file_of, kind), f"{kind}.html", kind, contents[kind])
    for item in improvement_pages(marts, kpis, text):
        files = _in_both(card_file, item.improvement)
        yield _Page(files, "card.html", "improvements", {"item": item})
    for section in sections:
        yield _Page(_in_both(kpi_file, section.kpi), "kpi.html", "definitions", {"s": section})
    for journey in journeys:
        files = _in_both(journey_file, journey.journey)
        yield _Page(files, "journey.html", "journeys", {"j": journey})


def _in_both(file: Callable[[Language, str], str], name: str) -> dict[Language, str]:
    return {language: file(language, name) for language in LANGUAGES}


def _overview(marts: Marts, kpis: Kpis, text: Text) -> dict[str, Any]:
    """What the overview shows, by the names that its template uses."""
    return {
        "finding": finding(marts, text),
        "said": kpi_sentences(marts, kpis, text),
        "tiles": journey_tiles(marts.rows("journeys"), marts, kpis, text),
        "summary": summary_table(marts.rows("journeys"), text("overview.summary"), kpis, text),
        "improvements": outcome_table(marts, kpis, text),
        "quality": quality_finding(marts, text),
        "quality_page": file_of(text.language, "quality"),
    }


def _quality(marts: Marts, text: Text) -> dict[str, Any]:
    """What the page on data quality shows."""
    return {
        "finding": quality_finding(marts, text),
        "sources": source_table(marts, text),
        "findings": finding_table(marts, text),
        "unmeasured": unmeasured_table(marts, text),
    }


def _write(file: Path, content: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file
