"""The filters as a form: native selects, whose names are those of the address.

The form is made once a page and stays, so that focus does; the app's script keeps it equal to the
address.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.app.choices import SEGMENT_KINDS
from dashboards.app.periods import first_day
from dashboards.app.reader import Run
from dashboards.text import Text

_Option = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Options as value and words; under a label where they have one."""

    options: Sequence[_Option]
    label: str = ""


@dataclass(frozen=True)
class Field:
    """One filter. Its default is what a page shows where nothing was chosen, and is not written
    in the address."""

    name: str
    choices: Sequence[Group]
    default: str = ""
    is_disabled: bool = False


@dataclass(frozen=True)
class Fieldset:
    """Filters that belong together."""

    legend: str
    fields: Sequence[Field]


def filters_of(run: Run, default: str, text: Text) -> list[Fieldset]:
    """All filters of a run; `default` is the definition that a page shows by itself."""
    choices = run.choices
    months = [(month, text.month(first_day(month))) for month in choices.months]
    journeys = [(key, text.of(row)) for key, row in choices.journeys.items()]
    formulas = [(k, text.of(row, "formula") or k) for k, row in choices.formulas.items()]
    what = [
        _field("journey", text("app.all_journeys"), journeys),
        _field("formula", text("app.any"), formulas),
        *(_segment(kind, run, text) for kind in SEGMENT_KINDS),
    ]
    when = [
        _field("first", text("app.earliest"), months),
        _field("last", text("app.latest"), months),
    ]
    against = [
        _field(name, text("app.not_compared"), months) for name in ("with_first", "with_last")
    ]
    return [
        Fieldset(text("app.what"), what),
        Fieldset(text("app.when"), when),
        Fieldset(text("app.against"), against),
        Fieldset(text("app.figure"), [_definitions(run, default, text)]),
    ]


def _field(name: str, none: str, options: Sequence[_Option], is_disabled: bool = False) -> Field:
    return Field(name, [Group([("", none), *options])], is_disabled=is_disabled)


def _segment(kind: str, run: Run, text: Text) -> Field:
    """A filter by segment; one that the run has not cut by stands there, and says so."""
    names = run.choices.segments[kind]
    if not names:
        return _field(kind, text("app.not_in_run"), [], is_disabled=True)
    return _field(kind, text("app.any"), [(name, name) for name in names])


def _definitions(run: Run, default: str, text: Text) -> Field:
    """All published definitions, by the KPI that they are a reading of."""
    groups: dict[str, list[_Option]] = {}
    for name, row in run.choices.definitions.items():
        groups.setdefault(row["kpi"], []).append((name, text.of(row)))
    found = [Group(options, text.member("kpi", kpi)) for kpi, options in groups.items()]
    return Field("kpi", found, default)
