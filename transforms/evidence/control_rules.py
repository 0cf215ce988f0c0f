"""Limits and rules of control charts, over the last axis: one series, or many simulated ones.

The rules are those of the KPI reference, chapter 12, after NHSRplotthedots and Making Data Count.
Values within a billionth of a line lie on it.

What belongs here: from numbers to limits and marks. What does not: dates, stretches, what a mark
means for residents (`control_charts.py`), and how often the rules cry wolf (`false_alarms.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from transforms.evidence.series import Marks, Numbers

Kind = Literal["xmr", "p", "u", "t"]
Rule = Literal["outside", "shift", "trend", "two_of_three"]
Side = Literal["high", "low"]

RULES: tuple[Rule, ...] = ("outside", "shift", "trend", "two_of_three")
SIDES: tuple[Side, ...] = ("high", "low")
SIGMAS = 2.66
"""Three sigma in mean moving ranges, 3 / 1.128."""
RANGE_LIMIT = 3.267
SHIFT_POINTS = 7
TREND_POINTS = 7
NELSON = 1 / 3.6
"""The power that makes waiting times between rare events nearly normal (Nelson 1994)."""
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class RuleSet:
    """What the published rule sets disagree about.

    `is_screened`: extreme moving ranges do not widen the limits. `ties`: whether equal neighbours
    break a trend. `far_points_count`: whether a point beyond the limit counts for two of three.
    """

    name: str
    is_screened: bool
    ties: Literal["neutral", "strict"]
    far_points_count: bool


MDC2023 = RuleSet("mdc2023", is_screened=False, ties="neutral", far_points_count=True)
NHSR022 = RuleSet("nhsr022", is_screened=True, ties="strict", far_points_count=False)
RULE_SETS: Mapping[str, RuleSet] = {rules.name: rules for rules in (MDC2023, NHSR022)}


@dataclass(frozen=True)
class Limits:
    """Centre, limits and two-sigma lines; arrays that fit beside the values they judge."""

    centre: Numbers
    lower: Numbers
    upper: Numbers
    lower_2sigma: Numbers
    upper_2sigma: Numbers

    @classmethod
    def around(
        cls, centre: npt.ArrayLike, three_sigma: npt.ArrayLike, floor: float = -np.inf
    ) -> Limits:
        """Symmetric lines; none runs below `floor`."""
        mid, wide = np.asarray(centre, float), np.asarray(three_sigma, float)
        lower, lower_2sigma = (np.maximum(mid - part * wide, floor) for part in (1.0, 2 / 3))
        return cls(mid, lower, mid + wide, lower_2sigma, mid + 2 / 3 * wide)


def mean_moving_range(values: Numbers, *, is_screened: bool) -> Numbers:
    """Mean distance between neighbours; screened, those at or over its limit are left out, once.

    Zero where there is one value only. Screening: Nelson 1982.
    """
    ranges = np.abs(np.diff(values, axis=-1))
    if ranges.shape[-1] == 0:
        return np.zeros(values.shape[:-1])
    mean = ranges.mean(axis=-1)
    if not is_screened:
        return np.asarray(mean)
    is_kept = (ranges < RANGE_LIMIT * mean[..., None]) | (mean[..., None] == 0)
    return np.asarray(np.mean(ranges, axis=-1, where=is_kept))


def xmr_limits(baseline: Numbers, rules: RuleSet) -> Limits:
    """Limits of individual values; an outlier stays in the mean, also when screened."""
    spread = mean_moving_range(baseline, is_screened=rules.is_screened)
    return Limits.around(baseline.mean(axis=-1)[..., None], SIGMAS * spread[..., None])


def t_limits(baseline: Numbers, rules: RuleSet) -> Limits:
    """Limits of waiting times between rare events, worked out on Nelson's scale."""
    lines = xmr_limits(nelson(baseline), rules)
    return Limits(*(_days(line) for line in vars(lines).values()))


def nelson(days: Numbers) -> Numbers:
    """Waiting times on the scale on which they are nearly normal."""
    return np.asarray(np.power(days, NELSON))


def _days(scaled: Numbers) -> Numbers:
    return np.asarray(np.power(np.maximum(scaled, 0.0), 1 / NELSON))


def p_limits(baseline: Numbers, baseline_n: Numbers, n: Numbers) -> Limits:
    """Limits of shares (0 to 1) of `n` cases: binomial, wider where a point has fewer cases."""
    centre = _pooled(baseline, baseline_n)
    lines = Limits.around(centre, 3 * np.sqrt(centre * (1 - centre) / n), floor=0.0)
    uppers = (np.minimum(line, 1.0) for line in (lines.upper, lines.upper_2sigma))
    return Limits(centre, lines.lower, next(uppers), lines.lower_2sigma, next(uppers))


