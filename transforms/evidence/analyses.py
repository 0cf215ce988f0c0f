"""What stands beside a verdict: other ways of looking, none of which decides.

Segmented regression, survival with open cases, months drawn again, and go-live dates at which
nothing happened. Who doubts a verdict finds here whether it hangs on the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from transforms.evidence.effect import Estimate, fit, season, step, trend
from transforms.evidence.history import Items, Kind, Numbers, Question, Window, first_day
from transforms.evidence.monthly import Series, in_words

_DRAWS, _BLOCK, _SEED = 1000, 3, 20260101
_LEAST_APART = 4


@dataclass(frozen=True)
class Analysis:
    """One number of one way of looking; `lower` and `upper` are its 95 % interval."""

    name: str
    value: float
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    detail: str = ""


def analyses(question: Question, asked: Window, points: Series) -> Iterator[Analysis]:
    """All that can be worked out; nothing where there are too few months."""
    before, after = points.month <= asked.last_before, points.month >= asked.first_after
    if min(before.sum(), after.sum()) < _LEAST_APART or len(points.month) < 12:
        return
    yield from _segmented(question, asked, points)
    if question.kind == "time":
        yield from _survival(question, asked)
    yield _drawn_again(question, asked)
    yield _permuted(question, asked, points)
    yield from _placebos(question, asked, points)


def _segmented(question: Question, asked: Window, points: Series) -> Iterator[Analysis]:
    """Level and slope: what changed at once, and what changed in a year after it."""
    is_after = points.after(asked.first_after)
    since = is_after * (points.month - asked.first_after) / 12
    rest = [np.ones(len(points.month)), season(points.month), trend(points.month)]
    for name, columns in (
        ("level", [is_after, since, *rest]),
        ("slope", [since, is_after, *rest]),
    ):
        yield _analysis(name, fit(points, np.column_stack(columns)), question.kind)


def _analysis(name: str, found: Estimate, kind: Kind, detail: str = "") -> Analysis:
    low, high = found.interval()
    mean, lower, upper = (in_words(value, kind) for value in (found.mean, low, high))
    return Analysis(name, mean, lower, upper, found.p, detail)


def _survival(question: Question, asked: Window) -> Iterator[Analysis]:
    """Start cohorts before and after, open cases counted as far as they have come."""
    groups = [
        question.items.within(asked.first, asked.last_before),
        question.items.within(asked.first_after, asked.last_after),
    ]
    horizon = float(min(asked.horizon_days, *(np.max(g.value, initial=0) for g in groups)))
    if any((~group.is_open).sum() < 30 for group in groups) or horizon <= 0:
        return
    means, variances = zip(*(restricted_mean(group, horizon) for group in groups), strict=True)
    change, spread = means[1] - means[0], float(np.sqrt(sum(variances)))
    yield Analysis(
        "restricted_mean",
        change,
        change - 1.96 * spread,
        change + 1.96 * spread,
        p=float(2 * stats.norm.sf(abs(change) / spread)) if spread else None,
        detail=f"{horizon:.0f}",
    )
    samples = [
        stats.CensoredData(uncensored=g.value[~g.is_open], right=g.value[g.is_open]) for g in groups
    ]
    found = stats.logrank(*samples)
    yield Analysis("log_rank", float(found.statistic), p=float(found.pvalue))


def restricted_mean(items: Items, horizon: float) -> tuple[float, float]:
    """The area under the Kaplan-Meier curve up to a horizon, in days, and its variance."""
    times, place = np.unique(items.value, return_inverse=True)
    ended = np.bincount(place, ~items.is_open, len(times))
    left = len(items.value) - np.concatenate([[0], np.cumsum(np.bincount(place))[:-1]])
    inside = times <= horizon
    times, ended, left = times[inside], ended[inside], left[inside]
    curve = np.concatenate([[1.0], np.cumprod(1 - ended / left)])
    widths = np.diff(np.concatenate([[0.0], times, [horizon]]))
    areas = curve * widths
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    spare = left * np.maximum(left - ended, 0.0)
    hazard = np.divide(ended, spare, out=np.zeros_like(beyond), where=spare > 0)
    return float(areas.sum()), float((beyond**2 * hazard).sum())


def _drawn_again(question: Question, asked: Window) -> Analysis:
    """The middle (of times) or mean before and after, in the definition's own unit, with blocks of
    three months drawn again and again."""
    rng = np.random.default_rng(_SEED)
    sides = [
        question.items.within(asked.first, asked.last_before),
        question.items.within(asked.first_after, asked.last_after),
    ]
    middle = np.median if question.kind == "time" else np.mean
    change = float(middle(sides[1].value) - middle(sides[0].value))
    drawn = [[float(middle(v)) for v in _draws(side, rng)] for side in sides]
    low, high = np.quantile(np.subtract(drawn[1], drawn[0]), [0.025, 0.975])
    scale = 100 if question.kind == "share" else 1
    return Analysis("drawn_again", change * scale, float(low) * scale, float(high) * scale)


def _draws(items: Items, rng: np.random.Generator) -> Iterator[Numbers]:
    months = np.unique(items.month)
    by_month = [items.value[items.month == month] for month in months]
    blocks = int(np.ceil(len(months) / _BLOCK))
    for _ in range(_DRAWS):
        starts = rng.integers(0, max(len(months) - _BLOCK, 0) + 1, blocks)
        yield np.concatenate(
            [value for start in starts for value in by_month[start : start + _BLOCK]]
        )


def _permuted(question: Question, asked: Window, points: Series) -> Analysis:
    """The difference of the two sides, season taken off, and how often blocks of three months that
    change places at random differ as much."""
    rng = np.random.default_rng(_SEED)
    is_after = points.after(asked.first_after)
    design = np.column_stack([is_after, np.ones(len(points.month)), season(points.month)])
    known = np.linalg.lstsq(design, points.level, rcond=None)[0]
    level = points.level - design[:, 2:] @ known[2:]
    blocks = np.array_split(np.arange(len(level)), max(len(level) // _BLOCK, 1))
    side = is_after.astype(bool)
    found = level[side].mean() - level[~side].mean()
    as_much = 0
    for _ in range(_DRAWS):
        mixed = level[np.concatenate([blocks[place] for place in rng.permutation(len(blocks))])]
        as_much += abs(mixed[side].mean() - mixed[~side].mean()) >= abs(found) - 1e-12
    p = (as_much + 1) / (_DRAWS + 1)
    return Analysis("permuted", in_words(float(found), question.kind), p=p)


def _placebos(question: Question, asked: Window, points: Series) -> Iterator[Analysis]:
    """The step at months before go-live, when nothing happened."""
    earlier = points.until(asked.last_before)
    for month in earlier.month[_LEAST_APART:-_LEAST_APART]:
        when = first_day(int(month)).isoformat()
        yield _analysis("placebo", step(earlier, int(month)), question.kind, when)
