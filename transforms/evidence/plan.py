"""How long it takes to see an expected effect, before anyone promises proof.

The judge's own model is asked beforehand: how sure would the step be with so many months after
go-live, if they are like those before? What belongs here: that question. What does not: the verdict
afterwards (`verdict.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from transforms.evidence.checks import LEAST_MONTHS, LEAST_SPAN
from transforms.evidence.effect import covariances, fit, season, usual_size
from transforms.evidence.history import Months, Question, Window, is_young, window
from transforms.evidence.monthly import Series, difference, in_words, series

POWER, MOST_MONTHS = 0.8, 60
_SIDE = 1.959963984540054
_WEEKS_PER_MONTH = 52.18 / 12


@dataclass(frozen=True)
class Plan:
    """`months` after go-live give the wanted chance, null where no number within five years does;
    `weeks` counts besides until those months are old enough. `chance` is that after `months`, or
    after all; `smallest` is what is seen with the wanted chance after a year, in percent, points or
    the unit of the figure. `months_before` is how many there are to compare with."""

    months: int | None
    weeks: int | None
    chance: float
    smallest: float
    months_before: int
    followed_days: float


def plan(question: Question, change: float) -> Plan:
    """The months that it takes to see a change on the scale of the series (`on_scale`).

    Months before go-live count as far as their items were all followed for the horizon, beside a
    comparison group as the difference of the two; months after it are taken to be like them.
    """
    asked = window(question)
    earlier = _only_before(question, asked)
    before = series(question.items, question.kind, earlier)
    if question.comparison is not None:
        theirs = series(question.comparison.items, question.kind, earlier)
        before = difference(before, theirs)
    if len(before.month) < LEAST_MONTHS:
        return Plan(None, None, 0.0, float("nan"), len(before.month), asked.horizon_days)
    least = max(LEAST_MONTHS, LEAST_SPAN - len(before.month))
    chances = {
        count: _chance(change, _spread(before, count)) for count in range(least, MOST_MONTHS + 1)
    }
    months = next((count for count, chance in chances.items() if chance >= POWER), None)
    smallest = (_SIDE + 0.8416) * _spread(before, 12)
    waited = months and round(months * _WEEKS_PER_MONTH + asked.horizon_days / 7)
    return Plan(
        months,
        waited,
        chances[months or MOST_MONTHS],
        abs(in_words(-smallest, question.kind)),
        len(before.month),
        asked.horizon_days,
    )


def on_scale(change: float, unit: str, question: Question) -> float:
    """An expected change on the scale of the series; beyond reach, such as -100 %, is infinite."""
    if question.kind == "time" and unit != "percent":
        change = 100 * change / float(question.items.value.mean())
    if question.kind == "time":
        return float(np.log1p(change / 100)) if change > -100 else -np.inf
    if unit == "percent":
        return change / 100 * float(question.items.value.mean())
    return change / 100 if question.kind == "share" else change


def _only_before(question: Question, asked: Window) -> Window:
    last = asked.last_before
    while last >= asked.first and is_young(last, asked.horizon_days, question.seen_until):
        last -= 1
    return Window(asked.first, last, last + 1, last, asked.horizon_days, ())


def _spread(before: Series, count: int) -> float:
    """How unsure the step would be, under what the months before say of disturbances."""
    rest = np.column_stack([np.ones(len(before.month)), season(before.month)])
    weights = fit(before, rest).weights
    later: Months = before.month[-1] + 1 + np.arange(count)
    months = np.concatenate([before.month, later])
    noise = np.concatenate([before.variance, np.full(count, before.variance.mean())])
    whole = Series(months, np.zeros(len(months)), noise, np.ones(len(months)), before.yearly_drift)
    design = np.column_stack([whole.after(int(later[0])), np.ones(len(months)), season(months)])
    inverted = np.linalg.inv(covariances(whole, usual_size(before, rest)))
    sure = np.linalg.inv(design.T @ inverted @ design)[:, 0, 0]
    return float(np.sqrt(weights @ sure))


def _chance(change: float, spread: float) -> float:
    """Of an interval that leaves out zero on the right side."""
    return float(ndtr(abs(change) / spread - _SIDE))
