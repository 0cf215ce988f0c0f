"""The page of chain partners: time on their side, and handoffs with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.handovers import handover_table
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import definition_link, journey_file
from dashboards.text import Text
from dashboards.views import Cell, Table, figure_cell

_TIME = ("partner_time.until_answer.per_case", "partner_time.until_answer.share")


@dataclass(frozen=True)
class Partners:
    """What is known of chain partners, over all journeys."""

    finding: str
    times: Table | None
    handoffs: Sequence[Table]


def partners_of(marts: Marts, kpis: Kpis, text: Text) -> Partners:
    journeys = marts.rows("journeys")
    rows = [row for row in journeys if _known(row["journey"], kpis)]
    handoffs = []
    for journey in journeys:
        found = [
            row
            for row in marts.rows("handover_network", journey=journey["journey"], level="team")
            if not row["is_withheld"] and (row["from_is_partner"] or row["to_is_partner"])
        ]
        table = handover_table(found, text)
        if table is not None:
            caption = f"{text.of(journey)}: {table.caption}"
            handoffs.append(Table(caption, table.head, table.rows, table.numeric))
    return Partners(_finding(rows, kpis, text), _times(rows, kpis, text), handoffs)


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
