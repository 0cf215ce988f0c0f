"""One definition month by month, with the chosen periods shaded. Records in, figure out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.app.periods import Period, first_day
from dashboards.app.reader import Run
from dashboards.app.selection import Slice
from dashboards.figure_parts import MONTHS_AXIS, Figure, layout_of, note, rounded, title
from dashboards.marts import Record
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text
from dashboards.views import Chart, Table, figure_cell, number_cell, plain, sentence, value_cell

_Periods = tuple[Period, Period | None]


@dataclass(frozen=True)
class Shade:
    """A period behind the dots; `end` is the first day after it, `letter` tells two apart."""

    letter: str
    start: date
    end: date


def trend_chart(
    run: Run, asked: Slice, definition: Record, periods: _Periods, text: Text
) -> Chart | None:
    """All published months of a slice; None where there is none with a figure."""
    rows = run.figures(asked, "month", definition["definition"])
    if not any(row["value"] is not None for row in rows):
        return None
    heading = text("app.trend", name=text.of(definition))
    notes = [text("app.trend_note")]
    if periods[1] is not None:
        notes.append(text("app.trend_shades"))
    return Chart(
        anchor="trend",
        title=heading,
        finding=_finding(rows, definition["unit"], text),
        name=text("app.chart_name", title=heading),
        figure=trend_figure(rows, definition["unit"], _shades(run, periods), text),
        table=_table(rows, definition, text),
        notes=notes,
    )


def trend_figure(
    rows: Sequence[Record],
    unit: str,
    shades: Sequence[Shade],
    text: Text,
    palette: Palette = TOKENS,
) -> Figure:
    """Filled dots on a line, hollow where provisional, a cross where withheld; thin bars are the
    95 percent interval."""
    layout = layout_of(height=340)
    layout["xaxis"] |= MONTHS_AXIS
    layout["yaxis"] |= {"domain": [0, 0.86], "rangemode": "tozero", "nticks": 6}
    layout["yaxis"] |= {"tickformat": ",~f", "automargin": True}
    layout["annotations"] = [title(text.member("unit", unit), 1.0), *map(_letter, shades)]
    layout["shapes"] = [_shape(shade, palette) for shade in shades]
    settled = [row["value"] if row["is_mature"] is not False else None for row in rows]
    young = [row["value"] if row["is_mature"] is False else None for row in rows]
    line = _points(rows, settled, unit, text, {"color": palette.accent, "size": 7})
    hollow = {"symbol": "circle-open", "color": palette.accent, "size": 9, "line": {"width": 2}}
    data = [
        line
        | {
            "mode": "lines+markers",
            "line": {"color": palette.accent, "width": 2},
            "error_y": _interval(rows, palette),
        }
    ]
    if any(value is not None for value in young):
        data.append(_points(rows, young, unit, text, hollow))
    if any(row["is_withheld"] for row in rows):
        data.append(_crosses([row for row in rows if row["is_withheld"]], text, palette))
    return {"data": data, "layout": layout}


def _shades(run: Run, periods: _Periods) -> list[Shade]:
    """The chosen periods; not one of all months, which needs no shade."""
    found = []
    for letter, period in zip("AB", periods, strict=True):
        months = run.choices.months_from(period.first, period.last) if period else []
        if months and len(months) < len(run.choices.months):
            last = first_day(months[-1])
            after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
            named = letter if periods[1] else ""
            found.append(Shade(named, first_day(months[0]), after))
    return found


def _shape(shade: Shade, palette: Palette) -> Figure:
    box = {"type": "rect", "yref": "paper", "y0": 0, "y1": 0.86, "layer": "below"}
    days = {"x0": shade.start.isoformat(), "x1": shade.end.isoformat()}
    is_other = shade.letter == "B"
    fill = {
        "fillcolor": palette.quiet if is_other else palette.accent,
        "opacity": 0.25 if is_other else 0.12,
        "line": {"width": 0},
    }
    return box | days | fill


def _letter(shade: Shade) -> Figure:
    place = {"x": shade.start.isoformat(), "yref": "paper", "y": 0.86}
    return note(shade.letter, **place, xanchor="left", yanchor="bottom")


def _points(
    rows: Sequence[Record], values: Sequence[float | None], unit: str, text: Text, marker: Figure
) -> Figure:
    words = [None if v is None else text.value(v, unit) for v in values]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["period_start"].isoformat() for row in rows],
        "y": [rounded(value) for value in values],
        "text": words,
        "marker": marker,
        "hovertemplate": "%{x|%b %Y}<br>%{text}<extra></extra>",
    }


def _interval(rows: Sequence[Record], palette: Palette) -> Figure:
    """From the lower to the upper end, where a settled month has them."""
    ends = [
        (None, None)
        if row["value"] is None or row["lower"] is None or row["upper"] is None
        else (row["upper"] - row["value"], row["value"] - row["lower"])
        for row in rows
    ]
    return {
        "type": "data",
        "symmetric": False,
        "array": [rounded(up) for up, _ in ends],
        "arrayminus": [rounded(down) for _, down in ends],
        "color": palette.quiet,
        "thickness": 1,
        "width": 0,
    }


def _crosses(rows: Sequence[Record], text: Text, palette: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [row["period_start"].isoformat() for row in rows],
        "y": [0] * len(rows),
        "marker": {"symbol": "x-thin-open", "size": 8, "color": palette.soft},
        "cliponaxis": False,
        "hovertemplate": f"%{{x|%b %Y}}<br>{text('value.withheld')}<extra></extra>",
    }


def _finding(rows: Sequence[Record], unit: str, text: Text) -> str:
    """The lowest and the highest settled month, and how many months are provisional or withheld."""
    known = [row for row in rows if row["value"] is not None and row["is_mature"] is not False]
    if not known:
        return text("app.trend_unsettled")
    low, high = (pick(known, key=lambda row: float(row["value"])) for pick in (min, max))
    said = text(
        "app.trend_finding",
        low=text.value(low["value"], unit),
        low_month=text.month(low["period_start"]),
        high=text.value(high["value"], unit),
        high_month=text.month(high["period_start"]),
    )
    young = sum(row["is_mature"] is False and not row["is_withheld"] for row in rows)
    hidden = sum(bool(row["is_withheld"]) for row in rows)
    return sentence(
        said,
        text.count("app.young", young) if young else "",
        text.count("app.hidden", hidden) if hidden else "",
    )


def _table(rows: Sequence[Record], definition: Record, text: Text) -> Table:
    unit = definition["unit"]
    cells = [
        [
            plain(text.month(row["period_start"])),
            number_cell(row["n"], text, row["n"] is None),
            figure_cell(row, unit, text),
            value_cell(row["lower"], unit, text) if row["lower"] is not None else plain("–"),
            value_cell(row["upper"], unit, text) if row["upper"] is not None else plain("–"),
            plain(_certainty(row, text)),
        ]
        for row in rows
    ]
    heads = ("column.month", "app.counted", "column.level", "column.lower", "column.upper")
    head = [text(key) for key in (*heads, "column.certainty")]
    return Table(text("app.trend", name=text.of(definition)), head, cells, frozenset({1, 2, 3, 4}))


def _certainty(row: Record, text: Text) -> str:
    return text("value.provisional" if row["is_mature"] is False else "value.settled")
