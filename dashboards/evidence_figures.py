"""The chart on an evidence card: monthly levels before and after go-live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean

from dashboards.figure_parts import MONTHS_AXIS, Figure, label, layout_of, title, upright
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text


@dataclass(frozen=True)
class Level:
    """The level of one month, in the unit of its figure."""

    month: date
    value: float
    is_after: bool


def levels_chart(
    levels: Sequence[Level],
    went_live_on: date,
    unit: str,
    text: Text,
    palette: Palette = TOKENS,
) -> Figure:
    """Dots before and diamonds after, each side with its mean as a line."""
    layout = layout_of(height=320)
    layout["xaxis"] |= MONTHS_AXIS
    layout["yaxis"] |= {"domain": [0, 0.9], "nticks": 6}
    is_time = all(level.value >= 0 for level in levels)
    layout["yaxis"] |= {"rangemode": "tozero"} if is_time else {}
    layout["shapes"] = [upright(went_live_on.isoformat(), palette)]
    layout["annotations"] = [
        title(unit, 1.02),
        label(went_live_on.isoformat(), 0.9, text("portfolio.went_live")),
    ]
    data = []
    for is_after, symbol, color in (
        (False, "circle", palette.soft),
        (True, "diamond", palette.accent),
    ):
        side = [level for level in levels if level.is_after == is_after]
        if side:
            name = text("portfolio.after" if is_after else "portfolio.before")
            data += [_dots(side, name, symbol, color), _mean(side, color)]
    return {"data": data, "layout": layout}


def _dots(side: Sequence[Level], name: str, symbol: str, color: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [level.month.isoformat() for level in side],
        "y": [round(level.value, 2) for level in side],
        "marker": {"symbol": symbol, "size": 9, "color": color},
    }


def _mean(side: Sequence[Level], color: str) -> Figure:
    height = round(mean(level.value for level in side), 2)
    return {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "skip",
        "x": [side[0].month.isoformat(), side[-1].month.isoformat()],
        "y": [height, height],
        "line": {"color": color, "width": 2},
    }
