"""The page of first contact: answered at once, by journey, channel and subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import definition_link
from dashboards.text import Text
from dashboards.views import Cell, Table, figure_cell, plain

_READINGS = (
    "first_contact.process.7d",
    "first_contact.settled.7d",
    "first_contact.registered.7d",
    "runaround.mean",
    "callbacks.kept.due",
)
_POOLED = "all"


@dataclass(frozen=True)
class FirstContact:
    """What residents meet when they ask something."""

    finding: str
    tables: Sequence[Table]


def first_contact_of(marts: Marts, kpis: Kpis, text: Text) -> FirstContact:
    names = [name for name in _READINGS if name in kpis.definitions]
    journeys = marts.rows("journeys")
    whole = {
        text.of(row): {name: kpis.whole(row["journey"], name) for name in names} for row in journeys
    }
    tables = [_table("journey", whole, names, kpis, text)]
    for kind in ("channel", "topic"):
        found: dict[str, dict[str, Record | None]] = {}
        for name in names:
            for segment, row in kpis.segments(_POOLED, name, kind).items():
                found.setdefault(segment, {})[name] = row
        ordered = dict(sorted(found.items(), key=lambda item: _size(item[1]), reverse=True))
        tables.append(_table(kind, ordered, names, kpis, text))
    return FirstContact(_finding(names, kpis, text), [table for table in tables if table])


def _size(rows: Mapping[str, Record | None]) -> int:
    return max((row["n"] or 0 for row in rows.values() if row), default=0)


def _finding(names: Sequence[str], kpis: Kpis, text: Text) -> str:
    row = kpis.whole(_POOLED, names[0]) if names else None
    if row is None or row["value"] is None:
        return text("first_contact.none")
    readings = [
        float(found["value"])
        for name in names
        if kpis.definitions[name]["unit"] == "percent"
        and name.startswith("first_contact.")
        and (found := kpis.whole(_POOLED, name))
        and found["value"] is not None
    ]
    low, high = text.percent(min(readings)), text.percent(max(readings))
    name = text.of(kpis.definitions[names[0]])
    value = text.percent(float(row["value"]))
    return text("first_contact.finding", value=value, name=name, low=low, high=high)


def _table(
    kind: str,
    rows: Mapping[str, Mapping[str, Record | None]],
    names: Sequence[str],
    kpis: Kpis,
    text: Text,
) -> Table | None:
    """A row per journey, channel or subject; a column per reading."""
    cells: list[list[Cell]] = [
        [
            plain(label),
            *(figure_cell(found.get(n), kpis.definitions[n]["unit"], text) for n in names),
        ]
        for label, found in rows.items()
        if any(found.get(name) for name in names)
    ]
    if not cells:
        return None
    head = [text(f"column.{kind}"), *(text.of(kpis.definitions[name]) for name in names)]
    links = {place: definition_link(name, text.language) for place, name in enumerate(names, 1)}
    return Table(text(f"contacts_by.{kind}"), head, cells, frozenset(range(1, len(head))), links)
