"""What residents ask in a journey: answered at once, called back, or asking where it stands."""

from dataclasses import dataclass

from dashboards.kpis import Kpis
from dashboards.marts import Record
from dashboards.pages import definition_link
from dashboards.text import Text
from dashboards.views import Cell, Table, figure_cell, number_cell, plain, sentence

_SAID = ("first_contact.process.7d", "failure_demand.status.words", "callbacks.kept.due")
_SHOWN = (
    "contacts.inbound",
    "first_contact.process.7d",
    "first_contact.settled.7d",
    "failure_demand.status.words",
    "failure_demand.status.process",
    "failure_demand.per_case.words",
    "callbacks.promised",
    "callbacks.kept.due",
    "callbacks.time_to_done.median",
    "runaround.mean",
    "satisfaction.mean",
)


@dataclass(frozen=True)
class Asking:
    """The contacts of one journey; no table where none were seen."""

    finding: str
    table: Table | None


def asking_of(journey: str, kpis: Kpis, text: Text) -> Asking:
    known = [name for name in _SHOWN if name in kpis.definitions]
    found = {name: row for name in known if (row := kpis.whole(journey, name))}
    rows = [_row(name, row, kpis, text) for name, row in found.items()]
    head = [text(f"column.{name}") for name in ("definition", "measured", "counted", "counts")]
    table = Table(text("asking.table"), head, rows, frozenset({1, 2})) if rows else None
    return Asking(_finding(found, kpis, text), table)


def _row(name: str, row: Record, kpis: Kpis, text: Text) -> list[Cell]:
    definition = kpis.definitions[name]
    return [
        Cell(text.of(definition), href=definition_link(name, text.language)),
        figure_cell(row, definition["unit"], text),
        number_cell(row["n"], text, row["n"] is None),
        plain(text.member("counted_as", definition["counts"] or "cases")),
    ]


def _finding(found: dict[str, Record], kpis: Kpis, text: Text) -> str:
    """A sentence for each of the three that was measured."""
    said = [
        text.member("asking_said", name.split(".")[0], value=text.percent(float(value), 0))
        for name in _SAID
        if name in found and (value := found[name]["value"]) is not None
    ]
    return sentence(*said) or text("asking.none")
