"""The map of a journey with the tables beside it, and the same as files of more or less detail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

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


class Part(NamedTuple):
    """A part of the log that was counted by itself, such as a channel or a year."""

    kind: str
    name: str


def process_rows(key: str, marts: Marts, part: Part | None) -> tuple[list[Record], list[Record]]:
    """Activities and transitions of a journey, or of a part of it.

    A part is published in multiples of the threshold and without the ninetieth percentile; phase
    and place on the main path are those of the whole.
    """
    activities = marts.rows("process_activities", journey=key)
    if part is None:
        return activities, marts.rows("process_edges", journey=key)
    asked = {"journey": key, "part_kind": part.kind, "part": part.name}
    of_whole = {
        row["activity"]: {name: row[name] for name in ("phase", "path_position")}
        for row in activities
    }
    nowhere = {"phase": None, "path_position": None}
    return (
        [
            row | of_whole.get(row["activity"], nowhere)
            for row in marts.rows("process_activity_parts", **asked)
        ],
        [row | {"p90_s": None} for row in marts.rows("process_edge_parts", **asked)],
    )


def journey_map(key: str, marts: Marts, text: Text, part: Part | None = None) -> JourneyMap:
    activities, edges = process_rows(key, marts, part)
    activities = in_order(activities)
    flow = choose_flow(activities, edges, _SHOWN)
    phases = {row["phase"]: text.of(row) for row in marts.rows("phases", journey=key)}
    return JourneyMap(
        flow,
        shown_of(flow, text),
        _edge_table(flow, edges, text),
        _activity_table(activities, flow, phases, text),
    )


def standalone_map(
    journey: Record, marts: Marts, text: Text, level: float = 100.0, part: Part | None = None
) -> MapFile:
    """The map that draws at least so many percent of the transitions, as a file of its own."""
    key, name = journey["journey"], text.of(journey)
    flow = choose_flow(*process_rows(key, marts, part), level)
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
