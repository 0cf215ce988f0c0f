"""One definition beside itself: per journey, and per segment of a journey or formula."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboards.app.address import View, address_of
from dashboards.app.choices import SEGMENT_KINDS
from dashboards.app.periods import (
    count_cell,
    difference_cell,
    figures_over,
    period_words,
    periods_of,
    pooled_cell,
)
from dashboards.app.reader import Run
from dashboards.app.selection import Slice, journeys_of, slice_of
from dashboards.handovers import handover_table
from dashboards.marts import Record
from dashboards.text import Text
from dashboards.views import Cell, Table

_Row = tuple[Cell, Slice]


def journey_table(run: Run, view: View, definition: Record, text: Text) -> Table | None:
    """The definition for each journey that the view is about, in the segment that it cuts by."""
    rows = []
    for key in journeys_of(view, run.choices):
        narrowed = view.but(journey=key, formula=None)
        asked = slice_of(narrowed, run.choices)
        if isinstance(asked, Slice):
            name = text.of(run.choices.journeys[key])
            rows.append((Cell(name, href=address_of(narrowed)), asked))
    return _table(run, view, definition, text("column.journey"), rows, text)


def headline_table(run: Run, view: View, headlines: Sequence[Record], text: Text) -> Table:
    """All headline figures per journey in the period, as the site's overview has them over all."""
    period, _ = periods_of(view)
    names = [definition["definition"] for definition in headlines]
    rows = []
    for key in journeys_of(view, run.choices):
        narrowed = view.but(journey=key, formula=None)
        asked = slice_of(narrowed, run.choices)
        if isinstance(asked, Slice):
            found = figures_over(run, asked, period, names)
            label = Cell(text.of(run.choices.journeys[key]), href=address_of(narrowed))
            cells = [pooled_cell(found[d["definition"]], d["unit"], text) for d in headlines]
            rows.append([label, *cells])
    head = [text("column.journey"), *(text.member("kpi", d["kpi"]) for d in headlines)]
    caption = f"{text('app.headlines')}, {period_words(period, run.choices, text)}"
    return Table(caption, head, rows, frozenset(range(1, len(head))))


def segment_tables(
    run: Run, view: View, asked: Slice, definition: Record, text: Text
) -> dict[str, Table]:
    """A table per kind of segment that has this definition, by the kind's name."""
    found = {}
    for kind in SEGMENT_KINDS:
        rows = []
        for name in run.choices.segments[kind]:
            href = address_of(view.but(**{kind: name}))
            rows.append((Cell(name, href=href), Slice(asked.journey, kind, name)))
        table = _table(run, view, definition, text(f"app.{kind}"), rows, text)
        if table is not None:
            found[kind] = table
    return found


def _table(
    run: Run, view: View, definition: Record, head: str, rows: Iterable[_Row], text: Text
) -> Table | None:
    """A row per slice that has anything to say; None when none has."""
    period, other = periods_of(view)
    name, unit = definition["definition"], definition["unit"]
    cells = []
    for label, asked in rows:
        now = figures_over(run, asked, period, [name])[name]
        if now.way == "nothing" and not now.withheld:
            continue
        line = [label, count_cell(now, text), pooled_cell(now, unit, text)]
        if other is not None:
            then = figures_over(run, asked, other, [name])[name]
            line.append(pooled_cell(then, unit, text))
            line.append(difference_cell(now, then, unit, text))
        cells.append(line)
    if not cells:
        return None
    heads = [head, text("app.counted")]
    heads.append(period_words(period, run.choices, text))
    if other is not None:
        heads += [period_words(other, run.choices, text), text("column.difference")]
    caption = text("app.per", name=text.of(definition), what=head[:1].lower() + head[1:])
    return Table(caption, heads, cells, frozenset(range(1, len(heads))))


def handovers_with(run: Run, view: View, text: Text) -> dict[str, Table]:
    """What went to and came from the chosen partner, a table per journey of the view."""
    found: dict[str, Table] = {}
    for key in journeys_of(view, run.choices):
        rows = [
            row
            for row in run.marts.rows("handover_network", journey=key, level="team")
            if not row["is_withheld"] and view.partner in (row["from_unit"], row["to_unit"])
        ]
        if table := handover_table(rows, text):
            name = text.of(run.choices.journeys[key])
            found[f"handovers-{key}"] = replace(table, caption=f"{name}: {table.caption}")
    return found
