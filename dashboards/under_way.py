"""Work in progress: cases under way at the end of each week, in all and per phase."""

from collections.abc import Sequence
from datetime import date

from dashboards.figure_parts import MONTHS_AXIS, Figure, layout_of, rounded
from dashboards.marts import Marts, Record
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text
from dashboards.views import Cell, Chart, Table, plain

_WEEKS = 104
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def under_way_chart(journey: Record, marts: Marts, text: Text) -> Chart | None:
    """Cases under way at the end of each week, in all and per phase."""
    key = journey["journey"]
    rows = marts.rows("work_in_progress", journey=key)
    weeks = sorted({row["week_start"] for row in rows})[-_WEEKS:]
    if len(weeks) < 3:
        return None
    names = {row["phase"]: text.of(row) for row in marts.rows("phases", journey=key)}
    counts = {(row["phase"], row["week_start"]): row["cases"] for row in rows}
    phases = [p for p in names if any((p, week) in counts for week in weeks)]
    totals = {
        week: sum(count for (_, day), count in counts.items() if day == week) for week in weeks
    }
    title = text("under_way.title")
    lines = [(text("under_way.all"), [totals[week] for week in weeks])]
    lines += [(names[p], [counts.get((p, week), 0) for week in weeks]) for p in phases[:5]]
    head = [text("column.week_of"), *(name for name, _ in lines)]
    cells = [
        [plain(text.date(week)), *(Cell(text.number(v[place]), v[place]) for _, v in lines)]
        for place, week in enumerate(weeks)
    ][-26:]
    first, last = (totals[week] for week in (weeks[0], weeks[-1]))
    return Chart(
        anchor=f"underway-{key}",
        title=title,
        finding=text(
            "under_way.finding",
            last=text.number(last),
            week=text.date(weeks[-1]),
            first=text.number(first),
            since=text.date(weeks[0]),
        ),
        name=text("chart.name", title=title, journey=text.of(journey)),
        figure=_figure(weeks, lines, TOKENS),
        table=Table(title, head, cells, frozenset(range(1, len(head)))),
        notes=[text("under_way.note")],
    )


def _figure(
    weeks: Sequence[date], lines: Sequence[tuple[str, Sequence[int]]], palette: Palette
) -> Figure:
    layout = layout_of(height=300)
    layout["showlegend"] = True
    layout["legend"] = {"orientation": "h", "y": -0.24, "yanchor": "top"}
    layout["xaxis"] |= MONTHS_AXIS
    layout["yaxis"] |= {"rangemode": "tozero"}
    layout["margin"] = {"b": 86}
    colours = (palette.accent, palette.ink, palette.soft, palette.quiet)
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": [week.isoformat() for week in weeks],
            "y": [rounded(value) for value in values],
            "line": {
                "color": colours[min(place, len(colours) - 1)],
                "width": 2.5 if place == 0 else 1.5,
                "dash": _DASHES[place % len(_DASHES)],
            },
            "hovertemplate": "%{x|%-d %b %Y}: %{y}<extra>%{fullData.name}</extra>",
        }
        for place, (name, values) in enumerate(lines)
    ]
    return {"data": data, "layout": layout}
