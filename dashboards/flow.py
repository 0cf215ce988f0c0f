"""Chooses what a process map shows: the main flow, whole, and how much was left out.

A map with every edge is unreadable (99 edges for the 27 activities of one real log). The most
frequent edges that together carry `share` of the transitions are kept; then each activity that is
shown is tied to the start and to the end by its widest path, so that nothing hangs loose.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from dashboards.marts import Record

START, END = "\0start", "\0end"
_LAST = 10**9


@dataclass(frozen=True)
class Edge:
    """A transition from one activity to the next; `median_s` is seconds, None when unknown."""

    source: str
    target: str
    occurrences: int
    median_s: float | None = None

    @property
    def is_real(self) -> bool:
        """False for the edges that only mark where cases begin and end."""
        return self.source != START and self.target != END


@dataclass(frozen=True)
class Flow:
    """What the map shows. `share` is the percent of the known transitions that is drawn."""

    activities: list[Record]
    numbers: dict[str, int]
    edges: list[Edge]
    hidden_edges: int
    hidden_activities: int
    withheld_edges: int
    share: float

    @property
    def shown_edges(self) -> list[Edge]:
        """The drawn transitions between two activities."""
        return [edge for edge in self.edges if edge.is_real]


def in_order(activities: Iterable[Record]) -> list[Record]:
    """Main path first, then the most followed, then by name: the same in every run."""
    return sorted(activities, key=_rank)


def _rank(activity: Record) -> tuple[int, int, str]:
    return (activity["path_position"] or _LAST, -(activity["cases"] or 0), activity["activity"])


def choose_flow(activities: Sequence[Record], edges: Sequence[Record], share: float = 90.0) -> Flow:
    """The main flow of one journey from its rows of `process_activities` and `process_edges`."""
    ordered = in_order(activities)
    numbers = {row["activity"]: place for place, row in enumerate(ordered, start=1)}
    place = {START: 0, **numbers, END: len(ordered) + 1}
    known = [edge for edge in map(_edge, edges) if edge is not None]
    groups = [known, *_terminal_edges(ordered)]
    candidates = _sorted((edge for group in groups for edge in group), place)
    chosen = {edge for group in groups for edge in _covering(_sorted(group, place), share)}
    _tie(chosen, candidates, place)
    drawn = _sorted(chosen, place)
    shown = {name for edge in drawn for name in (edge.source, edge.target)}
    total = sum(edge.occurrences for edge in known)
    carried = sum(edge.occurrences for edge in drawn if edge.is_real)
    return Flow(
        activities=[row for row in ordered if row["activity"] in shown],
        numbers=numbers,
        edges=drawn,
        hidden_edges=len(known) - sum(edge.is_real for edge in drawn),
        hidden_activities=sum(row["activity"] not in shown for row in ordered),
        withheld_edges=len(edges) - len(known),
        share=100.0 * carried / total if total else 0.0,
    )


def _edge(row: Record) -> Edge | None:
    if row["is_withheld"] or row["occurrences"] is None:
        return None
    return Edge(row["from_activity"], row["to_activity"], row["occurrences"], row["median_s"])


def _terminal_edges(activities: Sequence[Record]) -> tuple[list[Edge], list[Edge]]:
    starts = [
        Edge(START, row["activity"], row["start_cases"]) for row in activities if row["start_cases"]
    ]
    ends = [Edge(row["activity"], END, row["end_cases"]) for row in activities if row["end_cases"]]
    return starts, ends


def _sorted(edges: Iterable[Edge], place: dict[str, int]) -> list[Edge]:
    return sorted(edges, key=lambda e: (-e.occurrences, place[e.source], place[e.target]))


def _covering(edges: Sequence[Edge], share: float) -> list[Edge]:
    """The first edges that together carry at least `share` percent of all in the list."""
    enough = share / 100.0 * sum(edge.occurrences for edge in edges)
    carried, kept = 0, []
    for edge in edges:
        if carried >= enough:
            break
        kept.append(edge)
        carried += edge.occurrences
    return kept


def _tie(chosen: set[Edge], candidates: Sequence[Edge], place: dict[str, int]) -> None:
    """Adds edges to `chosen` until each of its activities is reached and can end, if it can."""
    for name in sorted({n for e in chosen for n in (e.source, e.target)}, key=place.__getitem__):
        chosen.update(_widest_path(candidates, _reached(chosen, START), name, place))
    backwards = {Edge(e.target, e.source, e.occurrences): e for e in candidates}
    for name in sorted({n for e in chosen for n in (e.source, e.target)}, key=place.__getitem__):
        turned = {Edge(e.target, e.source, e.occurrences) for e in chosen}
        path = _widest_path(list(backwards), _reached(turned, END), name, place)
        chosen.update(backwards[edge] for edge in path)


def _reached(edges: set[Edge], origin: str) -> set[str]:
    found, waiting = {origin}, [origin]
    while waiting:
        here = waiting.pop()
        for edge in edges:
            if edge.source == here and edge.target not in found:
                found.add(edge.target)
                waiting.append(edge.target)
    return found


def _widest_path(
    edges: Sequence[Edge], origins: set[str], target: str, place: dict[str, int]
) -> list[Edge]:
    """The path from any origin whose narrowest edge is widest; empty when there is none."""
    if target in origins:
        return []
    leaving: dict[str, list[Edge]] = {}
    for edge in edges:
        leaving.setdefault(edge.source, []).append(edge)
    found = count()  # of two paths that are equally wide and long, the one found first
    heap: list[tuple[int, int, int, int, str, tuple[Edge, ...]]] = [
        (-_LAST, 0, place[name], next(found), name, ())
        for name in sorted(origins, key=place.__getitem__)
    ]
    heapq.heapify(heap)
    seen: set[str] = set()
    while heap:
        width, hops, _, _, here, path = heapq.heappop(heap)
        if here == target:
            return list(path)
        if here in seen:
            continue
        seen.add(here)
        for edge in leaving.get(here, []):
            step = (max(width, -edge.occurrences), hops + 1, place[edge.target], next(found))
            heapq.heappush(heap, (*step, edge.target, (*path, edge)))
    return []
