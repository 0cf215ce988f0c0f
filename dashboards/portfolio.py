"""The portfolio: every improvement with its verdict, what they gave, and which verdicts changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.evidence import (
    VERDICTS,
    checks_of,
    gain_sentence,
    portfolio_finding,
    reason_sentence,
)
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.method import MethodPhases, method_phases
from dashboards.pages import card_file
from dashboards.register import numbered_improvements, plan_table
from dashboards.text import Text
from dashboards.views import Cell, Table, plain


@dataclass(frozen=True)
class Reason:
    """Why one expectation was judged as it was."""

    name: Cell
    expected: str
    why: str


@dataclass(frozen=True)
class Reasons:
    """The expectations with the same verdict."""

    verdict: str
    heading: str
    lines: Sequence[Reason]


@dataclass(frozen=True)
class Portfolio:
    """All improvements together, for the council that asked."""

    finding: str
    method: str
    table: Table | None
    reasons: Sequence[Reasons]
    journeys: MethodPhases
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
        plan_table(marts, kpis, text),
        _reasons(rows, marts, kpis, text),
        method_phases(marts, text),
        gains,
        _change_table(marts, register, text),
    )


def _gain(row: Record, register: dict[str, Record], kpis: Kpis, text: Text) -> str:
    definition, cost = kpis.definitions.get(row["definition"]), register[row["improvement"]]
    return gain_sentence(row, definition, cost["cost_eur"], text)


def _reasons(rows: Sequence[Record], marts: Marts, kpis: Kpis, text: Text) -> list[Reasons]:
    """Why each verdict is as it is, by verdict; what was proven comes first."""
    register = {item["improvement"]: item for item in numbered_improvements(marts)}
    found = []
    for verdict in VERDICTS:
        lines = [
            Reason(
                name=Cell(
                    text.of(register[row["improvement"]]),
                    href=card_file(text.language, row["improvement"]),
                ),
                expected=kpis.name(row["definition"], text),
                why=reason_sentence(row, checks_of(marts, row), text),
            )
            for row in rows
            if row["verdict"] == verdict
        ]
        if lines:
            heading = text(f"verdict.{verdict}")
            found.append(Reasons(verdict, f"{heading[:1].upper()}{heading[1:]}", lines))
    return found


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
