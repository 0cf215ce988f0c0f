"""The app's HTML, from its templates: the page once, and an answer for every view.

An answer is one text that the page's script puts in its place. As Dash components it would be some
thousand, which the browser needs seconds for.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from dashboards.app.address import View, address_of
from dashboards.app.answers import Answer, chosen_definition
from dashboards.app.filters import filters_of
from dashboards.app.reader import Run
from dashboards.figure_parts import template_of
from dashboards.pages import KINDS, file_of, folder_of, other_language
from dashboards.templating import TEMPLATES, environment
from dashboards.text import Text, plotly_locale
from dashboards.views import Cell, Table

_HERE = Path(__file__).parent
SHARED = _HERE.parent / "assets"
OWN = _HERE / "assets"
PLOTLY = next(file.name for file in SHARED.glob("plotly-basic-*.min.js"))
STYLES = ("hartslag.css", "map.css", "app.css")


class Writer:
    """Writes the pages of an app that lives under `prefix`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._templates = environment([_HERE / "templates", TEMPLATES])

    def page(self, run: Run | None, text: Text, user: str | None, dash: dict[str, str]) -> str:
        """The whole page without an answer; without a run, it says what to wait for. `dash` holds
        the scripts that Dash makes, as HTML."""
        language = text.language
        default = chosen_definition(View(), run)["definition"] if run else ""
        return self._written(
            "app.html",
            text,
            municipality=run.marts.manifest.municipality if run else "",
            run=run.marts.manifest.run if run else "",
            groups=filters_of(run, default, text) if run else [],
            pages=[(kind, self._site(text) + file_of(language, kind)) for kind in KINDS],
            bare=address_of(View(language)),
            other=address_of(View(other_language(language))),
            user=user,
            styles=STYLES,
            plotly=PLOTLY,
            locale=plotly_locale(text),
            chart_template=template_of(text),
            empty_title=text("app.empty"),
            empty_words=text("app.empty_why"),
            dash={name: Markup(html) for name, html in dash.items()},  # noqa: S704 (Dash's own)
        )

    def answer(self, said: Answer, view: View, text: Text) -> str:
        """The results of one view."""
        linked = replace(
            said,
            tables={name: self._linked(x, text) for name, x in said.tables.items()},
            charts=[replace(c, table=self._linked(c.table, text)) for c in said.charts],
            more=[replace(c, table=self._linked(c.table, text)) for c in said.more],
        )
        drawn = said.walk.map if said.walk else None
        return self._written(
            "answer.html",
            text,
            said=linked,
            search=address_of(view),
            site=self._site(text),
            map=Markup(drawn or ""),  # noqa: S704 (its texts are escaped)
        )

    def footer(self, run: Run, text: Text) -> str:
        """Of when and of which run the figures are, and what is withheld."""
        about = run.marts.manifest
        until = text.through(about.data_until)
        return self._written("footer.html", text, manifest=about, until=until)

    def failed(self, text: Text) -> str:
        """In the place of an answer that could not be made."""
        return self._written("failed.html", text)

    def _written(self, template: str, text: Text, **content: Any) -> str:
        return self._templates.get_template(template).render(t=text, prefix=self._prefix, **content)

    def _site(self, text: Text) -> str:
        """Where the published site is in this language."""
        return f"{self._prefix}site/{folder_of(text.language)}"

    def _linked(self, table: Table, text: Text) -> Table:
        """With links to pages of the site from where the app is; views stay as they are."""

        def moved(cell: Cell) -> Cell:
            if cell.href is None or cell.href.startswith("?"):
                return cell
            return replace(cell, href=self._site(text) + cell.href)

        return replace(table, rows=[[moved(cell) for cell in row] for row in table.rows])
