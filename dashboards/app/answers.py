"""What a view is answered with: tiles, charts and tables, in words and numbers, ready to show.

What belongs here: which parts a page has. What does not: a part itself (`breakdown.py`, `trend.py`,
`steps.py` and the charts of the site), and components (`layout.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboards.app.address import Unknown, View, address_of, chosen_segments
from dashboards.app.breakdown import (
    handovers_with,
    headline_table,
    journey_table,
    segment_tables,
)
from dashboards.app.extra import more_charts
from dashboards.app.periods import (
    Period,
    compared,
    figures_over,
    overlap,
    period_words,
    periods_of,
    pooled_cell,
    pooled_notes,
    year_before,
)
from dashboards.app.pooling import Pooled
from dashboards.app.reader import Run
from dashboards.app.selection import NoSlice, Slice, slice_of
from dashboards.app.steps import Walk, walk_of
from dashboards.app.trend import trend_chart
from dashboards.kpis import Kpis
from dashboards.marts import Record
from dashboards.text import Text
from dashboards.tiles import tile_of
from dashboards.views import Cell, Chart, Table, Tile, sentence


@dataclass(frozen=True)
class Answer:
    """All that a page shows for one view, in reading order; `earlier` are the words and the address
    of the comparison with a year before."""

    title: str
    finding: str
    earlier: tuple[str, str] | None = None
    notices: Sequence[str] = ()
    missing: str | None = None
    tiles: Sequence[Tile] = ()
    charts: Sequence[Chart] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    more: Sequence[Chart] = ()
    walk: Walk | None = None

    def all_tables(self) -> dict[str, Table]:
        """Every table of the page by its name, those of charts and of the process included."""
        charts = {c.anchor.split("-")[0]: c.table for c in (*self.charts, *self.more)}
        walked = self.walk.tables() if self.walk else {}
        return {**self.tables, **charts, **walked}


def answer(run: Run, view: View, unknown: Sequence[Unknown], text: Text) -> Answer:
    """What the run has to say to a view."""
    choices = run.choices
    asked = slice_of(view, choices)
    period, other = periods_of(view)
    title = _title(run, view, text)
    notices = [text("app.unknown", name=text(f"app.{u.name}"), value=u.value) for u in unknown]
    if other is not None:
        shared = overlap(period, other, choices)
        notices += [text.count("app.overlap", shared)] if shared else []
        notices.append(text("app.no_proof"))
    if isinstance(asked, NoSlice):
        why = text(f"app.{asked.reason}")
        said = text("app.no_figures", what=_combination(run, view, text))
        tables = handovers_with(run, view, text)
        return Answer(title, "", notices=notices, missing=sentence(said, why), tables=tables)
    chosen = chosen_definition(view, run)
    charts, tables = _own(run, view, asked, chosen, text)
    tiles = _tiles(run, asked, period, other, chosen, text)
    has_any = charts or tables or any(tile.value.raw is not None for tile in tiles)
    if not has_any and asked.segment_kind != "all":
        said = text("app.no_figures", what=_combination(run, view, text))
        said = sentence(said, text("app.not_published"))
        return Answer(title, "", notices=notices, missing=said)
    said = text("app.finding", period=period_words(period, choices, text))
    return Answer(
        title=title,
        finding=said if tiles else sentence(said, text("app.not_pooled")),
        earlier=_earlier(run, view, text),
        notices=notices,
        tiles=tiles,
        charts=charts,
        tables=tables,
        more=more_charts(run, asked, period, text),
        walk=walk_of(run, view, text) if view.journey is not None else None,
    )


def _earlier(run: Run, view: View, text: Text) -> tuple[str, str] | None:
    """The view beside the same months a year before, where those are known and not yet shown."""
    period, other = periods_of(view)
    before = year_before(period, run.choices)
    if before is None or before == other:
        return None
    compared_view = view.but(with_first=before.first, with_last=before.last)
    return text("app.year_before"), address_of(compared_view)


def chosen_definition(view: View, run: Run) -> Record:
    """The definition that charts and tables show: the chosen one, else a headline that adds up."""
    definitions = run.choices.definitions
    if view.kpi is not None:
        return definitions[view.kpi]
    headlines = headlines_of(run)
    adding = [d for d in headlines if d["definition"] in run.choices.adds]
    return (adding or headlines or list(definitions.values()))[0]


def headlines_of(run: Run) -> list[Record]:
    """The headline definitions of a run, in the site's order."""
    return Kpis(dict(run.choices.definitions), {}, ()).headlines()


