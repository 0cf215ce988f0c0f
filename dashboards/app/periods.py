"""Figures over the periods of a view, and the words for them.

What belongs here: which months a period has, and how a pooled figure is said. What does not: how
months are pooled (`pooling.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.app.address import View
from dashboards.app.choices import Choices
from dashboards.app.pooling import Pooled, pool, whole
from dashboards.app.reader import Run
from dashboards.app.selection import Slice
from dashboards.marts import Record
from dashboards.text import NBSP, Text
from dashboards.views import Cell, figure_cell, sentence


@dataclass(frozen=True)
class Period:
    """Months from first to last, both included; an empty one is all that there is."""

    first: str | None = None
    last: str | None = None


def periods_of(view: View) -> tuple[Period, Period | None]:
    """The period that is asked for, and the one that it is compared with."""
    other = Period(view.with_first, view.with_last) if view.is_compared else None
    return Period(view.first, view.last), other


def figures_over(
    run: Run, asked: Slice, period: Period, definitions: Sequence[str]
) -> dict[str, Pooled]:
    """One figure per definition over a period of a slice.

    All months together are the published total, which a median has as well.
    """
    choices = run.choices
    months = choices.months_from(period.first, period.last)
    if len(months) == len(choices.months):
        rows = {r["definition"]: r for r in run.figures(asked, "all", *definitions)}
        return {name: whole(rows.get(name)) for name in definitions}
    wanted = set(months)
    found: dict[str, list[Record]] = {name: [] for name in definitions}
    for row in run.figures(asked, "month", *definitions):
        if row["period"] in wanted:
            found[row["definition"]].append(row)
    return {
        name: pool(rows, choices.definitions[name]["unit"], choices.adds.get(name, "no"))
        if name in choices.definitions
        else Pooled("nothing", None)
        for name, rows in found.items()
    }


def first_day(month: str) -> date:
    """The first day of a month such as 2026-03."""
    return date.fromisoformat(f"{month}-01")


def period_words(period: Period, choices: Choices, text: Text) -> str:
    """`mrt 2025`, `mrt 2025 tot en met aug 2025`, or the words for all months."""
    months = choices.months_from(period.first, period.last)
    if not months:
        return text("app.no_months")
    first, last = (text.month(first_day(month)) for month in (months[0], months[-1]))
    if len(months) == len(choices.months):
        return text("app.all_months", first=first, last=last)
    return first if first == last else text("app.months", first=first, last=last)


def year_before(period: Period, choices: Choices) -> Period | None:
    """The same months a year earlier; None for all months, and where those are not known."""
    months = choices.months_from(period.first, period.last)
    if not months or len(months) == len(choices.months):
        return None
    first, last = (f"{int(month[:4]) - 1}{month[4:]}" for month in (months[0], months[-1]))
    return Period(first, last) if {first, last} <= set(choices.months) else None


def overlap(a: Period, b: Period, choices: Choices) -> int:
    """How many months two periods share."""
    first, second = (set(choices.months_from(p.first, p.last)) for p in (a, b))
    return len(first & second)


def pooled_cell(pooled: Pooled, unit: str, text: Text) -> Cell:
    """The figure; the span of its months where they do not add up; or why there is none."""
    if pooled.row is not None:
        return figure_cell(pooled.row, unit, text)
    if pooled.low is not None and pooled.high is not None:
        low, high = text.value(pooled.low, unit), text.value(pooled.high, unit)
        if low == high:
            return Cell(text("app.every_month", value=high))
        return Cell(text("app.span", low=low.split(NBSP)[0], high=high))
    if pooled.withheld:
        return Cell(text("value.withheld"))
    return Cell(text("value.not_measured"))


def count_cell(pooled: Pooled, text: Text) -> Cell:
    """What the figure is made of, such as cases."""
    if pooled.row is None:
        is_withheld = pooled.low is None and pooled.withheld
        return Cell(text("value.withheld" if is_withheld else "value.unknown"))
    n = pooled.row["n"]
    if n is None:
        return Cell(text("value.withheld"))
    return Cell(text.number(n), raw=float(n))


def pooled_notes(pooled: Pooled, text: Text) -> list[str]:
    """What must be known of a figure over several months."""
    notes = []
    if pooled.way == "not_additive":
        notes.append(text("app.not_additive"))
    if pooled.way == "no_counts":
        notes.append(text.count("app.no_counts", pooled.unweighed))
    if pooled.months > 1 and pooled.withheld:
        notes.append(text.count("app.left_out", pooled.withheld))
    if pooled.months > 1 and pooled.young:
        notes.append(text.count("app.young", pooled.young))
    if pooled.moved:
        notes.append(text.count("app.moved", pooled.moved))
    return notes


def difference_cell(now: Pooled, then: Pooled, unit: str, text: Text) -> Cell:
    """What the period differs from the other; only where both have one figure."""
    if now.value is None or then.value is None:
        return Cell(text("app.no_difference"))
    difference = now.value - then.value
    words = text.change(round(difference, 6), "points" if unit == "percent" else unit)
    is_rounded = any(p.row is not None and p.row["is_rounded"] for p in (now, then))
    return Cell(text("value.rounded", value=words) if is_rounded else words, raw=difference)


def compared(then: Pooled, now: Pooled, unit: str, period: str, text: Text) -> str:
    """The other period's figure and the difference, in a sentence or two."""
    said = text("app.compared", period=period, value=pooled_cell(then, unit, text).words)
    if now.value is None or then.value is None:
        change = ""
    else:
        words = difference_cell(now, then, unit, text).words
        change = text("app.difference", change=words)
    already = set(pooled_notes(now, text))
    return sentence(said, change, *(n for n in pooled_notes(then, text) if n not in already))
