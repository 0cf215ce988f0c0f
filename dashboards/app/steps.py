"""The process of a journey in the app: its map, and what is known of a clicked part.

No case is published, pseudonymous or not: a clicked part shows counts, and the published routes
that take it. Routes are not added up here, because what a sum leaves over would be a group.
"""

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dashboards.app.address import View, address_of, chosen_segments
from dashboards.app.reader import Run
from dashboards.flow import in_order
from dashboards.journey_map import (
    JourneyMap,
    Part,
    journey_map,
    process_rows,
    standalone_map,
)
from dashboards.maps import plain_look, process_map
from dashboards.marts import Record
from dashboards.routes import routes_finding
from dashboards.text import Text
from dashboards.views import Cell, Table, duration_cell, number_cell, plain, value_cell

_ROUTES_SHOWN = 15
_drawing = threading.Lock()
"""Graphviz keeps state of its own and cannot draw two maps at once."""


@dataclass(frozen=True)
class PhaseLink:
    """A phase that can be clicked, and whether it is the chosen one."""

    name: str
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Detail:
    """What is known of the clicked part; `close` is the address without it."""

    title: str
    facts: Sequence[str]
    routes: Table | None
    activities: Table | None
    close: str


@dataclass(frozen=True)
class Walk:
    """A journey's process on a page of the app; `map` is SVG whose parts are links."""

    name: str
    about: str
    finding: str
    shown: str
    map: str | None
    phases: Sequence[PhaseLink]
    detail: Detail | None
    edges: Table | None
    activities: Table | None

    def tables(self) -> dict[str, Table]:
        """Its tables by name."""
        detail = self.detail
        found = {
            "edges": self.edges,
            "activities": self.activities,
            "routes": detail.routes if detail else None,
            "phase": detail.activities if detail else None,
        }
        return {name: table for name, table in found.items() if table is not None}


def walk_of(run: Run, view: View, text: Text) -> Walk:
    """The process of the chosen journey, its map a set of links to its parts."""
    key = view.journey or ""
    part = part_of(run, view)
    shown = _map(run, key, part, text)
    flow = shown.flow
    name = text.of(run.choices.journeys[key])
    look = replace(plain_look(flow, name, text), link=_link(view))
    with _drawing:
        drawn = process_map(flow, look, text) if flow.edges else None
    phases = [
        PhaseLink(text.of(row), _part(view, phase=row["phase"]), row["phase"] == view.phase)
        for row in run.marts.rows("phases", journey=key)
    ]
    return Walk(
        name=name,
        about=_about(run, view, part, text),
        finding=routes_finding(run.marts.rows("process_variants", journey=key), text),
        shown=shown.shown,
        map=drawn,
        phases=phases,
        detail=_detail(run, view, text),
        edges=shown.edges,
        activities=shown.activities,
    )


def map_file(run: Run, view: View, text: Text) -> str | None:
    """The map of the chosen journey as a file of its own; None without a journey or a flow."""
    if view.journey is None:
        return None
    part = part_of(run, view)
    if not _map(run, view.journey, part, text).flow.edges:
        return None
    with _drawing:
        journey = run.choices.journeys[view.journey]
        return standalone_map(journey, run.marts, text, part=part).svg


def part_of(run: Run, view: View) -> Part | None:
    """The published part that is just what was chosen: one group or one whole year of a journey,
    and not both; None where that was not counted by itself."""
    segments = chosen_segments(view)
    months = run.choices.months_from(view.first, view.last)
    is_cut = len(months) < len(run.choices.months)
    if is_cut == (len(segments) == 1) or len(segments) > 1:
        return None
    part = Part(*segments[0]) if segments else _year(run, months)
    if part is None:
        return None
    asked = {"journey": view.journey, "part_kind": part.kind, "part": part.name}
    return part if run.marts.rows("process_edge_parts", **asked) else None


def _year(run: Run, months: Sequence[str]) -> Part | None:
    """The year of which these are all known months."""
    year = months[0][:4] if months else ""
    is_whole = bool(months) and months == [m for m in run.choices.months if m[:4] == year]
    return Part("year", year) if is_whole else None


def _about(run: Run, view: View, part: Part | None, text: Text) -> str:
    """Whose map it is, where that is not plain."""
    if part is not None:
        threshold = run.marts.manifest.disclosure_threshold
        return text("app.process_part", part=part.name, threshold=text.number(threshold))
    is_chosen = chosen_segments(view) or (view.first, view.last) != (None, None)
    return text("app.process_whole") if is_chosen else ""


def _map(run: Run, key: str, part: Part | None, text: Text) -> JourneyMap:
    """What the site says of the journey's map, or of a part of it; the same for every view."""
    name = ("map", key, *(part or ("", "")), text.language)
    if name not in run.kept:
        run.kept[name] = journey_map(key, run.marts, text, part)
    found: JourneyMap = run.kept[name]
    return found


