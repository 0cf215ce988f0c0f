"""The evidence report: one file that holds all it needs, for the council's papers and the archive.

What belongs here: putting the page of an improvement, or of all of them, in one file with its
method. What does not: what stands on those pages (`cards.py`, `portfolio.py`) and printing
(`pipelines/reporting.py`).
"""

from collections.abc import Sequence
from typing import Any

from dashboards.cards import improvement_pages
from dashboards.figure_parts import template_of
from dashboards.kpis import Kpis, read_kpis
from dashboards.marts import Marts
from dashboards.portfolio import portfolio_of
from dashboards.quality import quality_finding
from dashboards.standalone import SCRIPTS, inlined, standalone_environment
from dashboards.text import Language, Text, plotly_locale

PORTFOLIO = "portfolio"


class UnknownReportError(Exception):
    """No improvement that was judged has this name."""


def report_names(marts: Marts) -> list[str]:
    """What there is a report of: the portfolio, and each improvement that was judged."""
    judged = {row["improvement"] for row in marts.rows("improvement_evidence")}
    register = [row["improvement"] for row in marts.rows("improvements")]
    return [PORTFOLIO, *(name for name in register if name in judged)]


def report_html(marts: Marts, name: str, language: Language) -> str:
    """The report as HTML that asks for no other file. The same marts give the same bytes.

    Raises UnknownReportError where there is none of this name.
    """
    if name not in report_names(marts):
        raise UnknownReportError(name)
    text, kpis = Text(language), read_kpis(marts)
    content, scripts = _content(marts, kpis, name, text)
    rules = [row["rule"] for row in marts.rows("improvement_evidence")]
    return (
        standalone_environment()
        .get_template("report.html")
        .render(
            t=text,
            manifest=marts.manifest,
            until=text.through(marts.manifest.data_until),
            rule=rules[0] if rules else text("value.unknown"),
            quality=quality_finding(marts, text),
            **inlined(scripts),
            **content,
        )
    )


def _content(
    marts: Marts, kpis: Kpis, name: str, text: Text
) -> tuple[dict[str, Any], Sequence[str]]:
    """What the body of the report shows, and the scripts that draw it."""
    if name == PORTFOLIO:
        words = text("page.improvements_name")
        portfolio = portfolio_of(marts, kpis, text)
        return {"body": "portfolio_body.html", "name": words, "portfolio": portfolio}, []
    pages = improvement_pages(marts, kpis, text)
    item = next(page for page in pages if page.improvement == name)
    content = {
        "body": "improvement_body.html",
        "name": item.name,
        "item": item,
        "locale": plotly_locale(text),
        "template": template_of(text),
    }
    return content, SCRIPTS
