"""A control chart: months with their centre and limits. Records in, figure and words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.figure_parts import (
    MONTHS_AXIS,
    Figure,
    layout_of,
    level,
    level_name,
    note,
    title,
    upright,
)
from dashboards.marts import Record
from dashboards.palette import TOKENS, Palette
from dashboards.text import Text
from dashboards.views import Cell, Chart, Table, plain, sentence

# What a month says is told by its shape as well as by its colour.
_SYMBOLS = {
    "ordinary": "circle",
    "improving": "triangle-up",
    "concerning": "triangle-down",
    "neither": "diamond",
    "unjudged": "x-thin-open",
}


@dataclass(frozen=True)
class Entry:
    """An entry of the register on the chart; `refusal` says why it gave no new limits."""

    name: str
    on: date
    refusal: str | None


def control_view(
    chart: Record,
    points: Sequence[Record],
    entries: Sequence[Entry],
    unit: str,
    journey: str,
    text: Text,
) -> Chart | None:
    """The chart with its finding, its own false-alarm rate and its table; None without a month."""
    known = [point for point in points if point["value"] is not None]
    if not known:
        return None
    heading = text("control.title")
    marked = sum(sort_of(point) not in ("ordinary", "unjudged") for point in known)
    finding = text.count("control.finding", marked) if marked else text("control.finding_none")
    return Chart(
        anchor=f"control-{chart['journey']}-{chart['definition']}",
        title=heading,
        finding=sentence(finding, *_icons(chart, unit, text), _alarm(chart, text)),
        name=text("chart.name", title=heading, journey=journey),
        figure=control_figure(known, entries, chart["target"], text.member("unit", unit), text),
        table=_table(known, unit, text),
        notes=[*_entry_notes(entries, text), text("control.note", rules=chart["rules"])],
    )


def _icons(chart: Record, unit: str, text: Text) -> list[str]:
    """What the last month shows, and whether ordinary variation keeps the norm."""
    said = [text(f"variation.{name}") for name in str(chart["variation"] or "").split()]
    if chart["assurance"] is not None:
        norm = text.value(float(chart["target"]), unit)
        said.append(text(f"assurance.{chart['assurance']}", norm=norm))
    return said


def _entry_notes(entries: Sequence[Entry], text: Text) -> list[str]:
    """Which entries gave new limits, and why the others did not."""
    return [
        text("control.renewed", name=entry.name, date=text.date(entry.on))
        if entry.refusal is None
        else text(f"refusal.{entry.refusal}", name=entry.name, date=text.date(entry.on))
        for entry in entries
    ]


def sort_of(point: Record) -> str:
    """What a month says: ordinary, or which way it stands out; `unjudged` where it cannot."""
    if point["state"] != "judged":
        return "unjudged"
    meanings = str(point["meaning"] or "").split()
    return "ordinary" if not meanings else meanings[0] if len(meanings) == 1 else "neither"


def _alarm(chart: Record, text: Text) -> str:
    if chart["false_alarm"] is None:
        return ""
    other = chart["false_alarm_if_carried_over"]
    carried = "" if other is None else text("control.carried", percent=text.number(other))
    return text("control.alarm", percent=text.number(chart["false_alarm"]), carried=carried)


def control_figure(
    points: Sequence[Record],
    entries: Sequence[Entry],
    target: float | None,
    unit: str,
    text: Text,
    palette: Palette = TOKENS,
) -> Figure:
    """Months by what they say, over the centre and the limits of each stretch; an upright where the
    register gave new limits, and the norm as a level."""
    layout = layout_of(height=320)
    layout["xaxis"] |= MONTHS_AXIS
    layout["yaxis"] |= {"domain": [0, 0.9], "nticks": 6}
    renewed = [entry for entry in entries if entry.refusal is None]
    layout["annotations"] = [title(unit, 1.02), *(_flag(entry, text) for entry in renewed)]
    layout["shapes"] = [upright(entry.on.isoformat(), palette) for entry in renewed]
    if target is not None:
        layout["shapes"].append(level(target, palette))
        layout["annotations"].append(level_name(target, text("chart.norm")))
    data = [_line(points, name, dash, palette) for name, dash in _LINES]
    for sort in _SYMBOLS:
        own = [point for point in points if sort_of(point) == sort]
        if own:
            data.append(_dots(own, sort, text, palette))
    return {"data": data, "layout": layout}


def _flag(entry: Entry, text: Text) -> Figure:
    """A few words: a name of the register does not fit on a phone, and stands in the notes."""
    place = {"x": entry.on.isoformat(), "yref": "paper", "y": 0.9, "xshift": 4}
    return note(text("control.flag"), **place, xanchor="left", yanchor="bottom", font={"size": 11})


_LINES = (("centre", "solid"), ("lower", "dash"), ("upper", "dash"))


def _line(points: Sequence[Record], name: str, dash: str, palette: Palette) -> Figure:
    """Broken where the limits are renewed."""
    xs: list[str] = []
    ys: list[float | None] = []
    stretch = None
    for point in points:
        if point["stretch"] is None:
            continue
        if stretch is not None and point["stretch"] != stretch:
            xs.append(point["month"].isoformat())
            ys.append(None)
        stretch = point["stretch"]
        xs.append(point["month"].isoformat())
        ys.append(round(float(point[name]), 2) if point[name] is not None else None)
    line = {"color": palette.ink if name == "centre" else palette.quiet, "width": 1.5, "dash": dash}
    shape = line | {"shape": "hvh"}
    return {
        "type": "scatter",
        "mode": "lines",
        "hoverinfo": "skip",
        "x": xs,
        "y": ys,
        "line": shape,
        "connectgaps": False,
    }


def _dots(own: Sequence[Record], sort: str, text: Text, palette: Palette) -> Figure:
    is_marked = sort in ("improving", "concerning", "neither")
    colours = {"improving": palette.good, "concerning": palette.bad, "neither": palette.accent}
    color = colours.get(sort, palette.soft)
    marker = {"symbol": _SYMBOLS[sort], "size": 12 if is_marked else 8, "color": color}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": text(f"control.{sort}"),
        "x": [point["month"].isoformat() for point in own],
        "y": [round(float(point["value"]), 2) for point in own],
        "marker": marker | {"line": {"width": 2, "color": color}},
    }


def _table(points: Sequence[Record], unit: str, text: Text) -> Table:
    rows = []
    for point in points:
        limits = text("value.unknown")
        if point["lower"] is not None:
            low, high = (text.value(float(point[key]), unit) for key in ("lower", "upper"))
            limits = f"{low} … {high}"
        rows.append(
            [
                plain(text.month(point["month"])),
                Cell(text.value(float(point["value"]), unit), float(point["value"])),
                plain(limits),
                plain(text(f"control.{sort_of(point)}")),
            ]
        )
    keys = ("column.month", "column.level", "control.limits", "column.outcome")
    head = [text(key) for key in keys]
    return Table(text("control.title"), head, rows, frozenset({1}))
