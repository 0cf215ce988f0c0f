"""The pages of journeys: all of them by service formula, and one page for each.

What belongs here: what stands on them, in order. What does not: how the work goes (`process.py`)
and drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from dashboards.asking import Asking, asking_of
from dashboards.charts import (
    lead_time_definition,
    strip_chart,
    survival_chart,
    week_chart,
)
from dashboards.heartbeats import Heartbeat, heartbeat_of
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.pages import card_file, definition_link, journey_file
from dashboards.process import Process, process_of
from dashboards.register import numbered_improvements
from dashboards.sparklines import Point, sparkline
from dashboards.text import Text
from dashboards.tiles import finding_of, norm_table, tiles_of
from dashboards.views import Cell, Chart, Table, Tile, figure_cell, number_cell, plain

_WEEKS_SHOWN = 104
_SEGMENT_KIND = "channel"


@dataclass(frozen=True)
class JourneyPage:
    """One journey, in reading order."""

    journey: str
    file: str
    name: str
    finding: str
    facts: Sequence[str]
    tiles: Sequence[Tile]
    charts: Sequence[Chart]
    channels: Table | None
    norms: Table | None
    improvements: Table | None
    heartbeat: Heartbeat
    asking: Asking
    process: Process


@dataclass(frozen=True)
class JourneyTile:
    """One journey among the others: its headline lead time and how that went month by month."""

    name: str
    href: str
    value: Cell
    line: Markup
    facts: Sequence[str]


@dataclass(frozen=True)
class FormulaSection:
    """The journeys of one service formula, with what it promises."""

    anchor: str
    name: str
    finding: str
    tiles: Sequence[JourneyTile]
    table: Table


def journey_pages(marts: Marts, kpis: Kpis, text: Text) -> list[JourneyPage]:
    """A page per journey, in published order."""
    return [_page(row, marts, kpis, text) for row in marts.rows("journeys")]


def _page(journey: Record, marts: Marts, kpis: Kpis, text: Text) -> JourneyPage:
    key = journey["journey"]
    own = [item for item in numbered_improvements(marts) if item["journey"] == key]
    survival = marts.rows("survival", journey=key, cohort="all")
    charts = [
        strip_chart(journey, kpis, text),
        week_chart(journey, own, kpis, text, _WEEKS_SHOWN),
        survival_chart(journey, survival, text),
    ]
    return JourneyPage(
        journey=key,
        file=journey_file(text.language, key),
        name=text.of(journey),
        finding=finding_of(key, kpis, text),
        facts=_facts(journey, text),
        tiles=tiles_of(key, kpis, text),
        charts=[chart for chart in charts if chart is not None],
        channels=_channel_table(key, kpis, text),
        norms=norm_table(key, kpis, text),
        improvements=_improvement_table(own, marts, text),
        heartbeat=heartbeat_of(journey, marts, text),
        asking=asking_of(key, kpis, text),
        process=process_of(journey, marts, text),
    )


def _facts(journey: Record, text: Text) -> list[str]:
    """Size, first day, term and how the end of a case is known."""
    still_open = number_cell(journey["open_cases"], text, journey["open_cases"] is None).words
    cases = text.count("count.cases", journey["cases"])
    facts = [text("journey.size", cases=cases, open=still_open)]
    if journey["first_started_on"] is not None:
        facts.append(text("journey.first", date=text.date(journey["first_started_on"])))
    if journey["term_weeks"] is not None:
        basis = f" ({journey['legal_basis']})" if journey["legal_basis"] else ""
        facts.append(text("journey.term", weeks=text.number(journey["term_weeks"]), basis=basis))
    facts.append(text.member("end_basis", journey["end_basis"]))
    formula = text.of(journey, "formula")
    return [*facts, text("journey.formula", name=formula)] if formula else facts


def _improvement_table(items: Sequence[Record], marts: Marts, text: Text) -> Table | None:
    """What was done to this journey, and what came of it."""
    rows = []
    for item in items:
        verdicts = marts.rows("improvement_evidence", improvement=item["improvement"])
        words = "; ".join(dict.fromkeys(text(f"verdict.{row['verdict']}") for row in verdicts))
        href = card_file(text.language, item["improvement"]) if verdicts else None
        rows.append(
            [
                plain(item["mark"]),
                Cell(text.of(item), href=href),
                plain(text.date(item["went_live_on"])),
                plain(words or text("improvement.not_judged")),
            ]
        )
    head = [text(f"column.{name}") for name in ("mark", "improvement", "went_live", "verdict")]
    return Table(text("improvement.caption"), head, rows) if rows else None


def _channel_table(journey: str, kpis: Kpis, text: Text) -> Table | None:
    """The headline figures per channel, the busiest channel first; withheld ones say so."""
    headlines = kpis.headlines()
    found = [kpis.segments(journey, d["definition"], _SEGMENT_KIND) for d in headlines]
    channels = {name: 0 for figures in found for name in figures}
    for figures in found:
        for name, row in figures.items():
            channels[name] = max(channels[name], row["n"] or 0)
    if not channels:
        return None
    rows = [
        [plain(name)]
        + [
            figure_cell(figures.get(name), definition["unit"], text)
            for definition, figures in zip(headlines, found, strict=True)
        ]
        for name in sorted(channels, key=lambda name: (-channels[name], name))
    ]
    head = [text("column.channel"), *(text.member("kpi", d["kpi"]) for d in headlines)]
    return Table(text("channels.caption"), head, rows, frozenset(range(1, len(head))))


def journey_tiles(
    journeys: Sequence[Record], marts: Marts, kpis: Kpis, text: Text
) -> list[JourneyTile]:
    """Journeys in one look: months side by side, each journey on its own scale from zero."""
    return [_tile(row, marts, kpis, text) for row in journeys]


def _tile(journey: Record, marts: Marts, kpis: Kpis, text: Text) -> JourneyTile:
    key = journey["journey"]
    definition = lead_time_definition(key, kpis, "month")
    months = kpis.periods(key, definition, "month")
    unit = kpis.definitions[definition]["unit"] if definition in kpis.definitions else "days"
    points = [Point(m["value"], bool(m["is_mature"])) for m in months]
    lives = [i["went_live_on"] for i in marts.rows("improvements", journey=key)]
    starts = [m["period_start"] for m in months]
    marks = [starts.index(d.replace(day=1)) for d in lives if d.replace(day=1) in starts]
    name = text.of(journey)
    facts = [kpis.name(definition, text)]
    if months:
        first, last = (text.month(starts[place]) for place in (0, -1))
        facts.append(text("overview.months", first=first, last=last))
    if marks:
        facts.append(text.count("overview.marks", len(marks)))
    return JourneyTile(
        name=name,
        href=journey_file(text.language, key),
        value=figure_cell(kpis.whole(key, definition), unit, text),
        line=sparkline(points, marks, text("overview.line_name", name=name)),
        facts=facts,
    )


def formula_sections(marts: Marts, kpis: Kpis, text: Text) -> list[FormulaSection]:
    """The journeys by service formula, in published order."""
    groups: dict[str, list[Record]] = {}
    for row in marts.rows("journeys"):
        groups.setdefault(row["service_formula"] or "", []).append(row)
    return [_formula(name, rows, marts, kpis, text) for name, rows in groups.items()]


def _formula(
    formula: str, journeys: Sequence[Record], marts: Marts, kpis: Kpis, text: Text
) -> FormulaSection:
    name = text.of(journeys[0], "formula") or text("formula.none")
    return FormulaSection(
        anchor=f"formula-{formula or 'none'}",
        name=name,
        finding=_norms_finding(journeys, kpis, text),
        tiles=journey_tiles(journeys, marts, kpis, text),
        table=summary_table(journeys, name, kpis, text),
    )


def _norms_finding(journeys: Sequence[Record], kpis: Kpis, text: Text) -> str:
    """How many of the norms of these journeys are met."""
    lines = [
        norm
        for row in journeys
        for tile in tiles_of(row["journey"], kpis, text)
        for norm in tile.norms
        if norm.is_met is not None
    ]
    if not lines:
        return text("formula.no_norms")
    met = text.number(sum(bool(norm.is_met) for norm in lines))
    return text("formula.norms", met=met, n=text.number(len(lines)))


def summary_table(journeys: Sequence[Record], caption: str, kpis: Kpis, text: Text) -> Table:
    """The headline figures of each journey, a column each, with the way to its page."""
    headlines = kpis.headlines()
    rows = [
        [
            Cell(text.of(row), href=journey_file(text.language, row["journey"])),
            *(_with_norm(tile, text) for tile in tiles_of(row["journey"], kpis, text)),
        ]
        for row in journeys
    ]
    head = [text("column.journey"), *(text.member("kpi", d["kpi"]) for d in headlines)]
    numeric = frozenset(range(1, len(head)))
    links = {
        place: definition_link(d["definition"], text.language)
        for place, d in enumerate(headlines, 1)
    }
    return Table(caption, head, rows, numeric, links)


def _with_norm(tile: Tile, text: Text) -> Cell:
    """The figure, and whether it meets its norm; of several norms those that it misses."""
    missed = [norm.words for norm in tile.norms if norm.is_met is False]
    kept = [norm.words for norm in tile.norms if norm.is_met]
    if not missed and not kept:
        return tile.value
    key, norms = ("norm.missed", missed) if missed else ("norm.kept", kept)
    return replace(tile.value, words=text(key, value=tile.value.words, norm=", ".join(norms)))
