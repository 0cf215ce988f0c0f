"""From items to one number a month, with how precisely each is known.

Times are taken on a log scale, so that a change is a percentage, and between the P5 and P95 of the
months before, so that no single case carries a month. The mix of groups is held as it was before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.evidence.history import (
    Flags,
    Items,
    Kind,
    Months,
    Numbers,
    Question,
    Window,
    longest_usual,
)

LEAST = 10  # items that a month must have to count


@dataclass(frozen=True)
class Series:
    """`level` of each month (log days, a mean, a share from 0 to 1) and its sampling variance."""

    month: Months
    level: Numbers
    variance: Numbers
    count: Numbers
    yearly_drift: float

    def after(self, month: int) -> Numbers:
        """1.0 from that month on, else 0.0."""
        return (self.month >= month).astype(float)

    def until(self, month: int) -> Series:
        """The months up to one, itself included."""
        return self.only(self.month <= month)

    def only(self, kept: Flags) -> Series:
        """Some of the months."""
        return Series(
            self.month[kept],
            self.level[kept],
            self.variance[kept],
            self.count[kept],
            self.yearly_drift,
        )


def series(items: Items, kind: Kind, asked: Window) -> Series:
    """The months of the window that have enough items, before and after, in order."""
    before = items.within(asked.first, asked.last_before)
    used = _joined(before, items.within(asked.first_after, asked.last_after))
    scaled = _scaled(used.value, before if len(before.value) else used, kind)
    scaled = scaled - _due_to_mix(used, scaled, asked.last_before)
    months, place = np.unique(used.month, return_inverse=True)
    count = np.bincount(place, minlength=len(months)).astype(float)
    level = np.bincount(place, scaled, len(months)) / count
    spread = np.sum((scaled - level[place]) ** 2) / max(len(scaled) - len(months), 1)
    found = Series(months, level, spread / count, count, _yearly_drift(before, kind))
    return found.only(count >= LEAST)


def in_words(change: float, kind: Kind) -> float:
    """A change on the scale of the series as people say it: percent of a time, points of a share,
    else the number itself."""
    if kind == "time":
        return float(100 * np.expm1(change))
    return 100 * change if kind == "share" else change


def as_shown(level: float, question: Question) -> float:
    """A month's level in the unit of its figure; beside a comparison group the difference of the
    two, in percent or points."""
    if question.comparison is not None:
        return in_words(level, question.kind)
    if question.kind == "time":
        return float(np.exp(level))
    return 100 * level if question.kind == "share" else level


def difference(treated: Series, other: Series) -> Series:
    """The first minus the second, in the months that both have."""
    months, mine, theirs = np.intersect1d(treated.month, other.month, return_indices=True)
    return Series(
        months,
        treated.level[mine] - other.level[theirs],
        treated.variance[mine] + other.variance[theirs],
        np.minimum(treated.count[mine], other.count[theirs]),
        treated.yearly_drift,
    )


def _yearly_drift(before: Items, kind: Kind) -> float:
    """How much a journey may change by itself in a year: 4.5 % of a time or mean, or 2.7 points."""
    if kind == "mean":
        return 0.045 * float(abs(before.value.mean())) if len(before.value) else 0.0
    return 0.045 if kind == "time" else 0.027


def _joined(one: Items, other: Items) -> Items:
    pairs = zip(
        (one.month, one.value, one.is_open, one.group),
        (other.month, other.value, other.is_open, other.group),
        strict=True,
    )
    return Items(*(np.concatenate(pair) for pair in pairs))


def _scaled(value: Numbers, before: Items, kind: Kind) -> Numbers:
    if kind != "time" or not len(before.value):
        return value.astype(float)
    known = np.where(before.is_open, np.inf, before.value)
    low = max(float(np.quantile(known, 0.05, method="higher")), 1e-4)
    high = longest_usual(before)
    low = low if np.isfinite(low) else 1e-4
    return np.log(np.clip(value, low, max(high, low)))


def _due_to_mix(items: Items, scaled: Numbers, last_before: int) -> Numbers:
    """How far an item's group lay from the mean before; groups of under 30 are taken together."""
    if not len(items.group):
        return np.zeros(0)
    groups, place = np.unique(items.group, return_inverse=True)
    is_before = items.month <= last_before
    count = np.bincount(place[is_before], minlength=len(groups))
    total = np.bincount(place[is_before], scaled[is_before], len(groups))
    overall = scaled[is_before].mean() if is_before.any() else 0.0
    small = count < 30
    rest = total[small].sum() / count[small].sum() if count[small].sum() else overall
    mean = np.where(small, rest, total / np.maximum(count, 1))
    return (mean - overall)[place]
