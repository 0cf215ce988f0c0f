"""The map of one journey before and after an improvement: one layout, both numbers on every edge.

What belongs here: joining both sides into one flow, and which differences it marks. What does not:
drawing (`maps.py`), and which differences are clear (`process_changes`).

Shares of cases stand on the edges, so that a busier year is not taken for another way of working.
A clear change has a colour, a line style and a sign of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.flow import Edge, Flow, choose_flow
from dashboards.maps import Look, process_map
from dashboards.marts import Marts, Record
from dashboards.text import Text

_SHARE = 85.0
_PARTS_PER = 1000
_SIDES = ("before", "after")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Side:
    """One side of the comparison: rows by their edge or activity, and cases in all."""

    edges: Mapping[Pair, Record]
    activities: Mapping[str, Record]

    def share(self, row: Record | None) -> float | None:
        """Percent of the cases of this side; 0 where nobody did, None where it is withheld."""
        if row is None:
            return 0.0
        if row["is_withheld"] or not row["part_cases"] or row["cases"] is None:
            return None
        return float(min(100.0, 100.0 * row["cases"] / row["part_cases"]))


@dataclass(frozen=True)
class ComparedMap:
    """The drawing and what it shows; None of it where a side has no published cases."""

    svg: Markup
    shown: str


def compared_map(
    journey: Record, improvement: str, marts: Marts, text: Text, prefix: str
) -> ComparedMap | None:
    """Before and after one improvement, as far as both sides were published."""
    key = journey["journey"]
    before, after = (_side(marts, key, kind, improvement) for kind in _SIDES)
    if not before.edges or not after.edges:
        return None
    place = {
        r["activity"]: r["path_position"] for r in marts.rows("process_activities", journey=key)
    }
    flow = choose_flow(
        [_joined_activity(name, before, after, place) for name in sorted(place)],
        [
            _joined_edge(pair, before, after)
            for pair in sorted(before.edges.keys() | after.edges.keys())
        ],
        _SHARE,
    )
    if not flow.edges:
        return None
    clear = _clear(marts, key, improvement)
    look = _look(flow, journey, before, after, clear, text)
    drawn = process_map(flow, look, text, prefix)
    return ComparedMap(Markup(drawn), look.description)  # noqa: S704 (its texts are escaped)


def _side(marts: Marts, journey: str, kind: str, improvement: str) -> Side:
    keys = {"journey": journey, "part_kind": kind, "part": improvement}
    return Side(
        {
            (row["from_activity"], row["to_activity"]): row
            for row in marts.rows("process_edge_parts", **keys)
        },
        {row["activity"]: row for row in marts.rows("process_activity_parts", **keys)},
    )


def _joined_activity(
    name: str, before: Side, after: Side, place: Mapping[str, int | None]
) -> Record:
    def weight(column: str) -> int:
        return sum(_weight(side.activities.get(name), column) for side in (before, after))

    return {
        "activity": name,
        "cases": weight("cases"),
        "start_cases": weight("start_cases"),
        "end_cases": weight("end_cases"),
        "path_position": place[name],
        "is_withheld": False,
    }


def _joined_edge(pair: Pair, before: Side, after: Side) -> Record:
    weight = sum(_weight(side.edges.get(pair), "cases") for side in (before, after))
    return {
        "from_activity": pair[0],
        "to_activity": pair[1],
        "occurrences": weight or None,
        "median_s": None,
        "is_withheld": weight == 0,
    }


def _weight(row: Record | None, column: str) -> int:
    """Parts per thousand of the cases of the side, so that both sides weigh the same."""
    if row is None or not row["part_cases"] or row[column] is None:
        return 0
    return round(_PARTS_PER * float(row[column]) / float(row["part_cases"]))


def _clear(marts: Marts, journey: str, improvement: str) -> dict[tuple[str, Pair], Record]:
    """The clear differences of edges: how often they are taken, and how long they take."""
    rows = marts.rows("process_changes", journey=journey, comparison=improvement)
    return {
        (row["aspect"], (row["activity"], row["other_activity"])): row
        for row in rows
        if row["is_clear"] and row["aspect"] in ("edge", "edge_time")
    }


def _look(
    flow: Flow,
    journey: Record,
    before: Side,
    after: Side,
    clear: Mapping[tuple[str, Pair], Record],
    text: Text,
) -> Look:
    def edge_words(edge: Edge) -> Sequence[str]:
        if not edge.is_real:
            return []
        pair = edge.source, edge.target
        rows = before.edges.get(pair), after.edges.get(pair)
        shares = [side.share(row) for side, row in zip((before, after), rows, strict=True)]
        words = [_both([_share(share, text) for share in shares], clear.get(("edge", pair)))]
        times = [row["median_s"] for row in rows if row and row["median_s"] is not None]
        if len(times) == len(rows):
            told = [text.duration(time) for time in times]
            words.append(_both(told, clear.get(("edge_time", pair))))
        return words

    def edge_kind(edge: Edge) -> str:
        pair = edge.source, edge.target
        found = clear.get(("edge", pair)), clear.get(("edge_time", pair))
        names = (("more", "fewer"), ("slower", "faster"))
        return " ".join(
            name[0] if row["difference"] > 0 else name[1]
            for row, name in zip(found, names, strict=True)
            if row is not None
        )

    def node_words(row: Record) -> str:
        name = row["activity"]
        sides = before, after
        return _both([_share(side.share(side.activities.get(name)), text) for side in sides], None)

    changed = sum(bool(edge_kind(edge)) for edge in flow.shown_edges)
    return Look(
        title=text("compared.title", name=text.of(journey)),
        description=text(
            "compared.shown",
            edges=text.count("map.edges", len(flow.shown_edges)),
            changed=text.count("compared.changed", changed),
        ),
        edge_words=edge_words,
        node_words=node_words,
        edge_kind=edge_kind,
    )


def _share(share: float | None, text: Text) -> str:
    return text("value.withheld") if share is None else text.percent(share, 0)


def _both(words: Sequence[str], clear: Record | None) -> str:
    """`46 % → 33 %`, once where both are the same, with a sign where the change is clear."""
    first, second = words
    told = first if first == second and clear is None else f"{first} → {second}"
    if clear is None:
        return told
    return f"{told} {'▲' if clear['difference'] > 0 else '▼'}"
