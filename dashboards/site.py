"""Writes the static site: its pages in two languages, and the shared assets beside them."""

import json
import shutil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards.cards import improvement_pages, portfolio
from dashboards.contact_page import first_contact_of
from dashboards.figure_parts import template_of
from dashboards.journeys import formula_sections, journey_pages, journey_tiles, summary_table
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
from dashboards.quality import finding_table, quality_finding, source_table, unmeasured_table
from dashboards.readings import definition_sections
from dashboards.register import improvement_table
from dashboards.text import LANGUAGES, Language, Text, plotly_locale

_HERE = Path(__file__).parent
# Plotly adds style elements of its own; these are their contents.
_PLOTLY_STYLES = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    " 'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
)


def build_site(marts: Marts, target: Path) -> list[Path]:
    """Writes all pages, maps and assets under `target`; returns the pages. Same input, same bytes.

    The pages need no server and no network.
    """
    shutil.copytree(_HERE / "assets", target / "assets", dirs_exist_ok=True)
    environment = _environment()
    return [page for language in LANGUAGES for page in _pages(marts, target, language, environment)]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"json": _json, "capital": _capital, "short": "{:.9g}".format}
    # A page opened as a file has no origin of its own, so that 'self' does not name its folder.
    environment.globals |= {"files": " file:", "plotly_styles": _PLOTLY_STYLES}
    return environment


def _pages(marts: Marts, target: Path, language: Language, environment: Environment) -> list[Path]:
    text, folder, other = Text(language), folder_of(language), other_language(language)
    root = "../" * folder.count("/")
    until, kpis = marts.manifest.data_until, read_kpis(marts)
    shared = {
        "t": text,
        "root": root,
        "pages": [(kind, file_of(language, kind)) for kind in KINDS],
        "manifest": marts.manifest,
        "until": text.instant(until) if until else text("value.unknown"),
    }
    sections = definition_sections(marts, kpis, text)
    contents: dict[str, dict[str, Any]] = {
        "overview": _overview(marts, kpis, text),
        "improvements": {"portfolio": portfolio(marts, kpis, text)},
        "journeys": {"sections": formula_sections(marts, kpis, text)},
        "contact": {"c": first_contact_of(marts, kpis, text)},
        "partners": {"p": partners_of(marts, kpis, text)},
        "definitions": {"sections": sections},
        "about": {},
        "quality": _quality(marts, text),
    }
    written = []
    for kind in KINDS:
        beside = root + folder_of(other) + file_of(other, kind)
        template = environment.get_template(f"{kind}.html")
        page = template.render(**shared, **contents[kind], page=kind, other=beside)
        written.append(_write(target / folder / file_of(language, kind), page))
    charts = {"locale": plotly_locale(text), "template": template_of(text)}
    card = environment.get_template("card.html")
    back = file_of(language, "improvements")
    for item in improvement_pages(marts, kpis, text):
        beside = root + folder_of(other) + card_file(other, item.improvement)
        values = charts | {"item": item, "page": "improvements", "other": beside, "back": back}
        written.append(_write(target / folder / item.file, card.render(**shared, **values)))
    spelled = environment.get_template("kpi.html")
    for section in sections:
        beside = root + folder_of(other) + kpi_file(other, section.kpi)
        back = file_of(language, "definitions")
        values = {"s": section, "page": "definitions", "other": beside, "back": back}
        written.append(_write(target / folder / section.file, spelled.render(**shared, **values)))
    journey = environment.get_template("journey.html")
    for one in journey_pages(marts, kpis, text):
        beside = root + folder_of(other) + journey_file(other, one.journey)
        values = charts | {"j": one, "page": "journeys", "other": beside}
        written.append(_write(target / folder / one.file, journey.render(**shared, **values)))
        for file in one.process.map_files:
            _write(target / folder / file.file, file.svg)
    return written


def _overview(marts: Marts, kpis: Kpis, text: Text) -> dict[str, Any]:
    """What the overview shows, by the names that its template uses."""
    return {
        "finding": finding(marts, text),
        "said": kpi_sentences(marts, kpis, text),
        "tiles": journey_tiles(marts, kpis, text),
        "summary": summary_table(marts.rows("journeys"), kpis, text),
        "improvements": improvement_table(marts, kpis, text),
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


def _capital(words: str) -> str:
    """A capital first, the rest as it is."""
    return words[:1].upper() + words[1:]


def _json(value: object) -> Markup:
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c"))  # noqa: S704
