"""Where the time of cases goes: the stretches that take the most days, how fast they went in each
month, and what lies waiting.

What belongs here: charts, tables and findings from `bottlenecks`, `performance_spectrum`,
`activity_queues`. What does not: counting, and work in progress (`under_way.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.figure_parts import MONTHS_AXIS, Figure, layout_of
from dashboards.marts import Marts, Record
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text
from dashboards.under_way import under_way_chart
from dashboards.views import Chart, Table, number_cell, plain, value_cell

_SHOWN = 8
_QUARTERS = (1, 2, 3, 4)
_FEWEST_WAITING = 5
_RHYTHM = 40.0
"""Percent of the work on one weekday, from which that is worth telling."""


@dataclass(frozen=True)
class Waiting:
    """The section on time of one journey."""

    finding: str
    table: Table | None
    charts: Sequence[Chart]
    queues: Sequence[str]


def waiting_of(journey: Record, marts: Marts, text: Text) -> Waiting:
    key = journey["journey"]
    rows = [row for row in marts.rows("bottlenecks", journey=key) if not row["is_withheld"]]
    rows = sorted(rows, key=lambda row: int(row["rank"]))
    charts = [
        _spectrum(journey, marts.rows("performance_spectrum", journey=key), text),
        under_way_chart(journey, marts, text),
    ]
    return Waiting(
        _finding(rows, text),
        _table(rows[:_SHOWN], text),
        [chart for chart in charts if chart],
        _queue_lines(marts.rows("activity_queues", journey=key), text),
    )


def _finding(rows: Sequence[Record], text: Text) -> str:
    if not rows or rows[0]["share"] is None:
        return text("waiting.none")
    first = rows[0]
    return text(
        "waiting.finding",
        share=text.percent(first["share"], 0),
        first=first["from_activity"],
        second=first["to_activity"],
        median=text.value(first["median_days"], "days"),
        days=text.number(first["total_days"]),
    )


def _table(rows: Sequence[Record], text: Text) -> Table | None:
    if not rows:
        return None
    cells = [
        [
            plain(row["from_activity"]),
            plain(row["to_activity"]),
            number_cell(row["occurrences"], text),
            number_cell(row["total_days"], text),
            value_cell(row["share"], "percent", text),
            value_cell(row["median_days"], "days", text),
            value_cell(row["p90_days"], "days", text),
            number_cell(row["median_working_days"], text, digits=1),
            number_cell(row["slow_days"], text),
            value_cell(row["handoff_share"], "percent", text),
        ]
        for row in rows
    ]
    columns = (
        *("from", "to", "occurrences", "total_days", "share_of_time", "median", "p90"),
        *("median_working", "slow_days", "handoff_share"),
    )
    head = [text(f"column.{name}") for name in columns]
    return Table(text("waiting.table"), head, cells, frozenset(range(2, 10)))


def _queue_lines(rows: Sequence[Record], text: Text) -> list[str]:
    """What lies waiting now, the longest line first; and work that is kept for one day."""
    waiting = [r for r in rows if (r["waiting_cases"] or 0) >= _FEWEST_WAITING]
    waiting.sort(key=lambda row: (-row["waiting_cases"], row["activity"]))
    lines = [
        text(
            "waiting.queue",
            n=text.number(row["waiting_cases"]),
            activity=row["activity"],
            days=value_cell(row["waiting_median_days"], "days", text).words,
        )
        for row in waiting[:3]
    ]
    for row in rows:
        if (row["busiest_weekday_share"] or 0) >= _RHYTHM:
            day = text.weekdays("long")[row["busiest_weekday"] % 7]
            share = text.percent(row["busiest_weekday_share"], 0)
            lines.append(text("waiting.rhythm", activity=row["activity"], day=day, share=share))
    return lines


def _spectrum(journey: Record, rows: Sequence[Record], text: Text) -> Chart | None:
    """Of the stretch that takes the most days: fast and slow passages month by month."""
    worst = [row for row in rows if row["rank"] == 1]
    months = sorted({row["month"] for row in worst})
    if len(months) < 3:
        return None
    first, second = worst[0]["from_activity"], worst[0]["to_activity"]
    counts = {(row["month"], row["quarter"]): row["passages"] for row in worst}
    title = text("spectrum.title", first=first, second=second)
    head = [text("column.month"), *(text(f"quarter.{q}") for q in _QUARTERS)]
    cells = [
        [
            plain(text.month(month)),
            *(number_cell(counts.get((month, q), 0), text) for q in _QUARTERS),
        ]
        for month in months
    ]
    return Chart(
        anchor=f"spectrum-{journey['journey']}",
        title=title,
        finding=_spectrum_finding(months, counts, text),
        name=text("chart.name", title=title, journey=text.of(journey)),
        figure=_spectrum_figure(months, counts, text, TOKENS),
        table=Table(title, head, cells, frozenset({1, 2, 3, 4})),
        notes=[text("spectrum.note")],
    )


def _spectrum_finding(
    months: Sequence[date], counts: Mapping[tuple[date, int], int], text: Text
) -> str:
    """The share of slow passages in the first and in the last half of the months."""
    half = len(months) // 2
    shares = [_slow_share(part, counts) for part in (months[:half], months[half:])]
    if None in shares:
        return text("spectrum.few")
    first, second = (text.percent(share or 0.0, 0) for share in shares)
    return text("spectrum.finding", first=first, second=second, month=text.month(months[half]))


def _slow_share(months: Sequence[date], counts: Mapping[tuple[date, int], int]) -> float | None:
    slow = sum(counts.get((month, 4), 0) for month in months)
    everything = sum(counts.get((month, quarter), 0) for month in months for quarter in _QUARTERS)
    return 100.0 * slow / everything if everything else None


def _spectrum_figure(
    months: Sequence[date], counts: Mapping[tuple[date, int], int], text: Text, palette: Palette
) -> Figure:
    """Stacked bars, fast and light below, slow and dark above, each with its own hatching."""
    layout = layout_of(height=300)
    layout["barmode"] = "stack"
    layout["bargap"] = 0.15
    layout["showlegend"] = True
    layout["legend"] = {"orientation": "h", "y": -0.24, "yanchor": "top", "traceorder": "normal"}
    layout["xaxis"] |= MONTHS_AXIS
    layout["margin"] = {"b": 86}
    looks = (
        (palette.line, ""),
        (palette.quiet, "/"),
        (palette.soft, "x"),
        (palette.ink, ""),
    )
    data = [
        {
            "type": "bar",
            "name": text(f"quarter.{quarter}"),
            "x": [month.isoformat() for month in months],
            "y": [counts.get((month, quarter), 0) for month in months],
            "marker": {"color": colour, "pattern": {"shape": shape, "size": 5}},
            "hovertemplate": "%{x|%b %Y}: %{y}<extra>%{fullData.name}</extra>",
        }
        for quarter, (colour, shape) in zip(_QUARTERS, looks, strict=True)
    ]
    return {"data": data, "layout": layout}
