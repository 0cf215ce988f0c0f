"""What must hold before a difference may be called the work of an improvement.

Each check is fixed beforehand and says with numbers why it holds or not. What belongs here: the
checks. What does not: what follows from them (`verdict.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from transforms.evidence.effect import Estimate, slope, step
from transforms.evidence.history import (
    Habits,
    Items,
    Months,
    Question,
    Window,
    month_of,
)
from transforms.evidence.monthly import Series

LEAST_MONTHS = 8
LEAST_SPAN = 18
SEASON_SHARE = 0.75
MOST_VOLUME, MOST_MIX = 4 / 3, 0.25
HABIT_POINTS, HABIT_SIGMAS = 0.10, 4.0
APART_MONTHS = 3
MOVED_ITSELF = 0.9
GONE = 0.005


@dataclass(frozen=True)
class Check:
    """`facts` are the numbers behind it, for the sentence that tells it."""

    name: str
    passed: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


def enough_months(points: Series, asked: Window) -> Check:
    """Eight months on both sides, of ten items or more."""
    before = int((points.month <= asked.last_before).sum())
    after = int((points.month >= asked.first_after).sum())
    passed = before >= LEAST_MONTHS and after >= LEAST_MONTHS
    return Check("enough_months", passed, {"before": before, "after": after})


def cohorts_mature(question: Question, asked: Window) -> Check:
    """The months that are too young are left out; it fails where none is left."""
    seen = month_of(question.seen_until) - asked.last_after
    facts = {"left_out": max(seen, 0), "horizon_days": round(asked.horizon_days)}
    return Check("cohorts_mature", asked.months_after > 0, facts)


def season_covered(points: Series, asked: Window) -> Check:
    """Three in four calendar months of the shorter side are in the longer one, over 18 months."""
    before = points.month[points.month <= asked.last_before] % 12
    after = points.month[points.month >= asked.first_after] % 12
    shorter, longer = sorted((before, after), key=len)
    share = float(np.isin(shorter, longer).mean()) if len(shorter) else 0.0
    passed = share >= SEASON_SHARE and len(points.month) >= LEAST_SPAN
    return Check("season_covered", passed, {"share": round(share, 2), "months": len(points.month)})


def registration_unchanged(habits: Habits, asked: Window, until: int) -> Check:
    """No habit of registration moved by ten points and four times its usual swing."""
    changed = [
        str(trait)
        for trait in np.unique(habits.trait)
        if _has_moved(habits, habits.trait == trait, asked, until)
    ]
    return Check("registration_unchanged", not changed, {"traits": changed})


def _has_moved(habits: Habits, mine: Any, asked: Window, until: int) -> bool:
    sides = [(asked.first, asked.last_before), (asked.first_after, until)]
    means, variances = [], []
    for first, last in sides:
        kept = mine & (habits.month >= first) & (habits.month <= last) & (habits.records > 0)
        if not kept.any():
            return False
        hits, records = habits.hits[kept], habits.records[kept]
        share = hits.sum() / records.sum()
        noise = share * (1 - share) / records.sum() + 0.25 / records.sum() ** 2
        swing = np.var(hits / records, ddof=1) / kept.sum() if kept.sum() > 1 else 0.0
        means.append(share)
        variances.append(max(noise, swing))
    moved = abs(means[1] - means[0])
    if min(means) >= GONE and str(habits.trait[mine][0]).startswith("activity:"):
        return False  # work that is done less or more often is no other way of registering it
    return bool(moved >= HABIT_POINTS and moved >= HABIT_SIGMAS * np.sqrt(sum(variances)))


def volume_comparable(volume: Months, asked: Window) -> Check:
    """As many items a month as in the same months before, within a third more or a quarter less."""
    ratio = _volume_ratio(volume, asked)
    passed = 1 / MOST_VOLUME <= ratio <= MOST_VOLUME
    return Check("volume_comparable", passed, {"ratio": round(ratio, 2)})


def _volume_ratio(volume: Months, asked: Window) -> float:
    before = _by_month(volume, asked.first, asked.last_before)
    after = _by_month(volume, asked.first_after, asked.last_after)
    same = [
        (number, float(np.mean([n for past, n in before.items() if past % 12 == month % 12])))
        for month, number in after.items()
        if any(past % 12 == month % 12 for past in before)
    ]
    if not same:
        usual = float(np.mean(list(before.values()))) if before else 0.0
        same = [(number, usual) for number in after.values()]
    expected = sum(usual for _, usual in same)
    return float(sum(number for number, _ in same) / expected) if expected else 1.0


def _by_month(volume: Months, first: int, last: int) -> dict[int, int]:
    kept = volume[(volume >= first) & (volume <= last)]
    counts = np.bincount(kept - first, minlength=max(last - first + 1, 0))
    return {first + place: int(count) for place, count in enumerate(counts)}


def mix_comparable(items: Items, asked: Window) -> Check:
    """The mix of groups, held constant anyway, moved by a quarter of the items at most."""
    before = items.within(asked.first, asked.last_before).group
    after = items.within(asked.first_after, asked.last_after).group
    if not len(before) or not len(after):
        return Check("mix_comparable", True, {"moved": 0.0})
    names = np.unique(np.concatenate([before, after]))
    moved = sum(abs((before == name).mean() - (after == name).mean()) for name in names) / 2
    return Check("mix_comparable", bool(moved <= MOST_MIX), {"moved": round(float(moved), 2)})


def one_change_at_a_time(question: Question, asked: Window) -> Check:
    """No other improvement of the journey within three months of this one, or of the comparison
    group's, nor one for the same figure before eight months have passed."""
    live = month_of(question.went_live_on)
    near, named = [], []
    compared = question.comparison.others if question.comparison else ()
    for other in (*question.others, *compared):
        at = month_of(other.went_live_on)
        leaves = at - asked.first_after
        is_too_soon = other.improvement in asked.cut_by and 0 <= leaves < LEAST_MONTHS
        if abs(at - live) < APART_MONTHS or is_too_soon:
            near.append(other.improvement)
        elif asked.first <= at <= asked.last_after:
            named.append(other.improvement)
    facts = {"near": near, "others": named, "cut_by": list(asked.cut_by)}
    return Check("one_change_at_a_time", not near, facts)