def _own(
    run: Run, view: View, asked: Slice, chosen: Record, text: Text
) -> tuple[list[Chart], dict[str, Table]]:
    """The trend and the breakdown of the chosen definition."""
    period, other = periods_of(view)
    trend = trend_chart(run, asked, chosen, (period, other), text)
    tables: dict[str, Table] = {}
    if view.journey is None:
        tables["headlines"] = headline_table(run, view, headlines_of(run), text)
        if found := journey_table(run, view, chosen, text):
            tables["journeys"] = found
    if asked.segment_kind == "all":
        tables |= segment_tables(run, view, asked, chosen, text)
    return [trend] if trend else [], tables


def _tiles(
    run: Run, asked: Slice, period: Period, other: Period | None, chosen: Record, text: Text
) -> list[Tile]:
    """A tile per headline that the slice has, the chosen definition first where it is another."""
    choices = run.choices
    headlines = headlines_of(run)
    shown = [d for d in headlines if d["definition"] != chosen["definition"]]
    names = [d["definition"] for d in (chosen, *shown)]
    now = figures_over(run, asked, period, names)
    then = figures_over(run, asked, other, names) if other else {}
    words = period_words(other, choices, text) if other else ""
    tiles = []
    for definition in (chosen, *shown):
        name = definition["definition"]
        is_absent = now[name].way == "nothing" and not now[name].withheld
        if is_absent and (asked.journey == "all" or definition is not chosen):
            continue
        tile = _tile(run, asked, definition, now[name], text)
        if name in then:
            line = compared(then[name], now[name], definition["unit"], words, text)
            tile = replace(tile, lines=[*tile.lines, line])
        tiles.append(tile)
    return tiles


def _tile(run: Run, asked: Slice, definition: Record, pooled: Pooled, text: Text) -> Tile:
    """The site's tile, with what is special to a figure over some months."""
    name = definition["definition"]
    row = pooled.row
    figures = {(asked.journey, name, "all", "all"): [row]} if row is not None else {}
    kpis = Kpis(dict(run.choices.definitions), figures, run.marts.rows("norms"))
    tile = tile_of(asked.journey, definition, kpis, text)
    notes = pooled_notes(pooled, text)
    if row is None or row["value"] is None:
        cell = pooled_cell(pooled, definition["unit"], text)
        return replace(tile, value=Cell(cell.words), lines=notes or [text("app.nothing")])
    return replace(tile, lines=[*tile.lines, *notes])


def _title(run: Run, view: View, text: Text) -> str:
    choices = run.choices
    if view.journey is not None:
        name = text.of(choices.journeys[view.journey])
    elif view.formula is not None:
        formula = text.of(choices.formulas[view.formula], "formula") or view.formula
        name = text("app.formula_title", name=formula)
    else:
        name = text("app.all_journeys")
    return ", ".join([name, *(segment for _, segment in chosen_segments(view))])


def _combination(run: Run, view: View, text: Text) -> str:
    """The chosen filters in words: `klantreis Paspoort, kanaal balie`."""
    parts = []
    if view.journey is not None:
        parts.append(f"{text('app.journey')} {text.of(run.choices.journeys[view.journey])}")
    if view.formula is not None:
        name = text.of(run.choices.formulas[view.formula], "formula") or view.formula
        parts.append(f"{text('app.formula')} {name}")
    parts += [f"{text(f'app.{kind}')} {name}" for kind, name in chosen_segments(view)]
    return ", ".join(part[:1].lower() + part[1:] for part in parts)


def about(run: Run, view: View) -> dict[str, str]:
    """What a file of figures must say of itself: the run, the filter, the definition, its hash."""
    chosen = chosen_definition(view, run)
    return {
        "run": run.marts.manifest.run,
        "view": address_of(view),
        "definition": chosen["definition"],
        "definition_hash": chosen["definition_hash"],
    }