def u_limits(baseline: Numbers, baseline_n: Numbers, n: Numbers) -> Limits:
    """Limits of events per unit, of `n` units: Poisson, wider where a point has fewer units."""
    centre = _pooled(baseline, baseline_n)
    return Limits.around(centre, 3 * np.sqrt(centre / n), floor=0.0)


def _pooled(values: Numbers, n: Numbers) -> Numbers:
    return np.asarray((values * n).sum(axis=-1, keepdims=True) / n.sum(axis=-1, keepdims=True))


def limits_of(
    kind: Kind, values: Numbers, n: Numbers | None, baseline: int, rules: RuleSet
) -> Limits:
    """Limits of a stretch from its first `baseline` values; shares and rates need their `n`."""
    first = values[..., :baseline]
    if kind in ("xmr", "t"):
        return (xmr_limits if kind == "xmr" else t_limits)(first, rules)
    if n is None:
        raise ValueError(
            f"A {kind} chart needs the number of cases of every point.\n  Mend: give `n`, or draw"
            " an xmr chart."
        )
    return (p_limits if kind == "p" else u_limits)(first, n[..., :baseline], n)


def marks(values: Numbers, limits: Limits, rules: RuleSet) -> dict[tuple[Rule, Side], Marks]:
    """Which values each rule marks, and on which side of the centre, or in which direction."""
    return {
        (rule, side): found
        for side, sign in zip(SIDES, (1, -1), strict=True)
        for rule, found in _marks_on(values, limits, rules, sign).items()
    }


def _marks_on(values: Numbers, limits: Limits, rules: RuleSet, sign: int) -> dict[Rule, Marks]:
    far, near = (
        (limits.upper, limits.upper_2sigma) if sign > 0 else (limits.lower, limits.lower_2sigma)
    )
    outside, beside = (_beyond(values, line, sign) for line in (far, limits.centre))
    counts = _beyond(values, near, sign)
    if not rules.far_points_count:
        counts &= ~outside
    return {
        "outside": outside,
        "shift": _runs(beside, SHIFT_POINTS),
        "trend": _trend(values, sign, rules),
        "two_of_three": _two_of_three(beside, counts),
    }


def _beyond(values: Numbers, line: Numbers, sign: int) -> Marks:
    """Strictly beyond a line; on it is not beyond."""
    size = np.abs(values)
    room = _TOLERANCE * np.maximum(size, np.abs(line))
    room += _TOLERANCE**2 * size.max(axis=-1, keepdims=True, initial=0.0)
    return np.asarray(sign * (values - line) > room)


def _runs(is_in: Marks, length: int) -> Marks:
    """All of every run of at least `length`."""
    found = np.zeros_like(is_in)
    for start in range(is_in.shape[-1] - length + 1):
        window = slice(start, start + length)
        found[..., window] |= is_in[..., window].all(axis=-1, keepdims=True)
    return found


def _two_of_three(beside: Marks, counts: Marks) -> Marks:
    """Of three in a row on one side, those that count, where two do."""
    found = np.zeros_like(counts)
    for start in range(counts.shape[-1] - 2):
        window = slice(start, start + 3)
        is_enough = counts[..., window].sum(axis=-1, keepdims=True) >= 2
        is_enough &= beside[..., window].all(axis=-1, keepdims=True)
        found[..., window] |= counts[..., window] & is_enough
    return found


def _trend(values: Numbers, sign: int, rules: RuleSet) -> Marks:
    """All of every rise (or fall) of enough points; neutral ties make neighbours one point."""
    is_tie = ~_beyond(values[..., 1:], values[..., :-1], 1)
    is_tie &= ~_beyond(values[..., 1:], values[..., :-1], -1)
    if rules.ties == "strict" or not is_tie.any():
        return _steady(values, sign)
    if values.ndim > 1:
        return np.stack([_trend(row, sign, rules) for row in values])
    group = np.concatenate([[0], np.cumsum(~is_tie)])
    firsts = np.concatenate([[True], ~is_tie])
    return np.asarray(_steady(values[firsts], sign)[group])


def _steady(values: Numbers, sign: int) -> Marks:
    steps = _runs(_beyond(values[..., 1:], values[..., :-1], sign), TREND_POINTS - 1)
    found = np.zeros(values.shape, dtype=bool)
    found[..., 1:] |= steps
    found[..., :-1] |= steps
    return found
