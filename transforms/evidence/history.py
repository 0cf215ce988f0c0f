"""What a verdict is asked about: the items behind one definition, and what the register says.

What belongs here: shapes, and months as numbers. What does not: reading (`pipelines/evidence.py`),
and any judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Months = npt.NDArray[np.int64]
Kind = Literal["time", "mean", "share"]


def month_of(day: date) -> int:
    """Months since the year 0, so that neighbours differ by one."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def end_of(month: int) -> date:
    """The first day after it."""
    return first_day(month + 1)


@dataclass(frozen=True)
class Items:
    """What a definition counts, such as cases or contacts of a journey, one entry each.

    `month` is when it began; `value` what it adds (days, a number, or 0 and 1); `is_open` says that
    a time goes on; `group` is its group for case mix, such as channel and target group.
    """

    month: Months
    value: Numbers
    is_open: Flags
    group: npt.NDArray[Any]

    def within(self, first: int, last: int) -> Items:
        """Those that began from one month up to another, both included."""
        kept = (self.month >= first) & (self.month <= last)
        return Items(self.month[kept], self.value[kept], self.is_open[kept], self.group[kept])


@dataclass(frozen=True)
class Habits:
    """How things were registered: per trait, such as `opened outside office hours`, how many of how
    many records of a month had it. `month`, `trait`, `hits` and `records` are of one length."""

    month: Months
    trait: npt.NDArray[Any]
    hits: Numbers
    records: Numbers


@dataclass(frozen=True)
class Other:
    """Another improvement of the same journey; `is_same_kpi` says that it was meant to move the
    same figure."""

    improvement: str
    went_live_on: date
    is_same_kpi: bool


@dataclass(frozen=True)
class Compared:
    """The group that the improvement did not touch: what it is of the treated group too."""

    items: Items
    volume: Months
    habits: Habits
    window_days: int = 0
    others: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Question:
    """Whether one improvement changed one definition.

    `seen_from` and `seen_until` bound what the source showed; `window_days` is how long an item
    must be followed (times follow from the baseline). `volume` has the month of every item of the
    journey, whether the definition counts it or not.
    """

    improvement: str
    definition: str
    kind: Kind
    is_lower_better: bool
    went_live_on: date
    seen_from: date
    seen_until: date
    items: Items
    volume: Months
    habits: Habits
    window_days: int = 0
    transition_days: int = 0
    others: tuple[Other, ...] = ()
    comparison: Compared | None = None
    expected: float | None = None
    expected_unit: str | None = None


@dataclass(frozen=True)
class Window:
    """The months that are compared, both ends included, and why they end where they do."""

    first: int
    last_before: int
    first_after: int
    last_after: int
    horizon_days: float
    cut_by: tuple[str, ...]

    @property
    def months_before(self) -> int:
        return max(self.last_before - self.first + 1, 0)

    @property
    def months_after(self) -> int:
        return max(self.last_after - self.first_after + 1, 0)


def window(question: Question) -> Window:
    """The months to compare.

    A month belongs to one side whole, so that of go-live is left out unless it begins with it, and
    so is what the transition takes. An improvement that was meant to move the same figure ends the
    months before it or after it. The last month is the last one whose items were all followed for
    the horizon: for times the P95 of the months before, so that open cases flatter nothing; beside
    a comparison group the longer horizon of the two.
    """
    live = question.went_live_on
    first = month_of(question.seen_from)
    if question.seen_from.day > 3:
        first += 1
    cut_by = []
    last_before = month_of(live) - 1
    settled = live + timedelta(days=question.transition_days)
    first_after = month_of(settled) + (settled.day > 1)
    last_after = month_of(question.seen_until)
    for other in question.others:
        if not other.is_same_kpi:
            continue
        at = month_of(other.went_live_on)
        if other.went_live_on <= live and at + 1 > first:
            first = at + (other.went_live_on.day > 1)
            cut_by.append(other.improvement)
        elif other.went_live_on > live and at - 1 < last_after:
            last_after = at - 1
            cut_by.append(other.improvement)
    horizon = _horizon(question, first, last_before)
    while last_after >= first_after and is_young(last_after, horizon, question.seen_until):
        last_after -= 1
    return Window(first, last_before, first_after, last_after, horizon, tuple(cut_by))


def is_young(month: int, horizon_days: float, seen_until: date) -> bool:
    return end_of(month) + timedelta(days=int(np.ceil(horizon_days))) > seen_until


def _horizon(question: Question, first: int, last_before: int) -> float:
    """How long an item must be followed before its month counts, in days."""
    compared = question.comparison
    if question.kind != "time":
        days = max(question.window_days, compared.window_days if compared else 0)
        return float(days)
    groups = [question.items, *([compared.items] if compared else [])]
    return max(longest_usual(items.within(first, last_before)) for items in groups)


def longest_usual(items: Items) -> float:
    """The time within which 95 % end, by Kaplan-Meier, so that a young open item is not taken for
    an endless one; of those that end at all, where more than 5 % never do."""
    if not len(items.value):
        return 0.0
    times, place = np.unique(items.value, return_inverse=True)
    gone = np.bincount(place, minlength=len(times))
    ended = np.bincount(place, (~items.is_open).astype(float), len(times))
    at_risk = len(items.value) - np.concatenate([[0], np.cumsum(gone)[:-1]])
    still_open = np.cumprod(1.0 - ended / at_risk)
    if not ended.any():
        return float(times[-1])
    level = max(0.05, 1.0 - 0.95 * (1.0 - float(still_open[-1])))
    return float(times[int(np.argmax(still_open <= level + 1e-9))])
