"""Draws a process map as SVG: numbers, names, counts and median times as real text.

The same rows give the same bytes, in any order. Colours are CSS classes (`assets/map.css`), so a
theme and dark mode reach the map; a standalone file carries that style sheet inside.
"""

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot, sqrt
from pathlib import Path

from dashboards.flow import END, START, Edge, Flow
from dashboards.map_layout import Point, Route, Size, main_steps, place
from dashboards.marts import Record
from dashboards.text import Text

Link = Callable[[str, str | None], str]
"""The address behind an activity, or behind the transition from one activity to another."""
_ASSETS = Path(__file__).parent / "assets"
_NODE_WIDTH, _LINE, _WRAP, _MOST_LINES = 184.0, 15.0, 25, 3
_CHARACTER = 7.0
_WIDE = 480.0
"""A wider map scrolls on a small screen rather than becoming too small to read."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Look:
    """What a map says of its parts: the words of an edge and of a node, and classes of the style
    sheet that tell more of them; `title` names the whole. With a `link`, activities and transitions
    are links, and the map is a group of them."""

    title: str
    description: str
    edge_words: Callable[[Edge], Sequence[str]]
    node_words: Callable[[Record], str]
    edge_kind: Callable[[Edge], str] = lambda edge: ""
    node_kind: Callable[[Record], str] = lambda row: ""
    link: Link | None = None


def plain_look(flow: Flow, name: str, text: Text) -> Look:
    """How often, and how long it takes; `name` is the journey's."""
    return Look(
        title=text("map.title", name=name),
        description=shown_of(flow, text),
        edge_words=lambda edge: _edge_words(edge, text),
        node_words=lambda row: _cases_of(row, text),
    )


def process_map(
    flow: Flow, look: Look, text: Text, prefix: str = "map", is_standalone: bool = False
) -> str:
    """The map as one `<svg>` element with a name and a description for assistive technology.

    `prefix` keeps the ids apart when a page holds several maps.
    """
    ends = {e.source for e in flow.edges} | {e.target for e in flow.edges}
    sizes: dict[str, Size] = {
        key: size for key, size in ((START, (22.0, 22.0)), (END, (40.0, 40.0))) if key in ends
    }
    sizes |= {row["activity"]: (_NODE_WIDTH, _height(row, flow)) for row in flow.activities}
    layout = place(flow, sizes, {e: _label_size(look.edge_words(e)) for e in flow.edges})
    widest = max((edge.occurrences for edge in flow.shown_edges), default=1)
    main = main_steps(flow)
    parts = []
    for edge in reversed(flow.edges):
        drawn = _edge(edge, layout.routes[edge], edge in main, widest, look)
        link = look.link if edge.is_real else None
        parts.append(_linked(drawn, edge.source, edge.target, link, text))
    parts += [_terminal(k, layout.nodes[k], text) for k in (START, END) if k in layout.nodes]
    for row in flow.activities:
        drawn = _node(row, flow, layout.nodes[row["activity"]], look)
        parts.append(_linked(drawn, row["activity"], None, look.link, text))
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    kind = "map wide" if layout.width > _WIDE else "map"
    role = "group" if look.link else "img"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="{role}" '
        f'aria-labelledby="{prefix}-title {prefix}-desc" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<title id="{prefix}-title">{_safe(look.title)}</title>'
        f'<desc id="{prefix}-desc">{_safe(look.description)}</desc>'
    )
    style = f"<style>{_standalone_style()}</style>" if is_standalone else ""
    return "\n".join([head + style, *parts, "</svg>"])


def shown_of(flow: Flow, text: Text) -> str:
    """How much of the flow the map shows and what it leaves out, in words."""
    said = [
        text(
            "map.shown",
            activities=text.count("map.activities", len(flow.activities)),
            edges=text.count("map.edges", len(flow.shown_edges)),
            share=text.percent(flow.share),
        )
    ]
    left_out = {
        "map.hidden_edges": flow.hidden_edges,
        "map.hidden_activities": flow.hidden_activities,
        "map.withheld_edges": flow.withheld_edges,
    }
    said += [text.count(key, number) for key, number in left_out.items() if number]
    return " ".join(said)


def _linked(drawn: str, source: str, target: str | None, link: Link | None, text: Text) -> str:
    """A part of the map as a link with a name of its own; unchanged where there are no links."""
    if link is None:
        return drawn
    name = source if target is None else text("map.transition", source=source, target=target)
    return f'<a href="{_safe(link(source, target))}" aria-label="{_safe(name)}">{drawn}</a>'


