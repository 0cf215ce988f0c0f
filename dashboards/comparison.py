"""Municipalities side by side: a table per headline figure, with what chance can explain.

What belongs here: words for the rows of `transforms/side_by_side.py`. What does not: the limits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.kpis import HEADLINE_ORDER
from dashboards.marts import Marts, Record
from dashboards.standalone import inlined, standalone_environment
from dashboards.text import Language, Text
from dashboards.views import Cell, Table, figure_cell, plain

_MARKS = {"above": "▲", "below": "▼"}


@dataclass(frozen=True)
class Comparison:
    """One definition: what stands out, and a row per journey."""

    name: str
    finding: str
    table: Table


def comparison_html(
    rows: Sequence[Record], marts: Mapping[str, Marts], period: str, language: Language
) -> str:
    """The page as HTML that asks for no other file; `marts` are by the municipality's name."""
    text = Text(language)
    known = _definitions(marts)
    names = _places(marts, text)
    found = [
        _comparison(definition, [r for r in rows if r["definition"] == name], marts, names, text)
        for name, definition in known.items()
    ]
    return (
        standalone_environment()
        .get_template("comparison.html")
        .render(
            t=text,
            period=text("municipalities.all") if period == "all" else period,
            publications=_publications(marts, text),
            comparisons=[each for each in found if each is not None],
            **inlined(),
        )
    )


def _definitions(marts: Mapping[str, Marts]) -> dict[str, Record]:
    """The headline definitions that any of them published, in the site's order."""
    order = {kpi: place for place, kpi in enumerate(HEADLINE_ORDER)}
    found = {
        row["definition"]: row
        for each in marts.values()
        for row in each.rows("definitions", is_headline=True)
    }
    last = len(order)
    return dict(sorted(found.items(), key=lambda d: (order.get(d[1]["kpi"], last), d[0])))


def _places(marts: Mapping[str, Marts], text: Text) -> dict[tuple[str, str], str]:
    """Names of journeys, and of all journeys of a service formula, from who has them first."""
    names: dict[tuple[str, str], str] = {}
    for each in marts.values():
        for row in each.rows("journeys"):
            names.setdefault((row["journey"], "all"), text.of(row))
            formula = text.of(row, "formula") or row["service_formula"]
            whole = text("municipalities.formula", name=formula)
            names.setdefault(("all", row["service_formula"]), whole)
    return names


def _comparison(
    definition: Record,
    rows: Sequence[Record],
    marts: Mapping[str, Marts],
    names: Mapping[tuple[str, str], str],
    text: Text,
) -> Comparison | None:
    if not rows:
        return None
    places = dict.fromkeys((row["journey"], row["segment"]) for row in rows)
    slices = sorted(places, key=lambda place: place[0] == "all")  # journeys, then formulas
    cell_of = {(r["journey"], r["segment"], r["municipality"]): r for r in rows}
    lines = [
        [
            plain(names.get(place, " ".join(place))),
            *(_cell(cell_of.get((*place, name)), definition["unit"], text) for name in marts),
        ]
        for place in slices
    ]
    head = [text("column.journey"), *marts]
    name = text.of(definition)
    table = Table(name, head, lines, frozenset(range(1, len(head))))
    return Comparison(name, _finding(rows, text), table)


def _cell(row: Record | None, unit: str, text: Text) -> Cell:
    """The figure, a mark where chance does not explain its place, a star for other settings."""
    cell = figure_cell(row, unit, text)
    if row is None or cell.raw is None:
        return cell
    if not row["is_same_sql"]:
        return Cell(text("municipalities.other_sql"))
    mark, star = _MARKS.get(row["place"] or "", ""), "" if row["is_same_settings"] else "*"
    words = " ".join(part for part in (cell.words + star, mark) if part)
    return Cell(words, cell.raw)


def _finding(rows: Sequence[Record], text: Text) -> str:
    judged = [row for row in rows if row["place"]]
    if not judged:
        return text("municipalities.no_limits")
    outside = sum(row["place"] != "inside" for row in judged)
    return text("municipalities.finding", outside=text.none_or(outside), n=text.number(len(judged)))


def _publications(marts: Mapping[str, Marts], text: Text) -> Table:
    """Whose figures these are, of which run, until when."""
    rows = [
        [
            plain(name),
            plain(each.manifest.run),
            plain(text.through(each.manifest.data_until)),
            plain(each.manifest.disclosure_threshold),
        ]
        for name, each in marts.items()
    ]
    head = [
        text(f"column.{name}") for name in ("municipality", "publication", "until", "threshold")
    ]
    return Table(text("municipalities.publications"), head, rows, frozenset({3}))
