"""The form with the filters: native selects, whose names are those of the address."""

from collections.abc import Mapping, Sequence

from dash import html

from dashboards.app.address import View, address_of
from dashboards.app.choices import SEGMENT_KINDS
from dashboards.app.components import Part, named
from dashboards.app.periods import first_day, periods_of, year_before
from dashboards.app.reader import Run
from dashboards.text import Text

_Options = Sequence[tuple[str, str]]


def filter_form(run: Run, view: View, shown: str, text: Text) -> Part:
    """All filters. A change is applied at once by the app's script; `shown` is the definition that
    the page shows where none was chosen."""
    choices = run.choices
    months = [(month, text.month(first_day(month))) for month in choices.months]
    journeys = [(key, text.of(row)) for key, row in choices.journeys.items()]
    formulas = [(k, text.of(row, "formula") or k) for k, row in choices.formulas.items()]
    what = [
        _select("journey", journeys, view.journey, text("app.all_journeys"), text),
        _select("formula", formulas, view.formula, text("app.any"), text),
        *(_segment(kind, run, view, text) for kind in SEGMENT_KINDS),
    ]
    first, last = text("app.earliest"), text("app.latest")
    when = [
        _select("first", months, view.first, first, text),
        _select("last", months, view.last, last, text),
    ]
    against = [
        _select("with_first", months, view.with_first, text("app.not_compared"), text),
        _select("with_last", months, view.with_last, text("app.not_compared"), text),
    ]
    return html.Form(
        [
            _group(text("app.what"), what),
            _group(text("app.when"), when),
            _group(text("app.against"), against),
            _group(text("app.figure"), [_definitions(run, shown, text)]),
            html.P(_actions(run, view, text), className="actions"),
        ],
        className="filters",
        role="search",
        **named(aria_label=text("app.filters"), data_filters=""),
    )


def _actions(run: Run, view: View, text: Text) -> list[Part]:
    """What is done to all filters at once."""
    earlier = year_before(periods_of(view)[0], run.choices)
    links = [(text("app.clear"), View(view.lang))]
    if earlier is not None:
        compared = view.but(with_first=earlier.first, with_last=earlier.last)
        links.insert(0, (text("app.year_before"), compared))
    copy = named(data_copy=text("app.copied"))
    return [
        *(html.A(words, href=address_of(to), **named(data_view="")) for words, to in links),
        html.Button(text("app.copy"), type="button", className="plain", **copy),
    ]


def _group(legend: str, fields: Sequence[Part]) -> Part:
    return html.Fieldset([html.Legend(legend), html.Div(list(fields), className="fields")])


def _segment(kind: str, run: Run, view: View, text: Text) -> Part:
    """A filter by segment; one that the run has not cut by stands there, and says so."""
    names = run.choices.segments[kind]
    if not names:
        return _select(kind, [], None, text("app.not_in_run"), text, is_disabled=True)
    options = [(name, name) for name in names]
    return _select(kind, options, getattr(view, kind), text("app.any"), text)


def _select(
    name: str,
    options: _Options,
    chosen: str | None,
    none: str,
    text: Text,
    is_disabled: bool = False,
) -> Part:
    entries = [html.Option(none, value="", selected=chosen is None)]
    entries += [
        html.Option(words, value=value, selected=value == chosen) for value, words in options
    ]
    return _labelled(name, entries, text, is_disabled)


def _definitions(run: Run, shown: str, text: Text) -> Part:
    """All published definitions, by the KPI that they are a reading of."""
    groups: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for name, row in run.choices.definitions.items():
        groups.setdefault(row["kpi"], []).append((name, row))
    entries = [
        html.Optgroup(
            [html.Option(text.of(row), value=name, selected=name == shown) for name, row in found],
            label=text.member("kpi", kpi),
        )
        for kpi, found in groups.items()
    ]
    return _labelled("kpi", entries, text, is_disabled=False)


def _labelled(name: str, entries: Sequence[Part], text: Text, is_disabled: bool) -> Part:
    box = html.Select(list(entries), id=f"filter-{name}", name=name, disabled=is_disabled)
    label = html.Label(text(f"app.{name}"), htmlFor=f"filter-{name}")
    return html.Div([label, box], className="field")
