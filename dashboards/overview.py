"""The overview page: what is known per journey, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts import strip_chart, survival_chart, week_chart
from dashboards.evidence import portfolio_finding
from dashboards.kpis import Kpis
from dashboards.marts import Marts, Record
from dashboards.register import numbered_improvements
from dashboards.text import Text
from dashboards.tiles import finding_of, norm_table, tiles_of
from dashboards.views import Cell, Chart, Table, Tile, figure_cell, number_cell, plain, sentence

_WEEKS_SHOWN = 104
_WEEKS_SHOWN_OF_MANY = 20
_MANY_JOURNEYS = 4
_SEGMENT_KIND = "channel"


@dataclass(frozen=True)
class JourneySection:
    """One journey on the overview, in reading order."""

    anchor: str
    name: str
    finding: str
    facts: Sequence[str]
    tiles: Sequence[Tile]
    charts: Sequence[Chart]
    channels: Table | None
    norms: Table | None


def sections_of(marts: Marts, kpis: Kpis, text: Text) -> list[JourneySection]:
    """A section per journey, in published order."""
    journeys = marts.rows("journeys")
    weeks = _WEEKS_SHOWN if len(journeys) < _MANY_JOURNEYS else _WEEKS_SHOWN_OF_MANY
    improvements = numbered_improvements(marts)
    return [_section(row, marts, kpis, improvements, text, weeks) for row in journeys]


def _section(
    journey: Record,
    marts: Marts,
    kpis: Kpis,
    improvements: Sequence[Record],
    text: Text,
    weeks: int,
) -> JourneySection:
    key = journey["journey"]
    own = [item for item in improvements if item["journey"] == key]
    survival = marts.rows("survival", journey=key, cohort="all")
    charts = [
        strip_chart(journey, kpis, text),
        week_chart(journey, own, kpis, text, weeks),
        survival_chart(journey, survival, text),
    ]
    return JourneySection(
        anchor=f"journey-{key}",
        name=text.of(journey),
        finding=finding_of(key, kpis, text),
        facts=_facts(journey, text),
        tiles=tiles_of(key, kpis, text),
        charts=[chart for chart in charts if chart is not None],
        channels=_channel_table(key, kpis, text),
        norms=norm_table(key, kpis, text),
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


def summary_table(sections: Sequence[JourneySection], text: Text) -> Table | None:
    """All journeys in one look; None when there is only one."""
    if len(sections) < 2:
        return None
    titles = [tile.title for tile in sections[0].tiles]
    rows = [
        [Cell(section.name, href=f"#{section.anchor}"), *(tile.value for tile in section.tiles)]
        for section in sections
    ]
    numeric = frozenset(range(1, len(titles) + 1))
    return Table(text("overview.summary"), [text("column.journey"), *titles], rows, numeric)


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


def finding(sections: Sequence[JourneySection], marts: Marts, text: Text) -> str:
    """The first sentences of the page: what of the improvements worked, as far as that is known."""
    journeys = text.count("overview.journeys", len(sections))
    if not marts.rows("improvements"):
        return sentence(journeys, text("overview.no_improvements"))
    return sentence(portfolio_finding(marts, text), journeys)