def baseline_stable(points: Series, asked: Window, found: Estimate) -> Check:
    """What the months before were doing already does not explain a third of the difference."""
    earlier = points.until(asked.last_before)
    if len(earlier.month) < LEAST_MONTHS:
        return Check("baseline_stable", True, {"yearly": 0.0})
    drift = slope(earlier)
    later = points.month[points.month >= asked.first_after]
    years = (later.mean() - earlier.month.mean()) / 12 if len(later) else 0.0
    towards = drift.below(0) if found.mean < 0 else 1 - drift.below(0)
    explains = drift.mean * years / found.mean if found.mean else 0.0
    passed = not (towards >= 0.9 and explains >= 1 / 3)
    return Check("baseline_stable", passed, {"yearly": drift.mean})


def date_robust(points: Series, asked: Window, found: Estimate) -> Check:
    """Without the months next to go-live it stays on its side with nine chances in ten."""
    apart = (points.month < asked.last_before) | (points.month > asked.first_after)
    other = step(points.only(apart), asked.first_after)
    side = other.below(0) if found.mean < 0 else 1 - other.below(0)
    return Check("date_robust", side >= 0.9, {"chance": side})


def parallel_before(points: Series, asked: Window) -> Check:
    """Before go-live the two groups did not drift apart."""
    earlier = points.until(asked.last_before)
    if len(earlier.month) < LEAST_MONTHS:
        return Check("parallel_before", True, {"yearly": None})
    drift = slope(earlier)
    low, high = drift.interval()
    return Check("parallel_before", low <= 0 <= high, {"yearly": drift.mean})


def moved_itself(own: Series, asked: Window, found: Estimate) -> Check:
    """The group itself moved the way the difference says, with nine chances in ten: a comparison
    group that moves alone proves nothing."""
    other = step(own, asked.first_after)
    side = other.below(0) if found.mean < 0 else 1 - other.below(0)
    return Check("moved_itself", side >= MOVED_ITSELF, {"chance": round(side, 2)})
