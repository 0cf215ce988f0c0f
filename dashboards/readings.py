"""The definitions page: what each reading of one question makes of the same data, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import kpi_file
from dashboards.text import Text
from dashboards.views import Cell, figure_cell


@dataclass(frozen=True)
class ReadingRow:
    """One journey under every reading; `dots` are places from 0 to 100 between the lowest and the
    highest value in the table, the headline marked."""

    journey: str
    cells: Sequence[Cell]
    difference: Cell
    dots: Sequence[tuple[float, bool]]


@dataclass(frozen=True)
class Readings:
    """All readings of one question, a column each."""

    anchor: str
    caption: str
    finding: str
    head: Sequence[Cell]
    rows: Sequence[ReadingRow]


@dataclass(frozen=True)
class DefinitionSection:
    """One KPI: its competing readings side by side, then each definition in words."""

    kpi: str
    file: str
    name: str
    readings: Sequence[Readings]
    definitions: Sequence[Record]


def definition_sections(marts: Marts, kpis: Kpis, text: Text) -> list[DefinitionSection]:
    """A section per KPI that was published, by the name of the KPI."""
    journeys = {row["journey"]: text.of(row) for row in marts.rows("journeys")}
    by_kpi = sorted(kpis.definitions.values(), key=lambda d: (d["kpi"], d["definition"]))
    return [
        _section(kpi, list(found), journeys, kpis, text)
        for kpi, found in groupby(by_kpi, key=lambda d: str(d["kpi"]))
    ]


def _section(
    kpi: str,
    definitions: Sequence[Record],
    journeys: Mapping[str, str],
    kpis: Kpis,
    text: Text,
) -> DefinitionSection:
    groups: dict[tuple[str, str], list[Record]] = {}
    for definition in definitions:
        if definition["competes"]:
            question = (definition["competes"], definition["unit"])
            groups.setdefault(question, []).append(definition)
    readings = [_readings(name, group, journeys, kpis, text) for (name, _), group in groups.items()]
    return DefinitionSection(
        kpi=kpi,
        file=kpi_file(text.language, kpi),
        name=text.member("kpi", kpi),
        readings=[found for found in readings if found is not None],
        definitions=definitions,
    )


def _readings(
    name: str,
    definitions: Sequence[Record],
    journeys: Mapping[str, str],
    kpis: Kpis,
    text: Text,
) -> Readings | None:
    """The table of one question; None where no journey has two readings to compare."""
    found = {
        journey: [kpis.whole(journey, d["definition"]) for d in definitions] for journey in journeys
    }
    values = {
        journey: [r["value"] for r in row if r and r["value"] is not None]
        for journey, row in found.items()
    }
    compared = {journey: row for journey, row in values.items() if len(row) > 1}
    if not compared:
        return None
    unit = definitions[0]["unit"]
    low = min(min(row) for row in compared.values())
    high = max(max(row) for row in compared.values())
    widest = max(compared, key=lambda journey: max(compared[journey]) - min(compared[journey]))
    rows = [
        ReadingRow(
            journey=journeys[journey],
            cells=[figure_cell(row, unit, text) for row in found[journey]],
            difference=_difference(compared[journey], unit, text),
            dots=[
                (_place(row["value"], low, high), bool(definition["is_headline"]))
                for row, definition in zip(found[journey], definitions, strict=True)
                if row and row["value"] is not None
            ],
        )
        for journey in compared
    ]
    return Readings(
        anchor=f"readings-{name}",
        caption=text.member("readings", name),
        finding=_finding(journeys[widest], compared[widest], unit, len(definitions), text),
        head=[Cell(text.of(d), href=f"#def-{d['definition']}") for d in definitions],
        rows=rows,
    )


def _difference(values: Sequence[float], unit: str, text: Text) -> Cell:
    return Cell(_span(max(values) - min(values), unit, text), raw=max(values) - min(values))


def _span(width: float, unit: str, text: Text) -> str:
    """A difference of shares is in points."""
    return text.quantity(width, "points", 1) if unit == "percent" else text.value(width, unit)


def _place(value: float, low: float, high: float) -> float:
    return 50.0 if high == low else round(100.0 * (value - low) / (high - low), 1)


def _finding(journey: str, values: Sequence[float], unit: str, n: int, text: Text) -> str:
    """How much the choice of definition decides, where it decides the most."""
    low, high = min(values), max(values)
    return text(
        "readings_finding.most" if high > low else "readings_finding.none",
        journey=journey,
        n=text.number(n),
        low=text.value(low, unit),
        high=text.value(high, unit),
        width=_span(high - low, unit, text),
    )
