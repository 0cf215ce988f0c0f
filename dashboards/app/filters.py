"""The form with the filters: native selects, whose names are those of the address.

The form is made once a page and stays, so that focus does; the app's script keeps it equal to the
address.
"""

from collections.abc import Sequence

from dash import html

from dashboards.app.address import View, address_of
from dashboards.app.choices import SEGMENT_KINDS
from dashboards.app.components import Part, named
from dashboards.app.periods import first_day
from dashboards.app.reader import Run
from dashboards.text import Text


def filter_form(run: Run, default: str, text: Text) -> Part:
    """All filters. A change is applied at once by the app's script; `default` is the definition
    that a page shows where none is chosen, and is not written in the address."""
    choices = run.choices
    months = [_option(month, text.month(first_day(month))) for month in choices.months]
    journeys = [_option(key, text.of(row)) for key, row in choices.journeys.items()]
    formulas = [_option(k, text.of(r, "formula") or k) for k, r in choices.formulas.items()]
    none = text("app.not_compared")
    what = [
        _select("journey", [_option("", text("app.all_journeys")), *journeys], text),
        _select("formula", [_option("", text("app.any")), *formulas], text),
        *(_segment(kind, run, text) for kind in SEGMENT_KINDS),
    ]
    when = [
        _select("first", [_option("", text("app.earliest")), *months], text),
        _select("last", [_option("", text("app.latest")), *months], text),
    ]
    against = [
        _select(name, [_option("", none), *months], text) for name in ("with_first", "with_last")
    ]
    return html.Form(
        [
            _group(text("app.what"), what),
            _group(text("app.when"), when),
            _group(text("app.against"), against),
            _group(text("app.figure"), [_definitions(run, default, text)]),
            html.P(_actions(text), className="actions"),
        ],
        className="filters",
        role="search",
        **named(aria_label=text("app.filters"), data_filters=""),
    )


def _actions(text: Text) -> list[Part]:
    """What is done to all filters at once."""
    bare = address_of(View(text.language))
    copy = named(data_copy=text("app.copied"))
    return [
        html.A(text("app.clear"), href=bare, **named(data_view="")),
        html.Button(text("app.copy"), type="button", className="plain", **copy),
    ]


def _group(legend: str, fields: Sequence[Part]) -> Part:
    return html.Fieldset([html.Legend(legend), html.Div(list(fields), className="fields")])


def _segment(kind: str, run: Run, text: Text) -> Part:
    """A filter by segment; one that the run has not cut by stands there, and says so."""
    names = run.choices.segments[kind]
    if not names:
        return _select(kind, [_option("", text("app.not_in_run"))], text, is_disabled=True)
    return _select(kind, [_option("", text("app.any")), *(_option(n, n) for n in names)], text)


def _definitions(run: Run, default: str, text: Text) -> Part:
    """All published definitions, by the KPI that they are a reading of."""
    groups: dict[str, list[Part]] = {}
    for name, row in run.choices.definitions.items():
        groups.setdefault(row["kpi"], []).append(_option(name, text.of(row)))
    entries = [html.Optgroup(found, label=text.member("kpi", kpi)) for kpi, found in groups.items()]
    return _select("kpi", entries, text, default=default)


def _option(value: str, words: str) -> Part:
    return html.Option(words, value=value)


def _select(
    name: str, entries: Sequence[Part], text: Text, default: str = "", is_disabled: bool = False
) -> Part:
    box = html.Select(
        list(entries),
        id=f"filter-{name}",
        name=name,
        disabled=is_disabled,
        **named(data_default=default),
    )
    label = html.Label(text(f"app.{name}"), htmlFor=f"filter-{name}")
    return html.Div([label, box], className="field")
