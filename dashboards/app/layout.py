"""A page of the app: header, filters, the answer, and what to say where there is none."""

from dash import html

from dashboards.app.address import View, address_of
from dashboards.app.answers import Answer
from dashboards.app.components import Maker, Part, named
from dashboards.app.filters import filter_form
from dashboards.app.reader import Run
from dashboards.app.steps import Detail, Walk
from dashboards.pages import KINDS, file_of, other_language
from dashboards.text import Text


def frame(run: Run, default: str, maker: Maker, user: str | None) -> list[Part]:
    """What stays while views come and go: header, filters, and the places for the rest."""
    text = maker.text
    return [
        header(run.marts.manifest.municipality, maker, user),
        html.Main(
            [
                html.H1(text("app.title")),
                filter_form(run, default, text),
                html.Div(id="results", className="results"),
            ],
            id="main",
            tabIndex="-1",
        ),
        html.Footer(id="footer"),
    ]


def empty_frame(maker: Maker, title: str, words: str) -> list[Part]:
    """A page without figures: nothing is published, or something went wrong."""
    said = html.Section([html.H1(title), html.P(words, className="lead", role="alert")])
    return [header("", maker, None), html.Main([said], id="main", tabIndex="-1")]


def header(municipality: str, maker: Maker, user: str | None) -> Part:
    """The brand, the pages of the site, and the other language, to which the script adds the
    filters."""
    text = maker.text
    other = other_language(text.language)
    pages = [maker.link(text(f"page.{kind}_name"), file_of(text.language, kind)) for kind in KINDS]
    here = maker.link(
        text("app.name"), address_of(View(text.language)), **named(aria_current="page")
    )
    code = text("page.other_code")
    switch = html.A(
        text("page.other"),
        href=address_of(View(other)),
        lang=code,
        hrefLang=code,
        **named(data_language=other),
    )
    brand: list[Part] = [
        html.Img(src=f"{maker.prefix}shared/hartslag.svg", alt="", width="28", height="28"),
        " Hartslag ",
        html.Span(municipality),
    ]
    known = [html.P(text("app.user", name=user), className="user")] if user else []
    return html.Header(
        [
            html.P(brand, className="brand"),
            html.Nav([*pages, here, switch], **named(aria_label=text("page.navigation"))),
            *known,
        ]
    )


def footer(run: Run, text: Text) -> list[Part]:
    """Of when and of which run the figures are, and what is withheld."""
    about = run.marts.manifest
    until = text.instant(about.data_until) if about.data_until else text("value.unknown")
    published = text("page.run", run=about.run, hash=about.config_hash[:8])
    return [
        html.P(f"{text('page.until', date=until)} {published}"),
        html.P(text("page.privacy", threshold=about.disclosure_threshold)),
        html.P(text("app.cookies")),
    ]


def failed(text: Text) -> list[Part]:
    """In the place of results that could not be made."""
    words = [html.H2(text("app.error")), html.P(text("app.error_why"), role="alert")]
    return [html.Section(words)]


def results(said: Answer, maker: Maker) -> list[Part]:
    """The answer to a view, in reading order."""
    text = maker.text
    notices = [html.P(notice, className="notice") for notice in said.notices]
    status = html.P(
        said.missing or said.finding,
        className="notice missing" if said.missing else "lead",
        role="status",
    )
    tiles = [maker.tile(tile) for tile in said.tiles]
    parts = [
        html.Section(
            [
                html.H2(said.title, id="answer", tabIndex="-1"),
                status,
                html.P(maker.link(*said.earlier)) if said.earlier else None,
                *notices,
                html.Div(tiles, className="tiles") if tiles else None,
            ]
        )
    ]
    if said.charts or said.tables:
        charts = [maker.chart(chart) for chart in said.charts]
        tables = maker.tables(list(said.tables.items()))
        inside = [html.H2(text("app.months_and_groups")), *charts, *tables]
        parts.append(html.Section(inside))
    if said.more:
        inside = [html.H2(text("app.more")), *(maker.chart(chart) for chart in said.more)]
        parts.append(html.Section(inside, className="more"))
    if said.walk is not None:
        parts.append(_process(said.walk, maker))
    return parts


def _process(walk: Walk, maker: Maker) -> Part:
    text = maker.text
    phases = [
        html.Li(
            maker.link(
                phase.name, phase.href, **(named(aria_current="true") if phase.is_chosen else {})
            )
        )
        for phase in walk.phases
    ]
    map_name = text("map.title", name=walk.name)
    drawn = [
        html.Div(
            className="scroll map-box",
            tabIndex="0",
            role="region",
            **named(aria_label=map_name, data_map="map-source"),
        ),
        html.Script(str(walk.map), id="map-source", type="image/svg+xml"),
        html.P(
            [
                html.A(
                    "SVG",
                    href=f"{maker.prefix}map.svg{address_of(maker.view)}",
                    download="hartslag-map.svg",
                    **named(aria_label=f"SVG: {map_name}"),
                ),
                html.Button(
                    "PNG",
                    type="button",
                    className="plain",
                    **named(data_save_map="", aria_label=f"PNG: {map_name}"),
                ),
            ],
            className="files",
        ),
    ]
    tables = walk.tables()
    parts = [
        html.H2(text("page.map")),
        html.P(walk.finding, className="lead"),
        html.P(text("app.process_whole"), className="soft"),
        html.P(text("app.click")),
        html.Ul(phases, className="phases", **named(aria_label=text("app.phases")))
        if phases
        else None,
        html.Div(
            [
                html.Div([html.P(walk.shown), *(drawn if walk.map is not None else [])]),
                _detail(walk.detail, maker) if walk.detail else None,
            ],
            className="walk",
        ),
        *(
            html.Details([html.Summary(text(f"process.{name}")), maker.table(tables[name], name)])
            for name in ("edges", "activities")
            if name in tables
        ),
    ]
    return html.Section(parts, className="process")


def _detail(detail: Detail, maker: Maker) -> Part:
    text = maker.text
    return html.Div(
        [
            html.H3(detail.title, id="detail-title"),
            *(html.P(fact) for fact in detail.facts),
            maker.table(detail.activities, "phase"),
            maker.table(detail.routes, "routes"),
            html.P(text("app.no_cases"), className="soft"),
            html.P(maker.link(text("app.close"), detail.close)),
        ],
        className="detail",
        role="group",
        id="detail",
        tabIndex="-1",
        **named(aria_labelledby="detail-title"),
    )