def _link(view: View) -> Callable[[str, str | None], str]:
    return lambda source, target: _part(view, step=source, following=target)


def _part(
    view: View, phase: str | None = None, step: str | None = None, following: str | None = None
) -> str:
    """The address of the view with this part of the process chosen and no other."""
    return address_of(view.but(phase=phase, step=step, following=following))


def _detail(run: Run, view: View, text: Text) -> Detail | None:
    activities, edges = process_rows(view.journey or "", run.marts, part_of(run, view))
    rows = in_order(activities)
    numbers = {row["activity"]: place for place, row in enumerate(rows, start=1)}
    if view.step is not None and view.following is not None:
        ends = (view.step, view.following)
        row = next((r for r in edges if (r["from_activity"], r["to_activity"]) == ends), None)
        return _of_edge(run, view, ends, row, numbers, text)
    if view.step is not None:
        return _of_activity(run, view, view.step, rows, numbers, text)
    if view.phase is not None:
        return _of_phase(run, view, view.phase, rows, numbers, text)
    return None


def _of_edge(
    run: Run,
    view: View,
    ends: tuple[str, str],
    row: Record | None,
    numbers: dict[str, int],
    text: Text,
) -> Detail:
    source, target = ends
    facts = [text("app.no_edge")]
    if row is not None:
        hidden = bool(row["is_withheld"])
        times = {
            name: duration_cell(row[column], text, hidden).words
            for name, column in (("median", "median_s"), ("p90", "p90_s"))
        }
        counts = {
            name: number_cell(row[name], text, hidden).words for name in ("occurrences", "cases")
        }
        facts = [text("app.edge_counts", **counts), text("app.edge_times", **times)]
    return Detail(
        title=text("map.transition", source=source, target=target),
        facts=facts,
        routes=_routes(run, view, lambda p: ends in pairwise(p), numbers, text),
        activities=None,
        close=_part(view),
    )


def _of_activity(
    run: Run,
    view: View,
    name: str,
    rows: Sequence[Record],
    numbers: dict[str, int],
    text: Text,
) -> Detail:
    row = next((row for row in rows if row["activity"] == name), None)
    facts = [text("app.no_activity")]
    if row is not None:
        columns = ("occurrences", "cases", "start_cases", "end_cases")
        counts = {c: number_cell(row[c], text, row[c] is None).words for c in columns}
        facts = [text("app.activity_counts", **counts)]
    return Detail(
        title=f"{numbers[name]}. {name}" if row else name,
        facts=facts,
        routes=_routes(run, view, lambda path: name in path, numbers, text),
        activities=None,
        close=_part(view),
    )


def _of_phase(
    run: Run,
    view: View,
    phase: str,
    rows: Sequence[Record],
    numbers: dict[str, int],
    text: Text,
) -> Detail:
    (known,) = run.marts.rows("phases", journey=view.journey, phase=phase)
    own = [row for row in rows if row["phase"] == phase]
    names = {row["activity"] for row in own}
    cells = [
        [
            plain(numbers[row["activity"]]),
            Cell(row["activity"], href=_part(view, step=row["activity"])),
            number_cell(row["cases"], text, bool(row["is_withheld"])),
            number_cell(row["occurrences"], text, bool(row["is_withheld"])),
        ]
        for row in own
    ]
    title = text("app.phase_title", name=text.of(known))
    head = [text(f"column.{name}") for name in ("number", "activity", "cases", "times")]
    return Detail(
        title=title,
        facts=[text.count("app.phase_activities", len(own))],
        routes=_routes(run, view, lambda path: not names.isdisjoint(path), numbers, text),
        activities=Table(title, head, cells, frozenset({0, 2, 3})) if cells else None,
        close=_part(view),
    )


def _routes(
    run: Run,
    view: View,
    takes: Callable[[list[str]], bool],
    numbers: dict[str, int],
    text: Text,
) -> Table | None:
    """The published routes that take a part, most followed first."""
    cells: list[list[Cell]] = []
    for row in run.marts.rows("process_variants", journey=view.journey):
        path: list[str] = json.loads(row["path"]) if row["path"] else []
        if not path or not takes(path) or len(cells) == _ROUTES_SHOWN:
            continue
        days = row["median_throughput_days"]
        cells.append(
            [
                number_cell(row["cases"], text),
                value_cell(row["share"], "percent", text),
                duration_cell(None if days is None else days * 86_400.0, text),
                plain(" → ".join(str(numbers.get(name, "?")) for name in path)),
            ]
        )
    if not cells:
        return None
    head = [text(f"column.{name}") for name in ("cases", "share", "median", "steps")]
    return Table(text("app.routes_through"), head, cells, frozenset({0, 1, 2}))
