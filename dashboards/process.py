"""How the work of a journey goes: the map and the routes of cases, how they compare with what is
desired, where the time goes, who works with whom, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.changes import Changes, changes_of, group_changes, since_when
from dashboards.conformance import Conformance, conformance_of
from dashboards.handovers import Handovers, handovers_of
from dashboards.journey_map import MapFile, journey_map, map_files
from dashboards.maps import plain_look, process_map
from dashboards.marts import Marts, Record
from dashboards.routes import Route, other_routes, routes_finding, routes_of
from dashboards.text import Text
from dashboards.views import Table
from dashboards.waiting import Waiting, waiting_of


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
    shown = journey_map(key, marts, text)
    flow = shown.flow
    variants = marts.rows("process_variants", journey=key)
    look = plain_look(flow, text.of(journey), text)
    drawn = process_map(flow, look, text) if flow.edges else None
    names = {row["improvement"]: text.of(row) for row in marts.rows("improvements")}
    year = marts.rows("process_changes", journey=key, comparison_kind="past_year")
    points = marts.rows("change_points", journey=key)
    return Process(
        finding=routes_finding(variants, text),
        map=None if drawn is None else Markup(drawn),  # noqa: S704 (its texts are escaped)
        map_files=map_files(journey, marts, text) if flow.edges else [],
        shown=shown.shown,
        edges=shown.edges,
        routes=routes_of(variants, flow, text),
        other_routes=other_routes(variants, text),
        conformance=conformance_of(key, marts, text),
        activities=shown.activities,
        waiting=waiting_of(journey, marts, text),
        handovers=handovers_of(journey, marts, text, "handovers"),
        past_year=changes_of(year, text),
        since=since_when(points, lambda item: names.get(item, item), text),
        groups=group_changes(marts, key, text),
    )