def _standalone_style() -> str:
    sheets = ("map-standalone.css", "map.css")
    return "".join((_ASSETS / sheet).read_text(encoding="utf-8") for sheet in sheets)


def _node(row: Record, flow: Flow, centre: Point, look: Look) -> str:
    (x, y), height = centre, _height(row, flow)
    lines, cases = _name_lines(row, flow), look.node_words(row)
    top = y - height / 2
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + 3 + _LINE * number:.1f}">{_safe(line)}</tspan>'
        for number, line in enumerate(lines, start=1)
    )
    kind = f"{'node main' if row['path_position'] else 'node'} {look.node_kind(row)}".strip()
    return (
        f'<g class="{kind}"><title>{_safe(row["activity"])}: {_safe(cases)}</title>'
        f'<rect x="{x - _NODE_WIDTH / 2:.1f}" y="{top:.1f}" '
        f'width="{_NODE_WIDTH:.0f}" height="{height:.0f}" rx="6"/>'
        f'<text class="name">{spans}</text>'
        f'<text class="small" x="{x:.1f}" y="{top + 3 + _LINE * (len(lines) + 1):.1f}">'
        f"{_safe(cases)}</text></g>"
    )


def _cases_of(row: Record, text: Text) -> str:
    """In how many cases, and how often where it is done again in some."""
    if row["is_withheld"] or row["cases"] is None:
        return text("value.withheld")
    cases = text.count("count.cases", row["cases"])
    if (row["occurrences"] or 0) <= row["cases"]:
        return cases
    return text("map.again", cases=cases, times=text.number(row["occurrences"]))


def _name_lines(row: Record, flow: Flow) -> list[str]:
    """The number of the activity and its name over at most three lines."""
    name = f"{flow.numbers[row['activity']]}. {_printable(row['activity'])}"
    return textwrap.wrap(name, _WRAP, max_lines=_MOST_LINES, placeholder=" …")


def _height(row: Record, flow: Flow) -> float:
    return _LINE * (len(_name_lines(row, flow)) + 1) + 10


def _terminal(key: str, centre: Point, text: Text) -> str:
    words = text("map.start") if key == START else text("map.end")
    x, y = centre
    # Edges come in from above and both sides, so the word of the end stands below it.
    at, place = (y, f'class="side" x="{x + 14:.1f}" y="{y + 4:.1f}"')
    if key == END:
        at, place = (y - 11, f'x="{x:.1f}" y="{y + 14:.1f}"')
    return (
        f'<g class="terminal"><title>{_safe(words)}</title>'
        f'<circle cx="{x:.1f}" cy="{at:.1f}" r="8"/><text {place}>{_safe(words)}</text></g>'
    )


def _edge(edge: Edge, route: Route, is_main: bool, widest: int, look: Look) -> str:
    start, *rest = route.points
    line = f"M{_at(start)}C{' '.join(_at(point) for point in rest)}"
    thickness = 1.0 + 5.0 * sqrt(min(edge.occurrences / widest, 1.0)) if edge.is_real else 1.2
    words = look.edge_words(edge)
    kind = f"{'edge main' if is_main else 'edge'} {look.edge_kind(edge)}".strip()
    x, y = route.label
    first = y - _LINE * len(words) / 2 + 11.5
    labels = "".join(
        f'<text class="{"small" if number else "often"}" x="{x:.1f}" '
        f'y="{first + _LINE * number:.1f}">{_safe(words[number])}</text>'
        for number in range(len(words))
    )
    return (
        f'<g class="{kind}">'
        f'<path d="{line}" stroke-width="{thickness:.1f}"/>'
        f'<polygon points="{_arrow(rest[-1], route.tip, thickness)}"/>{labels}</g>'
    )


def _edge_words(edge: Edge, text: Text) -> list[str]:
    """How often, and the median time it took."""
    words = [text.number(edge.occurrences)]
    return words if edge.median_s is None else [*words, text.duration(edge.median_s)]


def _label_size(words: Sequence[str]) -> Size:
    return max(map(len, words), default=0) * _CHARACTER + 6, _LINE * len(words) + 4


def _arrow(base: Point, tip: Point, thickness: float) -> str:
    """A triangle that ends in `tip`, a little wider than its line."""
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = hypot(dx, dy) or 1.0
    half = 3.0 + thickness / 2
    ox, oy = -dy / length * half, dx / length * half
    corners = [(base[0] + ox, base[1] + oy), tip, (base[0] - ox, base[1] - oy)]
    return " ".join(_at(corner) for corner in corners)


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _printable(words: str) -> str:
    return _UNPRINTABLE.sub(" ", words)


def _safe(words: str) -> str:
    return escape(_printable(words))
