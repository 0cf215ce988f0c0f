"""The page of chain partners: time on their side, and handoffs with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from dashboards.handovers import handover_drawing, handover_table
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import definition_link, journey_file
from dashboards.text import Text
from dashboards.views import Cell, Table, figure_cell

_TIME = ("partner_time.until_answer.per_case", "partner_time.until_answer.share")


@dataclass(frozen=True)
class JourneyPartners:
    """The handoffs of one journey to and from chain partners."""

    anchor: str
    name: Cell
    finding: str
    title: str
    drawing: Markup | None
    table: Table


@dataclass(frozen=True)
class Partners:
    """What is known of chain partners, over all journeys."""

    finding: str
    times: Table | None
    journeys: Sequence[JourneyPartners]


def partners_of(marts: Marts, kpis: Kpis, text: Text) -> Partners:
    journeys = marts.rows("journeys")
    rows = [row for row in journeys if _known(row["journey"], kpis)]
    found = (_of_journey(row, marts, text) for row in journeys)
    return Partners(
        _finding(rows, kpis, text),
        _times(rows, kpis, text),
        [each for each in found if each is not None],
    )


def _of_journey(journey: Record, marts: Marts, text: Text) -> JourneyPartners | None:
    key = journey["journey"]
    rows = [
        row
        for row in marts.rows("handover_network", journey=key, level="team")
        if not row["is_withheld"] and (row["from_is_partner"] or row["to_is_partner"])
    ]
    table = handover_table(rows, text)
    if table is None:
        return None
    name = text.of(journey)
    slowest = max(rows, key=lambda row: (row["total_days"] or 0.0, row["from_unit"]))
    finding = text(
        "partners.slowest",
        first=slowest["from_unit"],
        second=slowest["to_unit"],
        median=text.value(slowest["median_days"] or 0.0, "days"),
        days=text.number(slowest["total_days"] or 0.0),
    )
    return JourneyPartners(
        anchor=f"partners-{key}",
        name=Cell(name, href=journey_file(text.language, key)),
        finding=finding,
        title=text("handovers.title", name=name),
        drawing=handover_drawing(rows, name, finding, text, f"partners-{key}"),
        table=replace(table, caption=f"{name}: {table.caption}"),
    )


def _known(journey: str, kpis: Kpis) -> bool:
    row = kpis.whole(journey, _TIME[0])
    return row is not None and bool(row["value"])


def _finding(journeys: Sequence[Record], kpis: Kpis, text: Text) -> str:
    if not journeys:
        return text("partners.none")
    times = {row["journey"]: kpis.whole(row["journey"], _TIME[1]) for row in journeys}
    shares = [
        (float(found["value"]), text.of(row))
        for row in journeys
        if (found := times[row["journey"]]) and found["value"] is not None
    ]
    if not shares:
        return text("partners.none")
    share, name = max(shares)
    return text(
        "partners.finding", n=text.number(len(journeys)), name=name, share=text.percent(share, 0)
    )


def _times(journeys: Sequence[Record], kpis: Kpis, text: Text) -> Table | None:
    known = [name for name in _TIME if name in kpis.definitions]
    rows = [
        [
            Cell(text.of(row), href=journey_file(text.language, row["journey"])),
            *(
                figure_cell(kpis.whole(row["journey"], name), kpis.definitions[name]["unit"], text)
                for name in known
            ),
        ]
        for row in journeys
    ]
    head = [text("column.journey"), *(text.of(kpis.definitions[name]) for name in known)]
    links = {place: definition_link(name, text.language) for place, name in enumerate(known, 1)}
    numeric = frozenset(range(1, len(head)))
    return Table(text("partners.times"), head, rows, numeric, links) if rows else None
