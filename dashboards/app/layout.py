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


def page(run: Run, view: View, said: Answer, shown: str, maker: Maker, user: str | None) -> Part:
    """Everything between the skip link and the end, for one view."""
    text = maker.text
    return [
        header(view, run.marts.manifest.municipality, maker, user),
        html.Main(
            [
                html.H1(text("app.title")),
                filter_form(run, view, shown, text),
                html.Div(_results(said, maker), className="results"),
            ],
            id="main",
            tabIndex="-1",
        ),
        _footer(run, text),
    ]


def empty_page(view: View, maker: Maker, title: str, words: str) -> Part:
    """A page without figures: nothing is published, or something went wrong."""
    said = html.Section([html.H1(title), html.P(words, className="lead", role="alert")])
    return [header(view, "", maker, None), html.Main([said], id="main", tabIndex="-1")]


def header(view: View, municipality: str, maker: Maker, user: str | None) -> Part:
    """The brand, the pages of the site, and the same view in the other language."""
    text = maker.text
    other = other_language(text.language)
    pages = [maker.link(text(f"page.{kind}_name"), file_of(text.language, kind)) for kind in KINDS]
    here = html.A(
        text("app.name"),
        href=address_of(view),
        **named(aria_current="page", data_view=""),
    )
    code = text("page.other_code")
    switch = html.A(
        text("page.other"), href=address_of(view.but(lang=other)), lang=code, hrefLang=code
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


def _footer(run: Run, text: Text) -> Part:
    about = run.marts.manifest
    until = text.instant(about.data_until) if about.data_until else text("value.unknown")
    published = text("page.run", run=about.run, hash=about.config_hash[:8])
    return html.Footer(
        [
            html.P(f"{text('page.until', date=until)} {published}"),
            html.P(text("page.privacy", threshold=about.disclosure_threshold)),
            html.P(text("app.cookies")),
        ]
    )


def _results(said: Answer, maker: Maker) -> list[Part]:
    text = maker.text
    notices = [html.P(notice, className="notice") for notice in said.notices]
    status = html.P(
        said.missing or said.finding,
        className="notice missing" if said.missing else "lead",
        role="status",
    )
    top = html.Section(
        [
            html.H2(said.title),
            status,
            *notices,
            html.Div([maker.tile(tile) for tile in said.tiles], className="tiles"),
        ]
        if said.tiles
        else [html.H2(said.title), status, *notices]
    )
    parts = [top]
    if said.charts or said.tables:
        charts = [maker.chart(chart) for chart in said.charts]
        tables = maker.tables(list(said.tables.items()))
        inside = [html.H2(text("app.months_and_groups")), *charts, *tables]
        parts.append(html.Section(inside, key="trend"))
    if said.more:
        inside = [html.H2(text("app.more")), *(maker.chart(chart) for chart in said.more)]
        parts.append(html.Section(inside, className="more", key="more"))
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
    return html.Section(parts, key="process", className="process")


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
