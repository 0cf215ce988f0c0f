"""The portfolio: every improvement with its verdict, what they gave, and which verdicts changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.evidence import (
    checks_of,
    gain_sentence,
    measured_words,
    portfolio_finding,
    reason_sentence,
)
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import card_file
from dashboards.text import Text
from dashboards.views import Cell, Table, plain


@dataclass(frozen=True)
class Portfolio:
    """All improvements together, for the council that asked."""

    finding: str
    method: str
    table: Table | None
    gains: Sequence[str]
    changes: Table | None


def portfolio_of(marts: Marts, kpis: Kpis, text: Text) -> Portfolio:
    rows = marts.rows("improvement_evidence")
    register = {item["improvement"]: item for item in marts.rows("improvements")}
    gains = [
        f"{text.of(register[row['improvement']])}: {words}"
        for row in rows
        if (words := _gain(row, register, kpis, text))
    ]
    return Portfolio(
        portfolio_finding(marts, text),
        text("portfolio.method", rule=rows[0]["rule"]) if rows else "",
        _verdict_table(rows, register, marts, kpis, text),
        gains,
        _change_table(marts, register, text),
    )


def _gain(row: Record, register: dict[str, Record], kpis: Kpis, text: Text) -> str:
    definition, cost = kpis.definitions.get(row["definition"]), register[row["improvement"]]
    return gain_sentence(row, definition, cost["cost_eur"], text)


def _verdict_table(
    rows: Sequence[Record], register: dict[str, Record], marts: Marts, kpis: Kpis, text: Text
) -> Table | None:
    if not rows:
        return None
    journeys = {row["journey"]: text.of(row) for row in marts.rows("journeys")}
    columns = (
        *("improvement", "journey", "went_live", "cost", "expected", "measured", "verdict"),
        "reason",
    )
    cells = []
    for row in rows:
        item = register[row["improvement"]]
        cost = item["cost_eur"]
        wish = text.change(float(row["expected"]), row["expected_unit"])
        cells.append(
            [
                Cell(text.of(item), href=card_file(text.language, row["improvement"])),
                plain(journeys.get(item["journey"], item["journey"])),
                plain(text.date(item["went_live_on"])),
                plain(text("value.unknown")) if cost is None else Cell(text.euro(cost), cost),
                plain(f"{kpis.name(row['definition'], text)}: {wish}"),
                Cell(measured_words(row, text), row["effect"]),
                plain(text(f"verdict.{row['verdict']}")),
                plain(reason_sentence(row, checks_of(marts, row), text)),
            ]
        )
    head = [text(f"column.{name}") for name in columns]
    return Table(text("portfolio.caption"), head, cells, frozenset({3}))


def _change_table(marts: Marts, register: dict[str, Record], text: Text) -> Table | None:
    rows = [
        [
            plain(row["publication"]),
            plain(_register_name(register, row["improvement"], text)),
            plain(text(f"verdict.{row['was']}")),
            plain(text(f"verdict.{row['became']}")),
            plain(text(f"cause.{row['cause']}")),
        ]
        for row in marts.rows("verdict_changes")
    ]
    columns = ("publication", "improvement", "was", "became", "cause")
    head = [text(f"column.{name}") for name in columns]
    return Table(text("portfolio.changed"), head, rows) if rows else None


def _register_name(register: dict[str, Record], improvement: str, text: Text) -> str:
    """Its name, or its identifier where it is no longer in the register."""
    found = register.get(improvement)
    return text.of(found) if found else improvement
