"""Places a process map with Graphviz (by pygraphviz): sizes in, coordinates out.

Graphviz gets numbers and box sizes only, never a name: so nothing from the data can be read as
its markup, and the picture does not depend on the fonts of the machine that made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.flow import END, START, Edge, Flow

Point = tuple[float, float]
Size = tuple[float, float]
_MARGIN = 6.0


@dataclass(frozen=True)
class Route:
    """Where an edge runs, in SVG units: Bezier points, the tip of its arrow, its label's centre."""

    points: list[Point]
    tip: Point
    label: Point


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes and the routes of the edges, with the size of the picture."""

    width: float
    height: float
    nodes: dict[str, Point]
    routes: dict[Edge, Route]


def main_steps(flow: Flow) -> set[Edge]:
    """The edges between neighbours in the most frequent variant."""
    position = {row["activity"]: row["path_position"] for row in flow.activities}
    return {
        edge
        for edge in flow.shown_edges
        if (here := position[edge.source]) and position[edge.target] == here + 1
    }


def place(flow: Flow, nodes: Mapping[str, Size], labels: Mapping[Edge, Size]) -> Layout:
    """Coordinates for boxes and labels of the given sizes (width, height in SVG units).

    `nodes` is keyed by activity, and by START and END when the flow has them. The order in which
    Graphviz sees them is the order of the flow, so that the same flow gives the same picture.
    """
    import pygraphviz  # heavy, and only a map needs it

    graph = pygraphviz.AGraph(directed=True, strict=False)
    graph.graph_attr.update(rankdir="TB", nodesep="0.35", ranksep="0.3")
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    keys = {START: "start", END: "end"} | {n: f"n{number}" for n, number in flow.numbers.items()}
    for name in (START, *(row["activity"] for row in flow.activities), END):
        if name in nodes:
            width, height = nodes[name]
            graph.add_node(keys[name], width=_inches(width), height=_inches(height))
    widest = max((edge.occurrences for edge in flow.edges), default=1)
    main = main_steps(flow)
    for number, edge in enumerate(flow.edges):
        weight = 1 + round(9 * edge.occurrences / widest) + (40 if edge in main else 0)
        ends = keys[edge.source], keys[edge.target]
        blank = _blank_label(labels[edge])
        graph.add_edge(*ends, key=f"e{number}", weight=str(weight), label=blank)
    graph.layout(prog="dot")
    return _read(graph, flow, {name: keys[name] for name in nodes})


def _blank_label(size: Size) -> str:
    """An empty table of the label's size: room to write in, without Graphviz measuring text."""
    width, height = size
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" '
        f'WIDTH="{width:.0f}" HEIGHT="{height:.0f}"><TR><TD></TD></TR></TABLE>>'
    )


def _read(graph: Any, flow: Flow, keys: dict[str, str]) -> Layout:
    """Graphviz counts upwards from the lower left; SVG downwards from the upper left."""
    left, bottom, right, top = map(float, graph.graph_attr["bb"].split(","))

    def turned(written: str) -> Point:
        x, y = map(float, written.split(","))
        return x - left + _MARGIN, top - y + _MARGIN

    nodes = {name: turned(graph.get_node(key).attr["pos"]) for name, key in keys.items()}
    routes: dict[Edge, Route] = {}
    for number, edge in enumerate(flow.edges):
        ends = keys[edge.source], keys[edge.target]
        attributes = graph.get_edge(*ends, key=f"e{number}").attr
        tip, *points = attributes["pos"].replace("\\\n", "").split()
        routes[edge] = Route(
            [turned(point) for point in points],
            turned(tip.removeprefix("e,")),
            turned(attributes["lp"]),
        )
    return Layout(right - left + 2 * _MARGIN, top - bottom + 2 * _MARGIN, nodes, routes)


def _inches(points: float) -> str:
    return f"{points / 72:.4f}"
