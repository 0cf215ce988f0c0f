"""What the charts of `figures` are made of: the shared layout, lines and texts in a chart."""

from html import escape
from typing import Any

from dashboards.palette import CLEAR, TOKENS, Palette
from dashboards.text import Text

Figure = dict[str, Any]
"""A Plotly figure, or a part of one."""


MONTHS_AXIS: Figure = {"type": "date", "tickformat": "%b<br>%Y", "nticks": 6, "tickangle": 0}
"""A horizontal axis of time: a month above its year, few enough to stand upright on a phone."""


def template_of(text: Text, palette: Palette = TOKENS) -> Figure:
    """What all charts of a page share, as a Plotly template: no zoom, no legend, no background,
    the reader's numbers. A page carries it once; `hartslag.js` puts it under every chart.

    Margins hold five figures at the left, a month above its year below and half of one at the
    right: what Plotly measures for itself (`automargin`) it draws twice, and looking for labels
    that leave the chart (`ticklabeloverflow`) takes a fifth of its time. A browser test sees
    that none does."""
    axis = {
        "fixedrange": True,
        "ticklabeloverflow": "allow",
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zeroline": False,
        "tickfont": {"color": palette.soft},
    }
    layout = {
        "margin": {"l": 48, "r": 18, "t": 14, "b": 46},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": palette.ink},
        "separators": ",." if text.language == "nl" else ".,",
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": palette.surface, "font": {"color": palette.ink}},
        "xaxis": axis | {"showgrid": False, "ticks": "outside", "tickcolor": palette.line},
        "yaxis": axis,
        "annotationdefaults": {
            "font": {"color": palette.ink, "size": 13},
            "showarrow": False,
            "align": "left",
        },
    }
    return {"layout": layout}


def layout_of(height: int) -> Figure:
    """What a chart says for itself, on top of the page's template; height in pixels."""
    return {"height": height, "xaxis": {}, "yaxis": {}}


def note(words: str, **place: object) -> Figure:
    """A text in the chart; `place` holds Plotly's own keys. The words are escaped."""
    return {"text": escape(words)} | place


def title(words: str, y: float) -> Figure:
    """The name of a panel, at its upper left; y is a share of the chart's height."""
    place = {"xref": "paper", "yref": "paper", "x": 0, "y": y}
    return note(words, **place, xanchor="left", yanchor="middle")


def axis_name(words: str) -> Figure:
    """The unit of the horizontal axis, under its right end."""
    place = {"xref": "paper", "yref": "paper", "x": 1, "y": 0, "yshift": -26}
    return note(words, **place, xanchor="right", yanchor="top")


def row_name(words: str, row: int) -> Figure:
    """The name of a row of dots, above it at the left."""
    return note(words, xref="paper", x=0, y=row + 0.54, xanchor="left")


def label(x: float | str, y: float, words: str) -> Figure:
    """Words beside an upright line at x; y is a share of the chart's height."""
    place = {"x": x, "yref": "paper", "y": y, "xshift": 5}
    return note(words, **place, xanchor="left", yanchor="top")


def upright(x: float | str, palette: Palette) -> Figure:
    """A dashed vertical line at x over the whole chart."""
    line = {"color": palette.ink, "width": 1.5, "dash": "dash"}
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 0.9, "line": line}


def level(y: float, palette: Palette) -> Figure:
    """A dotted horizontal line at y, e.g. a norm."""
    line = {"color": palette.ink, "width": 1.5, "dash": "dot"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": y, "y1": y, "line": line}


def level_name(y: float, words: str) -> Figure:
    """Words on a horizontal line, at its right end."""
    return note(words, xref="paper", x=1, y=y, xanchor="right", yanchor="bottom")


def rounded(value: float | None) -> float | None:
    """Three decimals are more than a pixel shows, and keep the page light."""
    return None if value is None else round(value, 3)
