"""Tiles, charts and tables of the site as Dash components. React escapes every text.

A chart is drawn by the site's own script from the JSON beside it, not by `dcc.Graph`: the colours
stay those of the style sheet, in light and dark, and the page needs a quarter of the script.
"""

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.app.address import View, address_of
from dashboards.pages import folder_of
from dashboards.text import Text
from dashboards.views import Cell, Chart, Table, Tile

Part = Any
"""A Dash component, or a text."""


def named(**attributes: str) -> dict[str, Any]:
    """Attributes with a hyphen: `data_view` is data-view, `aria_label` is aria-label."""
    return {name.replace("_", "-"): value for name, value in attributes.items()}


class Maker:
    """Makes the components of one page: knows its language, its view and where the app lives."""

    def __init__(self, text: Text, view: View, prefix: str) -> None:
        self.text, self.view, self.prefix = text, view, prefix

    def table(self, table: Table | None, name: str) -> Part:
        """A table that scrolls in its own box, with its figures as a file."""
        if table is None:
            return None
        head = [
            html.Th(words, scope="col", className=_side(place, table))
            for place, words in enumerate(table.head)
        ]
        body = [
            html.Tr([self._cell(cell, place, table) for place, cell in enumerate(row)])
            for row in table.rows
        ]
        box = html.Div(
            html.Table([html.Caption(table.caption), html.Thead(html.Tr(head)), html.Tbody(body)]),
            className="scroll",
            tabIndex="0",
            role="region",
            **named(aria_label=table.caption),
        )
        files = html.P(self.csv(name, table.caption), className="files")
        return html.Div([box, files])

    def _cell(self, cell: Cell, place: int, table: Table) -> Part:
        raw = {} if cell.raw is None else named(data_raw=f"{cell.raw:.9g}")
        return html.Td(self.words(cell), className=_side(place, table), **raw)

    def words(self, cell: Cell) -> Part:
        """The words of a cell; a link within the app is followed without loading the page."""
        if cell.href is None:
            return cell.words
        return self.link(cell.words, cell.href)

    def link(self, words: str, href: str, **more: Any) -> Part:
        """A link: to another view, or to a page of the published site."""
        if href.startswith("?"):
            return html.A(words, href=href, **named(data_view=""), **more)
        return html.A(words, href=self.site(href), **more)

    def site(self, page: str) -> str:
        """The address of a page of the site, which the app serves beside itself."""
        return f"{self.prefix}site/{folder_of(self.text.language)}{page}"

    def csv(self, name: str, caption: str) -> Part:
        """A link to a table as a file, with the same filters."""
        href = f"{self.prefix}csv/{name}{address_of(self.view)}"
        label = named(aria_label=f"CSV: {caption}")
        return html.A("CSV", href=href, download=f"hartslag-{name}.csv", **label)

    def tile(self, tile: Tile) -> Part:
        """One headline figure with everything that is needed to believe it."""
        t = self.text
        raw = {} if tile.value.raw is None else named(data_raw=f"{tile.value.raw:.9g}")
        norms = []
        for norm in tile.norms:
            state, verdict = {
                None: ("unknown", t("norm.unknown")),
                True: ("met", t("norm.met")),
                False: ("missed", t("norm.not_met")),
            }[norm.is_met]
            words = f"{t('tile.norm')} {norm.words}: {verdict}"
            norms.append(html.P(words, className=f"norm {state}"))
        young = [html.P(tile.provisional, className="soft")] if tile.provisional else []
        definition = [
            self.link(tile.definition_name, tile.definition_link),
            " ",
            html.Code(tile.short_hash),
        ]
        return html.Article(
            [
                html.H3(tile.title),
                html.P(tile.value.words, className="value" if raw else "value said", **raw),
                *(html.P(line) for line in tile.lines),
                *norms,
                *young,
                html.P(definition, className="definition"),
            ],
            className="tile",
        )

    def chart(self, chart: Chart) -> Part:
        """The finding, the picture, what it needs to be read, and its data."""
        name = chart.anchor.split("-")[0]
        box = named(aria_label=chart.name, data_figure=chart.anchor)
        return html.Figure(
            [
                html.H3(chart.title),
                html.P(chart.finding),
                html.Div(className="chart", role="img", **box),
                data_block(chart.anchor, chart.figure),
                html.Figcaption(" ".join(chart.notes), className="soft"),
                html.P(self.images(name, chart.title), className="files"),
                html.Details([html.Summary(self.text("page.data")), self.table(chart.table, name)]),
            ],
            className=name,
        )

    def images(self, name: str, title: str) -> list[Part]:
        """Buttons that save the picture as PNG or SVG; the browser makes the file."""
        return [
            html.Button(
                kind.upper(),
                type="button",
                className="plain",
                **named(
                    data_save=kind,
                    data_name=f"hartslag-{name}",
                    aria_label=f"{kind.upper()}: {title}",
                ),
            )
            for kind in ("png", "svg")
        ]

    def tables(self, named: Sequence[tuple[str, Table]]) -> list[Part]:
        """Several tables, in order."""
        return [self.table(table, name) for name, table in named]


def data_block(name: str, content: object) -> Part:
    """Data for a script, as text that the browser never runs."""
    words = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return html.Script(words, id=name, type="application/json")


def _side(place: int, table: Table) -> str:
    return "n" if place in table.numeric else ""
