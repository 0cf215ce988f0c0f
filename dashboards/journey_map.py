"""The map of a journey with the tables beside it, and the same as files of more or less detail."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.flow import Flow, choose_flow, in_order
from dashboards.maps import plain_look, process_map, shown_of
from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import Table, duration_cell, number_cell, plain

LEVELS = (50, 75, 90, 100)
"""Percent of the transitions that a map draws at least; 100 is all that was published."""
_SHOWN = 90


@dataclass(frozen=True)
class MapFile:
    """A map in a file of its own; `words` say how much of the work it draws."""

    file: str
    words: str
    svg: str


@dataclass(frozen=True)
class JourneyMap:
    """What the map of a page shows, in words and tables; `flow` is what it draws."""

    flow: Flow
    shown: str
    edges: Table | None
    activities: Table | None


def journey_map(key: str, marts: Marts, text: Text) -> JourneyMap:
    activities = in_order(marts.rows("process_activities", journey=key))
    edges = marts.rows("process_edges", journey=key)
    flow = choose_flow(activities, edges, _SHOWN)
    phases = {row["phase"]: text.of(row) for row in marts.rows("phases", journey=key)}
    return JourneyMap(
        flow,
        shown_of(flow, text),
        _edge_table(flow, edges, text),
        _activity_table(activities, flow, phases, text),
    )


def standalone_map(journey: Record, marts: Marts, text: Text, level: float = 100.0) -> MapFile:
    """The map that draws at least so many percent of the transitions, as a file of its own."""
    key, name = journey["journey"], text.of(journey)
    activities = marts.rows("process_activities", journey=key)
    flow = choose_flow(activities, marts.rows("process_edges", journey=key), level)
    svg = process_map(flow, plain_look(flow, name, text), text, is_standalone=True)
    return MapFile(f"maps/{key}-{level:.0f}.svg", text.percent(flow.share, 0), svg)


def map_files(journey: Record, marts: Marts, text: Text) -> list[MapFile]:
    """The map at each level of abstraction; one that draws what the one before does is left out."""
    files: list[MapFile] = []
    for level in LEVELS:
        file = standalone_map(journey, marts, text, level)
        if not files or file.svg != files[-1].svg:
            files.append(file)
    return files


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
