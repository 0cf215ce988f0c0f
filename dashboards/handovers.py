"""Who works with whom: a drawing of handoffs between teams, and the time that cases lie between.

What belongs here: the network of one journey and of the chain partners. What does not: anything
about persons; the marts have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.flow import Edge, choose_flow
from dashboards.maps import Look, process_map
from dashboards.marts import Marts, Record
from dashboards.text import Text
from dashboards.views import Table, number_cell, plain, value_cell

_SHARE = 95.0


@dataclass(frozen=True)
class Handovers:
    """The section on handoffs of one journey."""

    finding: str
    drawing: Markup | None
    table: Table | None
    is_lower_bound: bool


def handovers_of(journey: Record, marts: Marts, text: Text, prefix: str) -> Handovers:
    """Handoffs between the teams of one journey, the busiest first."""
    rows = marts.rows("handover_network", journey=journey["journey"], level="team")
    shown = [row for row in rows if not row["is_withheld"]]
    shown.sort(key=lambda row: (-row["handoffs"], row["from_unit"], row["to_unit"]))
    finding = _finding(shown, text)
    return Handovers(
        finding,
        handover_drawing(shown, text.of(journey), finding, text, prefix),
        handover_table(shown, text),
        any(row["is_lower_bound"] for row in rows),
    )


def _finding(rows: Sequence[Record], text: Text) -> str:
    if not rows:
        return text("handovers.none")
    slowest = max(rows, key=lambda row: (row["total_days"] or 0.0, row["from_unit"]))
    found = text(
        "handovers.finding",
        first=slowest["from_unit"],
        second=slowest["to_unit"],
        days=text.number(slowest["total_days"] or 0.0),
        median=text.value(slowest["median_days"] or 0.0, "days"),
        n=text.number(slowest["handoffs"]),
    )
    back = sum(row["ping_pongs"] or 0 for row in rows)
    everything = sum(row["handoffs"] for row in rows)
    share = text.percent(100.0 * back / everything, 0) if everything else ""
    return f"{found} {text('handovers.ping_pong', share=share)}" if back else found


def handover_table(rows: Sequence[Record], text: Text) -> Table | None:
    """One row per pair of units; counts as they were published."""
    cells = [
        [
            plain(_unit(row, "from", text)),
            plain(_unit(row, "to", text)),
            number_cell(row["handoffs"], text),
            number_cell(row["cases"], text),
            number_cell(row["ping_pongs"], text),
            value_cell(row["median_days"], "days", text),
            number_cell(row["total_days"], text),
        ]
        for row in rows
    ]
    columns = ("from", "to", "handoffs", "cases", "ping_pongs", "median", "total_days")
    head = [text(f"column.{name}") for name in columns]
    return Table(text("handovers.table"), head, cells, frozenset(range(2, 7))) if rows else None


def _unit(row: Record, side: str, text: Text) -> str:
    name = str(row[f"{side}_unit"])
    return text("handovers.partner", name=name) if row[f"{side}_is_partner"] else name


def handover_drawing(
    rows: Sequence[Record], name: str, finding: str, text: Text, prefix: str
) -> Markup | None:
    """The units as boxes and their handoffs as arrows; `finding` is read instead of the picture.
    `prefix` keeps its marks apart from those of other pictures on the page."""
    partners = {
        row[f"{side}_unit"]: row[f"{side}_is_partner"] for row in rows for side in ("from", "to")
    }
    units = [
        {
            "activity": unit,
            "cases": sum(r["handoffs"] for r in rows if unit in (r["from_unit"], r["to_unit"])),
            "occurrences": 0,
            "start_cases": 0,
            "end_cases": 0,
            "path_position": None,
            "is_withheld": False,
        }
        for unit in sorted(partners)
    ]
    edges = [
        {
            "from_activity": row["from_unit"],
            "to_activity": row["to_unit"],
            "occurrences": row["handoffs"],
            "median_s": (row["median_days"] or 0.0) * 86_400.0,
            "is_withheld": False,
        }
        for row in rows
    ]
    flow = choose_flow(units, edges, _SHARE)
    if not flow.edges:
        return None

    def edge_words(edge: Edge) -> Sequence[str]:
        return [text.number(edge.occurrences), text.duration(edge.median_s or 0.0)]

    look = Look(
        title=text("handovers.title", name=name),
        description=finding,
        edge_words=edge_words,
        node_words=lambda row: text(
            "handovers.is_partner" if partners[row["activity"]] else "handovers.is_own"
        ),
        node_kind=lambda row: "partner" if partners[row["activity"]] else "",
    )
    return Markup(process_map(flow, look, text, prefix))  # noqa: S704 (its texts are escaped)
