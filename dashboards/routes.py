"""The routes of cases: the most followed variants, and how many others there are."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.flow import Flow
from dashboards.marts import Record
from dashboards.text import Text
from dashboards.views import number_cell, value_cell

_VARIANTS_SHOWN = 10


@dataclass(frozen=True)
class Step:
    """One activity of a route: its number in the map, its name, whether the main path has it."""

    number: str
    name: str
    is_main: bool


@dataclass(frozen=True)
class Route:
    """A variant: its steps, how many cases follow it and what they have in common; `share` is
    percent of all cases, `width` percent of the widest bar."""

    cases: str
    share: str
    width: float
    facts: str
    steps: Sequence[Step]


def _named(variants: Sequence[Record]) -> list[Record]:
    """The variants with a path, most followed first; the folded ones have none."""
    found = [row for row in variants if row["variant"] is not None and row["path"] is not None]
    return sorted(found, key=lambda row: int(row["variant"]))


def _folded(variants: Sequence[Record]) -> Record | None:
    return next((row for row in variants if row["variant"] is None), None)


def routes_finding(variants: Sequence[Record], text: Text) -> str:
    """How many routes there are and how much of the work takes the first."""
    named, folded = _named(variants), _folded(variants)
    total = len(named) + (folded["variants"] or 0 if folded else 0)
    if not named or named[0]["share"] is None:
        return text("process.no_variants")
    share = text.percent(named[0]["share"])
    return text.count("process.finding", total, share=share)


def routes_of(variants: Sequence[Record], flow: Flow, text: Text) -> list[Route]:
    """The most followed variants, their steps by the numbers of the map."""
    main = {row["activity"] for row in flow.activities if row["path_position"]}
    named = _named(variants)[:_VARIANTS_SHOWN]
    widest = max((row["share"] or 0.0 for row in named), default=0.0) or 1.0
    return [_route(row, flow, main, widest, text) for row in named]


def _route(row: Record, flow: Flow, main: set[str], widest: float, text: Text) -> Route:
    names: list[str] = json.loads(row["path"])
    days, handoffs = row["median_throughput_days"], row["mean_handoffs"]
    took = text("value.unknown") if days is None else text.duration(days * 86_400.0)
    return Route(
        cases=text.count("count.cases", row["cases"]),
        share=value_cell(row["share"], "percent", text).words,
        width=round(100.0 * (row["share"] or 0.0) / widest, 1),
        facts=text(
            "process.route",
            took=took,
            handoffs=number_cell(handoffs, text, digits=2).words,
            on_time=value_cell(row["on_time_share"], "percent", text).words,
        ),
        steps=[Step(str(flow.numbers.get(n, "?")), n, n in main) for n in names],
    )


def other_routes(variants: Sequence[Record], text: Text) -> str:
    """How many routes are not in the table and why."""
    named, folded = _named(variants), _folded(variants)
    said = []
    if len(named) > _VARIANTS_SHOWN:
        said.append(text.count("process.more_routes", len(named) - _VARIANTS_SHOWN))
    if folded and folded["variants"]:
        cases = number_cell(folded["cases"], text).words
        said.append(text.count("process.folded_routes", folded["variants"], cases=cases))
    return " ".join(said)
