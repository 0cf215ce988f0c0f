"""The definition strip: one log, one measure, and what each of its definitions makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from dashboards.figure_parts import Figure, layout_of, rounded, row_name, upright
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text

_SYMBOLS = {"exact": "circle", "calendar": "square", "rolled": "diamond"}
_LEGEND_WIDTH = 34  # characters beside a symbol on a phone
_LABEL_SIDES = {"exact": "middle left", "calendar": "top center", "rolled": "middle right"}


@dataclass(frozen=True)
class Reading:
    """On time (percent) under one definition: who is counted, and how the term is read."""

    population: str
    comparison: str
    value: float | None
    is_headline: bool = False
    is_withheld: bool = False


def definition_strip(
    readings: Sequence[Reading], text: Text, palette: Palette = TOKENS, norm: float | None = None
) -> Figure:
    """On time under its competing definitions: a row per population, a shape per reading."""
    rows = list(dict.fromkeys(reading.population for reading in readings))
    height = {name: len(rows) - 1 - place for place, name in enumerate(rows)}
    known = [reading.value for reading in readings if reading.value is not None]
    layout = layout_of(height=126 + 84 * max(len(rows), 1))
    layout["showlegend"] = True
    layout["legend"] = {"orientation": "h", "x": 0, "y": -0.16, "yanchor": "top"}
    layout["margin"] = {"l": 20, "r": 20, "t": 12, "b": 80}
    layout["yaxis"] |= {"range": [-0.45, len(rows) - 0.25], "visible": False}
    layout["xaxis"] |= {"range": _span(known), "ticksuffix": " %", "nticks": 6}
    layout["annotations"] = [
        row_name(text.member("population", name), height[name]) for name in rows
    ]
    if norm is not None:
        layout["shapes"] = [upright(norm, palette)]
    comparisons = dict.fromkeys(reading.comparison for reading in readings)
    data = [
        _dots([r for r in readings if r.comparison == name], height, text, palette)
        for name in comparisons
    ]
    return {"data": data, "layout": layout}


def _dots(
    readings: Sequence[Reading], height: dict[str, int], text: Text, palette: Palette
) -> Figure:
    shown = [reading for reading in readings if reading.value is not None]
    name = readings[0].comparison
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "<br>".join(wrap(escape(text.member("comparison", name)), _LEGEND_WIDTH)),
        "x": [rounded(reading.value) for reading in shown],
        "y": [height[reading.population] for reading in shown],
        "text": [_strip_label(reading, text) for reading in shown],
        "textposition": _LABEL_SIDES.get(name, "bottom center"),
        "textfont": {"color": palette.ink, "size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "marker": {
            "symbol": _SYMBOLS.get(name, "cross"),
            "size": [18 if reading.is_headline else 12 for reading in shown],
            "color": [palette.accent if r.is_headline else palette.quiet for r in shown],
            "line": {"color": palette.ink, "width": 1.2},
        },
    }


def _strip_label(reading: Reading, text: Text) -> str:
    shown = text.percent(reading.value or 0.0)
    return f"<b>{shown}</b>" if reading.is_headline else shown


def _span(values: Sequence[float]) -> list[float]:
    """Room for the labels beside the outermost dots, within 0 to 100."""
    if not values:
        return [0, 100]
    room = max(4.0, 0.55 * (max(values) - min(values)))
    return [round(min(values) - room, 2), round(max(values) + room, 2)]
