"""How the work of a journey goes: the map and the routes of cases, how they compare with what is
desired, where the time goes, who works with whom, and what changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.changes import Changes, changes_of, group_changes, since_when
from dashboards.conformance import Conformance, conformance_of
from dashboards.flow import Flow, choose_flow, in_order
from dashboards.handovers import Handovers, handovers_of
from dashboards.maps import plain_look, process_map, shown_of
from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import Table, duration_cell, number_cell, plain, value_cell
from dashboards.waiting import Waiting, waiting_of

_VARIANTS_SHOWN = 10
LEVELS = (50, 75, 90, 100)
"""Percent of the transitions that a map draws at least; 100 is all that was published."""
_LEVEL_SHOWN = 90


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


@dataclass(frozen=True)
class MapFile:
    """A map in a file of its own; `words` say how much of the work it draws."""

    file: str
    words: str
    svg: str


@dataclass(frozen=True)
class Process:
    """How the work of one journey goes, in reading order."""

    finding: str
    map: Markup | None
    map_files: Sequence[MapFile]
    shown: str
    edges: Table | None
    routes: Sequence[Route]
    other_routes: str
    conformance: Conformance
    activities: Table | None
    waiting: Waiting
    handovers: Handovers
    past_year: Changes
    since: Sequence[str]
    groups: Sequence[str]


def process_of(journey: Record, marts: Marts, text: Text) -> Process:
    key = journey["journey"]
    activities = in_order(marts.rows("process_activities", journey=key))
    edges = marts.rows("process_edges", journey=key)
    variants = marts.rows("process_variants", journey=key)
    flow = choose_flow(activities, edges, _LEVEL_SHOWN)
    name = text.of(journey)
    drawn = process_map(flow, plain_look(flow, name, text), text) if flow.edges else None
    names = {row["improvement"]: text.of(row) for row in marts.rows("improvements")}
    year = marts.rows("process_changes", journey=key, comparison_kind="past_year")
    points = marts.rows("change_points", journey=key)
    return Process(
        finding=_finding(variants, text),
        map=None if drawn is None else Markup(drawn),  # noqa: S704 (its texts are escaped)
        map_files=_map_files(key, name, activities, edges, text),
        shown=shown_of(flow, text),
        edges=_edge_table(flow, edges, text),
        routes=_routes(variants, flow, activities, text),
        other_routes=_other_routes(variants, text),
        conformance=conformance_of(key, marts, text),
        activities=_activity_table(activities, flow, _phase_names(marts, key, text), text),
        waiting=waiting_of(journey, marts, text),
        handovers=handovers_of(journey, marts, text, "handovers"),
        past_year=changes_of(year, text),
        since=since_when(points, lambda item: names.get(item, item), text),
        groups=group_changes(marts, key, text),
    )


def _map_files(
    key: str, name: str, activities: Sequence[Record], edges: Sequence[Record], text: Text
) -> list[MapFile]:
    """The map at each level of abstraction; one that draws no more than the one before is left
    out."""
    files: list[MapFile] = []
    shown = -1
    for level in LEVELS:
        flow = choose_flow(activities, edges, level)
        if len(flow.edges) > shown:
            shown = len(flow.edges)
            svg = process_map(flow, plain_look(flow, name, text), text, is_standalone=True)
            files.append(MapFile(f"maps/{key}-{level}.svg", text.percent(flow.share, 0), svg))
    return files


def _named(variants: Sequence[Record]) -> list[Record]:
    """The variants with a path, most followed first; the folded ones have none."""
    found = [row for row in variants if row["variant"] is not None and row["path"] is not None]
    return sorted(found, key=lambda row: int(row["variant"]))


def _folded(variants: Sequence[Record]) -> Record | None:
    return next((row for row in variants if row["variant"] is None), None)


def _finding(variants: Sequence[Record], text: Text) -> str:
    """How many routes there are and how much of the work takes the first."""
    named, folded = _named(variants), _folded(variants)
    total = len(named) + (folded["variants"] or 0 if folded else 0)
    if not named or named[0]["share"] is None:
        return text("process.no_variants")
    share = text.percent(named[0]["share"])
    return text.count("process.finding", total, share=share)


def _routes(
    variants: Sequence[Record], flow: Flow, activities: Sequence[Record], text: Text
) -> list[Route]:
    main = {row["activity"] for row in activities if row["path_position"]}
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


def _other_routes(variants: Sequence[Record], text: Text) -> str:
    """How many routes are not in the table and why."""
    named, folded = _named(variants), _folded(variants)
    said = []
    if len(named) > _VARIANTS_SHOWN:
        said.append(text.count("process.more_routes", len(named) - _VARIANTS_SHOWN))
    if folded and folded["variants"]:
        cases = number_cell(folded["cases"], text).words
        said.append(text.count("process.folded_routes", folded["variants"], cases=cases))
    return " ".join(said)


def _edge_table(flow: Flow, edges: Sequence[Record], text: Text) -> Table | None:
    """The transitions of the map, the most frequent first."""
    row_of = {(row["from_activity"], row["to_activity"]): row for row in edges}
    rows = []
    for edge in flow.shown_edges:
        row = row_of[edge.source, edge.target]
        ends = (plain(f"{flow.numbers[name]}. {name}") for name in (edge.source, edge.target))
        times = (duration_cell(row[column], text) for column in ("median_s", "p90_s"))
        rows.append([*ends, number_cell(edge.occurrences, text), *times])
    if not rows:
        return None
    head = [text(f"column.{name}") for name in ("from", "to", "occurrences", "median", "p90")]
    return Table(text("process.edges"), head, rows, frozenset({2, 3, 4}))


def _phase_names(marts: Marts, journey: str, text: Text) -> dict[str, str]:
    return {row["phase"]: text.of(row) for row in marts.rows("phases", journey=journey)}


def _activity_table(
    activities: Sequence[Record], flow: Flow, phases: dict[str, str], text: Text
) -> Table | None:
    rows = [
        [
            plain(flow.numbers[row["activity"]]),
            plain(row["activity"]),
            plain(phases.get(row["phase"], row["phase"]) or text("value.none")),
            number_cell(row["cases"], text, bool(row["is_withheld"])),
            number_cell(row["occurrences"], text, bool(row["is_withheld"])),
        ]
        for row in activities
    ]
    if not rows:
        return None
    head = [text(f"column.{name}") for name in ("number", "activity", "phase", "cases", "times")]
    return Table(text("process.activities"), head, rows, frozenset({0, 3, 4}))
