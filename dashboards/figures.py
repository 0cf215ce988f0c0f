"""Charts over time as Plotly figures: records in, {"data", "layout"} out. No query, no file.

A provisional point is hollow and a withheld one is a cross, so that colour is never the only
sign. Texts that come from the data are escaped, because Plotly reads markup in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.figure_parts import (
    MONTHS_AXIS,
    Figure,
    axis_name,
    label,
    layout_of,
    level,
    level_name,
    note,
    rounded,
    title,
    upright,
)
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text


@dataclass(frozen=True)
class Week:
    """Cases that started in one week (Monday on `start`). None is unknown or withheld.

    `lead_time_days` is the median of the cases that started in the week.
    """

    start: date
    opened: float | None
    lead_time_days: float | None
    is_mature: bool
    is_withheld: bool = False


@dataclass(frozen=True)
class Milestone:
    """A short mark (`A`) on the day an improvement went live; its name stands under the chart."""

    mark: str
    on: date


@dataclass(frozen=True)
class OpenShare:
    """Share of cases (percent) still open so many days after their start."""

    after_days: int
    percent: float | None


def weekly_chart(
    weeks: Sequence[Week],
    milestones: Sequence[Milestone],
    text: Text,
    palette: Palette = TOKENS,
    norm_days: float | None = None,
) -> Figure:
    """Median lead time per week of start above the number of cases started, on one time axis."""
    layout = layout_of(height=400)
    layout["xaxis"] |= MONTHS_AXIS | {"anchor": "y2"}
    layout["yaxis"] |= {"domain": [0.5, 0.93], "rangemode": "tozero", "nticks": 5}
    layout["yaxis2"] = layout["yaxis"] | {"domain": [0, 0.34]}
    layout["bargap"] = 0.25
    layout["annotations"] = [
        title(text("chart.lead_time_per_week"), 1.0),
        title(text("chart.opened_per_week"), 0.41),
        *(_milestone_mark(milestone, palette) for milestone in milestones),
    ]
    layout["shapes"] = [_milestone_line(milestone, palette) for milestone in milestones]
    if norm_days is not None:
        layout["shapes"].append(level(norm_days, palette))
        layout["annotations"].append(level_name(norm_days, text("chart.norm")))
    settled = [w.lead_time_days if w.is_mature else None for w in weeks]
    provisional = [None if w.is_mature else w.lead_time_days for w in weeks]
    data = [
        _line(weeks, settled, text, palette),
        _hollow(weeks, provisional, text, palette),
        _bars(weeks, text, palette),
    ]
    if any(w.is_withheld for w in weeks):
        data.append(_crosses([w.start for w in weeks if w.is_withheld], text, palette))
    return {"data": data, "layout": layout}


def open_chart(
    shares: Sequence[OpenShare],
    text: Text,
    palette: Palette = TOKENS,
    term_days: int | None = None,
) -> Figure:
    """How many of 100 cases are still open after so many days, with the term as a line."""
    layout = layout_of(height=300)
    layout["xaxis"] |= {"rangemode": "tozero", "nticks": 8, "ticksuffix": ""}
    layout["yaxis"] |= {"range": [0, 103], "tickvals": [0, 25, 50, 75, 100], "domain": [0, 0.9]}
    layout["annotations"] = [
        title(text("chart.still_open"), 1.0),
        axis_name(text("chart.days_after_start")),
    ]
    layout["margin"] = {"b": 52}
    if term_days is not None:
        layout["shapes"] = [upright(term_days, palette)]
        layout["annotations"].append(
            label(term_days, 0.9, text("chart.term", days=text.number(term_days)))
        )
    trace = {
        "type": "scatter",
        "mode": "lines",
        "x": [share.after_days for share in shares],
        "y": [rounded(share.percent) for share in shares],
        "line": {"shape": "hv", "color": palette.accent, "width": 2.5},
        "hovertemplate": text("chart.hover_open") + "<extra></extra>",
    }
    return {"data": [trace], "layout": layout}


def _line(weeks: Sequence[Week], values: Sequence[float | None], text: Text, p: Palette) -> Figure:
    return _points(weeks, values, text, {"color": p.accent, "size": 6}) | {
        "mode": "lines+markers",
        "line": {"color": p.accent, "width": 2},
    }


def _hollow(
    weeks: Sequence[Week], values: Sequence[float | None], text: Text, p: Palette
) -> Figure:
    marker = {"symbol": "circle-open", "color": p.accent, "size": 8, "line": {"width": 2}}
    trace = _points(weeks, values, text, marker)
    note = text("chart.provisional")
    return trace | {"hovertemplate": f"{text('chart.hover_days')}<br>{note}<extra></extra>"}


def _points(
    weeks: Sequence[Week], values: Sequence[float | None], text: Text, marker: Figure
) -> Figure:
    shown = [(w.start.isoformat(), rounded(v)) for w, v in zip(weeks, values, strict=True)]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [start for start, _ in shown],
        "y": [value for _, value in shown],
        "marker": marker,
        "hovertemplate": text("chart.hover_days") + "<extra></extra>",
    }


def _bars(weeks: Sequence[Week], text: Text, palette: Palette) -> Figure:
    return {
        "type": "bar",
        "x": [week.start.isoformat() for week in weeks],
        "y": [rounded(week.opened) for week in weeks],
        "yaxis": "y2",
        "marker": {"color": palette.quiet},
        "hovertemplate": text("chart.hover_cases") + "<extra></extra>",
    }


def _crosses(starts: Sequence[date], text: Text, palette: Palette) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [start.isoformat() for start in starts],
        "y": [0] * len(starts),
        "marker": {"symbol": "x-thin-open", "size": 7, "color": palette.soft},
        "cliponaxis": False,
        "hovertemplate": f"%{{x|%-d %b %Y}}<br>{text('value.withheld')}<extra></extra>",
    }


def _milestone_mark(milestone: Milestone, palette: Palette) -> Figure:
    boxed = {"bgcolor": palette.surface, "bordercolor": palette.ink, "borderpad": 3}
    place = {"x": milestone.on.isoformat(), "yref": "paper", "y": 0.93, "yanchor": "bottom"}
    return note(milestone.mark, **boxed, **place)


def _milestone_line(milestone: Milestone, palette: Palette) -> Figure:
    return upright(milestone.on.isoformat(), palette) | {"y1": 0.93}
