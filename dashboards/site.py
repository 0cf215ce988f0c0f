"""Writes the static site: two pages in two languages, and the shared assets beside them."""

import json
import shutil
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards.kpis import read_kpis
from dashboards.marts import Marts
from dashboards.overview import definitions_shown, finding, sections_of, summary_table
from dashboards.process import process_sections
from dashboards.quality import finding_table, source_table
from dashboards.register import improvement_table
from dashboards.text import LANGUAGES, Language, Text, plotly_locale

_HERE = Path(__file__).parent
_NAMES = {"nl": ("index.html", "proces.html"), "en": ("en/index.html", "en/process.html")}


def build_site(marts: Marts, target: Path) -> list[Path]:
    """Writes all pages and assets under `target`; returns the pages. Same input, same bytes."""
    shutil.copytree(_HERE / "assets", target / "assets", dirs_exist_ok=True)
    return [page for language in LANGUAGES for page in _pages(marts, target, language)]


def _pages(marts: Marts, target: Path, language: Language) -> list[Path]:
    text, kpis = Text(language), read_kpis(marts)
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["json"] = _json
    sections = sections_of(marts, kpis, text)
    until = marts.manifest.data_until
    overview = {
        "sections": sections,
        "summary": summary_table(sections, text),
        "finding": finding(sections, marts.tables["improvements"].height, text),
        "improvements": improvement_table(marts, kpis, text),
        "sources": source_table(marts, text),
        "findings": finding_table(marts, text),
        "definitions": definitions_shown(marts, kpis),
        "locale": plotly_locale(text),
    }
    contents: tuple[dict[str, Any], ...] = (overview, {"sections": process_sections(marts, text)})
    names, others = _NAMES[language], _NAMES["en" if language == "nl" else "nl"]
    root = "" if language == "nl" else "../"
    written = []
    for kind, name, other, content in zip(
        ("overview", "process"), names, others, contents, strict=True
    ):
        page = environment.get_template(f"{kind}.html").render(
            t=text,
            root=root,
            other=root + other,
            names=[Path(n).name for n in names],
            manifest=marts.manifest,
            until=text.instant(until) if until else text("value.unknown"),
            **content,
        )
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
        written.append(path)
    return written


def _json(value: object) -> Markup:
    """JSON that cannot end the script element it stands in."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c"))  # noqa: S704
