"""The page of an improvement: a card for each expectation, and what changed in the process.

What belongs here: what stands on them, in order. What does not: sentences (`evidence.py`) and
drawing (`evidence_figures.py`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.changes import Changes, changes_of
from dashboards.compared_map import ComparedMap, compared_map
from dashboards.control_figures import Entry, control_view
from dashboards.evidence import (
    checks_of,
    expectation_sentence,
    gain_sentence,
    measured_words,
    reason_sentence,
    traits_of,
)
from dashboards.evidence_figures import Level, levels_chart
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import card_file, definition_link
from dashboards.text import Text
from dashboards.views import Cell, Chart, Table, plain


@dataclass(frozen=True)
class Card:
    """Everything about one improvement and one of the effects that were expected of it."""

    anchor: str
    definition: Cell
    verdict: str
    verdict_words: str
    reason: str
    lines: Sequence[str]
    charts: Sequence[Chart]
    checks: Table
    analyses: Table | None
    definitions: Table | None
    placebos: str
    commands: Sequence[str]
    short_hash: str


@dataclass(frozen=True)
class ImprovementPage:
    """One improvement: where it belongs, and a card per expectation."""

    improvement: str
    file: str
    name: str
    facts: Sequence[str]
    cards: Sequence[Card]
    changes: Changes
    map: ComparedMap | None


def improvement_pages(marts: Marts, kpis: Kpis, text: Text) -> list[ImprovementPage]:
    """A page for each improvement that was judged, in the order of the register."""
    journeys = {row["journey"]: row for row in marts.rows("journeys")}
    pages = []
    for item in marts.rows("improvements"):
        rows = marts.rows("improvement_evidence", improvement=item["improvement"])
        if not rows:
            continue
        key, improvement = item["journey"], item["improvement"]
        journey = journeys.get(key)
        facts = [
            text.of(journey) if journey else key,
            f"{text('portfolio.went_live')} {text.date(item['went_live_on'])}",
            item["owner"] or "",
            text.euro(item["cost_eur"]) if item["cost_eur"] is not None else "",
        ]
        cards = [_card(row, item, marts, kpis, text) for row in rows]
        changed = marts.rows("process_changes", journey=key, comparison=improvement)
        pages.append(
            ImprovementPage(
                improvement,
                card_file(text.language, improvement),
                text.of(item),
                [fact for fact in facts if fact],
                cards,
                changes_of(changed, text),
                compared_map(journey, improvement, marts, text, "map") if journey else None,
            )
        )
    return pages


def _card(row: Record, item: Record, marts: Marts, kpis: Kpis, text: Text) -> Card:
    checks, analyses = checks_of(marts, row), _of(marts, "evidence_analyses", row)
    definition, improvement = row["definition"], row["improvement"]
    names = {other["improvement"]: text.of(other) for other in marts.rows("improvements")}
    lines = [
        expectation_sentence(row, kpis.definitions.get(definition), text),
        gain_sentence(row, kpis.definitions.get(definition), item["cost_eur"], text),
        _naive_line(row, kpis, text),
        _period_line(row, text),
    ]
    return Card(
        anchor=f"card-{improvement}-{definition}",
        definition=Cell(
            kpis.name(definition, text), href=definition_link(definition, text.language)
        ),
        verdict=row["verdict"],
        verdict_words=text(f"verdict.{row['verdict']}"),
        reason=reason_sentence(row, checks, text),
        lines=[line for line in lines if line],
        charts=[
            chart
            for chart in (
                _chart(row, item, marts, kpis, text),
                _control(row, item, marts, kpis, text),
            )
            if chart
        ],
        checks=_check_table(checks, names, text),
        analyses=_analysis_table(analyses, row | {"figure_unit": _unit(kpis, definition)}, text),
        definitions=_definition_table(analyses, row, kpis, text),
        placebos=_placebo_line(analyses, text),
        commands=[
            f"hartslag evidence {improvement}",
            f"hartslag explain {definition} --journey {item['journey']}",
        ],
        short_hash=(row["definition_hash"] or "")[:8],
    )


def _of(marts: Marts, table: str, row: Record) -> list[Record]:
    return marts.rows(table, improvement=row["improvement"], definition=row["definition"])


def _unit(kpis: Kpis, definition: str) -> str:
    found = kpis.definitions.get(definition)
    return str(found["unit"]) if found else ""


def _naive_line(row: Record, kpis: Kpis, text: Text) -> str:
    if row["naive_before"] is None:
        return ""
    unit = _unit(kpis, row["definition"])
    before, after = (text.value(float(row[f"naive_{side}"]), unit) for side in ("before", "after"))
    says = text(f"verdict.{row['naive_verdict']}")
    return text("portfolio.naive_line", before=before, after=after, says=says)


def _period_line(row: Record, text: Text) -> str:
    if row["last_month_after"] is None or row["items_before"] is None:
        return text("portfolio.period_none")
    months = {
        name: text.month(row[key])
        for name, key in (
            ("first", "first_month"),
            ("last_before", "last_month_before"),
            ("first_after", "first_month_after"),
            ("last_after", "last_month_after"),
        )
    }
    counts = {key: text.number(row[key]) for key in ("items_before", "items_after")}
    return text("portfolio.period", **months, **counts)


def _chart(row: Record, item: Record, marts: Marts, kpis: Kpis, text: Text) -> Chart | None:
    points = sorted(_of(marts, "evidence_points", row), key=lambda point: str(point["month"]))
    if len(points) < 3:
        return None
    is_difference = item["comparison"] not in (None, "null")
    unit = row["unit"] if is_difference else _unit(kpis, row["definition"])
    levels = [Level(p["month"], float(p["level"]), bool(p["is_after"])) for p in points]
    title = text("portfolio.points")
    cells = [
        [
            plain(text.month(level.month)),
            plain(text("portfolio.after" if level.is_after else "portfolio.before")),
            Cell(text.value(level.value, unit), level.value),
        ]
        for level in levels
    ]
    head = [text(f"column.{name}") for name in ("month", "side", "level")]
    return Chart(
        anchor=f"levels-{row['improvement']}-{row['definition']}",
        title=title,
        finding=_points_finding(is_difference, text),
        name=text("chart.name", title=title, journey=text.of(item)),
        figure=levels_chart(levels, item["went_live_on"], text.member("unit", unit), text),
        table=Table(title, head, cells, frozenset({2})),
    )


def _control(row: Record, item: Record, marts: Marts, kpis: Kpis, text: Text) -> Chart | None:
    key = {"journey": item["journey"], "definition": row["definition"]}
    charts = marts.rows("control_charts", **key)
    if not charts:
        return None
    points = sorted(marts.rows("control_points", **key), key=lambda point: str(point["month"]))
    unit = _unit(kpis, row["definition"])
    names = {other["improvement"]: text.of(other) for other in marts.rows("improvements")}
    entries = [
        Entry(names.get(row["improvement"], ""), row["month"], row["refusal"])
        for row in sorted(marts.rows("control_changes", **key), key=lambda row: str(row["month"]))
    ]
    return control_view(charts[0], points, entries, unit, text.of(item), text)


def _points_finding(is_difference: bool, text: Text) -> str:
    if is_difference:
        return text("portfolio.points_difference")
    return text("portfolio.points_finding")


def _check_table(checks: Sequence[Record], names: Mapping[str, str], text: Text) -> Table:
    rows = [
        [
            plain(text.member("check", check["check"])),
            plain(text("value.yes" if check["passed"] else "value.no")),
            plain(check_words(check, names, text)),
        ]
        for check in sorted(checks, key=lambda check: int(check["position"]))
    ]
    head = [text(f"column.{name}") for name in ("check", "outcome", "facts")]
    return Table(text("portfolio.checks"), head, rows)


def check_words(check: Record, names: Mapping[str, str], text: Text) -> str:
    """What a check found, in numbers; `names` are those of improvements."""
    facts: dict[str, Any] = json.loads(check["facts"])
    shares = {
        key: text.percent(100 * float(facts[key]), 0)
        for key in ("share", "ratio", "moved", "chance")
        if facts.get(key) is not None
    }
    others = [other for key in ("near", "others", "cut_by") for other in facts.get(key, [])]
    named = ", ".join(names.get(other, other) for other in dict.fromkeys(others))
    values = facts | shares | {"traits": traits_of(facts, text), "named": named}
    return text.member("check_facts", check["check"], **values)


def _analysis_table(analyses: Sequence[Record], row: Record, text: Text) -> Table | None:
    shown = [a for a in analyses if a["analysis"] not in ("placebo", "definition")]
    rows = [
        [
            plain(text.member("analysis", found["analysis"], detail=found["detail"])),
            *(_analysis_cell(found, key, row, text) for key in ("value", "lower", "upper")),
            plain(_p_words(found["p"], text)),
        ]
        for found in shown
    ]
    columns = ("method", "measured", "lower", "upper")
    head = [*(text(f"column.{name}") for name in columns), "p"]
    return Table(text("portfolio.analyses"), head, rows, frozenset({1, 2, 3, 4})) if rows else None


def _analysis_cell(found: Record, key: str, row: Record, text: Text) -> Cell:
    """A number in the unit of its method: the log-rank test has none."""
    value = found[key]
    if value is None:
        return plain("")
    units = {"log_rank": None, "restricted_mean": "days", "drawn_again": row["figure_unit"]}
    unit = units.get(found["analysis"], row["unit"])
    words = text.number(value, 1) if unit is None else text.change(value, unit)
    return Cell(words, float(value))


def _p_words(p: float | None, text: Text) -> str:
    if p is None:
        return ""
    return f"< {text.number(0.001, 3)}" if p < 0.001 else text.number(p, 3)


def _definition_table(
    analyses: Sequence[Record], row: Record, kpis: Kpis, text: Text
) -> Table | None:
    rows = [
        [
            Cell(
                kpis.name(found["detail"], text),
                href=definition_link(found["detail"], text.language),
            ),
            plain(measured_words({**found, "effect": found["value"], "unit": row["unit"]}, text)),
            plain(text(f"verdict.{found['verdict']}")),
        ]
        for found in analyses
        if found["analysis"] == "definition"
    ]
    head = [text(f"column.{name}") for name in ("definition", "measured", "verdict")]
    return Table(text("portfolio.definitions"), head, rows) if rows else None


def _placebo_line(analyses: Sequence[Record], text: Text) -> str:
    dates = [found for found in analyses if found["analysis"] == "placebo"]
    if not dates:
        return ""
    found = sum(each["p"] is not None and each["p"] < 0.05 for each in dates)
    return text("portfolio.placebos_finding", n=text.number(len(dates)), found=text.number(found))
