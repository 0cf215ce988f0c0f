"""Filters and the address, both ways. A view is all that a reader chose; nothing else is state.

Whatever an address holds is compared with what the run has; what is not there is named and left
out, so that no text from an address reaches a query or a page unchecked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from dashboards.app.choices import SEGMENT_KINDS, Choices
from dashboards.text import LANGUAGES, Language

_LONGEST = 4_000
_SHOWN = 60


@dataclass(frozen=True)
class View:
    """What a reader asks for. Months are `2026-03`; None is all, or nothing chosen."""

    lang: Language = "nl"
    journey: str | None = None
    formula: str | None = None
    channel: str | None = None
    target_group: str | None = None
    team: str | None = None
    topic: str | None = None
    partner: str | None = None
    kpi: str | None = None
    first: str | None = None
    last: str | None = None
    with_first: str | None = None
    with_last: str | None = None
    phase: str | None = None
    step: str | None = None
    following: str | None = None

    @property
    def is_compared(self) -> bool:
        """Whether a second period was chosen."""
        return self.with_first is not None or self.with_last is not None

    def but(self, **changes: str | None) -> "View":
        """The same view with other choices."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Unknown:
    """A choice in the address that this run does not have, or that contradicts another."""

    name: str
    value: str


def view_of(search: str | None, choices: Choices) -> tuple[View, list[Unknown]]:
    """The view that a query string asks for, and what in it was not understood."""
    asked = _asked(search)
    known: dict[str, str] = {}
    unknown = []
    for name, value in asked.items():
        if name == "lang":
            continue
        if _is_known(name, value, asked, choices):
            known[name] = value
        else:
            unknown.append(Unknown(name, value[:_SHOWN]))
    view = View(language_of(search)).but(**known)
    return _without_turned(view, unknown)


def language_of(search: str | None) -> Language:
    """The language that a query string asks for; Dutch where it asks for none that there is."""
    asked = _asked(search).get("lang")
    return next((language for language in LANGUAGES if language == asked), "nl")


def address_of(view: View) -> str:
    """The query string of a view, with its question mark; the same view gives the same one."""
    chosen = [(f.name, getattr(view, f.name)) for f in fields(view)]
    return "?" + urlencode([(name, value) for name, value in chosen if value is not None])


def chosen_segments(view: View) -> list[tuple[str, str]]:
    """The segments that a view cuts by, as kind and name."""
    found = [(kind, getattr(view, kind)) for kind in SEGMENT_KINDS]
    return [(kind, name) for kind, name in found if name is not None]


def _asked(search: str | None) -> dict[str, str]:
    """The named values of a query string, the last of each; empty ones and other names left out."""
    names = {f.name for f in fields(View)}
    try:
        pairs = parse_qsl((search or "")[:_LONGEST].removeprefix("?"), max_num_fields=50)
    except ValueError:
        return {}
    return {name: value for name, value in pairs if name in names and value}


def _is_known(name: str, value: str, asked: dict[str, str], choices: Choices) -> bool:
    journey = asked.get("journey", "")
    if name in ("first", "last", "with_first", "with_last"):
        return value in choices.months
    if name == "phase":
        return value in choices.phases.get(journey, ())
    if name in ("step", "following"):
        return value in choices.activities.get(journey, ())
    within: dict[str, object] = {
        "journey": choices.journeys,
        "formula": choices.formulas,
        "kpi": choices.definitions,
    }
    known = within[name] if name in within else choices.segments[name]
    return value in known  # type: ignore[operator]


def _without_turned(view: View, unknown: Sequence[Unknown]) -> tuple[View, list[Unknown]]:
    """A period that ends before it begins is no period; an edge needs both of its ends."""
    found = list(unknown)
    for first, last in (("first", "last"), ("with_first", "with_last")):
        start, end = getattr(view, first), getattr(view, last)
        if start and end and start > end:
            found.append(Unknown(last, end))
            view = view.but(**{last: None})
    if view.following is not None and view.step is None:
        found.append(Unknown("following", view.following[:_SHOWN]))
        view = replace(view, following=None)
    return view, found
