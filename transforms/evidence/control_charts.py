"""Control charts: which points of a series stand out from its ordinary variation.

Limits are renewed at changes that the improvement register names, and nowhere else. Points that may
not be judged (unknown, too few cases, not mature) are kept, but are no part of limits or runs.

What belongs here: stretches, flags, variation and assurance of one chart; pure, from points to
records. What does not: limits and rules (`control_rules.py`), rates of false alarms
(`false_alarms.py`), verdicts on improvements, and drawing.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from transforms.evidence.chart_records import (
    Assurance,
    ChartPoint,
    ControlChart,
    FalseAlarm,
    Flag,
    Meaning,
    Refusal,
    Refused,
    Stretch,
    Variation,
)
from transforms.evidence.control_rules import (
    MDC2023,
    RANGE_LIMIT,
    Kind,
    Limits,
    RuleSet,
    Side,
    limits_of,
    marks,
    mean_moving_range,
    nelson,
    xmr_limits,
)
from transforms.evidence.false_alarms import CARRIED_OVER, Setup, false_alarms, together
from transforms.evidence.series import (
    FEWEST_CASES,
    Change,
    Direction,
    Numbers,
    Point,
    state_of,
)

FEWEST_FOR_ICON = 13
FEWEST_AFTER_REBASE = 12


@dataclass(frozen=True)
class _Plan:
    """What is asked of a chart."""

    kind: Kind
    rules: RuleSet
    direction: Direction
    baseline: int | None
    per: float


def control_chart(
    points: Sequence[Point],
    *,
    direction: Direction,
    kind: Kind = "xmr",
    rules: RuleSet = MDC2023,
    changes: Sequence[Change] = (),
    target: float | None = None,
    baseline: int | None = None,
    fewest: int = FEWEST_CASES,
    per: float = 1.0,
) -> ControlChart:
    """One chart of one series.

    `kind`: xmr; p for shares and u for events per unit, where `n` is the denominator and `per` what
    a value is counted per (100 for percent); t for days between rare events. `baseline`: limits
    from that many first points of each stretch, flags after them; None takes and flags all points.
    `changes` are entries of the register; one gives new limits where twelve judged points follow
    it before the next. Raises ValueError where a p or u chart lacks a denominator.
    """
    plan = _Plan(kind, rules, direction, baseline, per)
    ordered = sorted(points, key=lambda point: point.start)
    shown = [ChartPoint(p.start, p.value, p.n, state_of(p, fewest)) for p in ordered]
    places = [place for place, point in enumerate(shown) if point.state == "judged"]
    accepted, refused = _rebases([shown[place].start for place in places], changes)
    stretches: list[Stretch] = []
    for change, part in _parts(places, accepted):
        stretch, drawn = _stretch([shown[place] for place in part], len(stretches), change, plan)
        stretches.append(stretch)
        for place, point in zip(part, drawn, strict=True):
            shown[place] = point
    last = shown[places[-1]] if places else None
    is_told = last is not None and not stretches[-1].is_trial
    return ControlChart(
        kind=kind,
        rules=rules.name,
        direction=direction,
        target=target,
        points=tuple(shown),
        stretches=tuple(stretches),
        refused=tuple(refused),
        variation=_variation(last)
        if last and is_told and _has_counted(stretches[-1], plan)
        else (),
        assurance=_assurance(last, target, direction) if last and is_told else None,
        false_alarm=_false_alarm([each for each in stretches if not each.is_trial]),
    )


def _rebases(
    starts: Sequence[date], changes: Sequence[Change]
) -> tuple[list[tuple[int, Change]], list[Refused]]:
    """Changes that give new limits, with the place of the first judged point on or after them."""
    ordered = sorted(changes, key=lambda change: change.on)
    firsts = [sum(start < change.on for start in starts) for change in ordered]
    ends = [*firsts, len(starts)][1:]
    accepted, refused = [], []
    for change, first, end in zip(ordered, firsts, ends, strict=True):
        after = len(starts) - first
        reason: Refusal | None = None
        if after < FEWEST_AFTER_REBASE:
            reason = "too_few_after"
        elif first == 0:
            reason = "nothing_before"
        elif end - first < FEWEST_AFTER_REBASE:
            reason = "too_near_next"
        if reason:
            refused.append(Refused(change, after, reason))
        else:
            accepted.append((first, change))
    return accepted, refused


def _parts(
    places: Sequence[int], accepted: Sequence[tuple[int, Change]]
) -> list[tuple[Change | None, Sequence[int]]]:
    """The places of judged points per stretch, with the change that it begins with."""
    if not places:
        return []
    cuts = [0, *(first for first, _ in accepted), len(places)]
    begins = [None, *(change for _, change in accepted)]
    parts = (places[first:end] for first, end in itertools.pairwise(cuts))
    return list(zip(begins, parts, strict=True))


def _stretch(
    points: Sequence[ChartPoint], number: int, change: Change | None, plan: _Plan
) -> tuple[Stretch, list[ChartPoint]]:
    values = np.array([point.value for point in points], dtype=float) / plan.per
    counted = [point.n for point in points if point.n is not None]
    cases = np.array(counted, dtype=float) if len(counted) == len(points) else None
    baseline = min(plan.baseline or len(points), len(points))
    limits = limits_of(plan.kind, values, cases, baseline, plan.rules)
    flags = _flags(values, limits, plan)
    uncounted = baseline if plan.baseline else 0
    lines = {
        name: (np.broadcast_to(line, values.shape) * plan.per).tolist()
        for name, line in vars(limits).items()
    }
    drawn = [
        replace(
            point,
            stretch=number,
            flags=() if place < uncounted else flags[place],
            centre=lines["centre"][place],
            lower=lines["lower"][place],
            upper=lines["upper"][place],
            lower_2sigma=lines["lower_2sigma"][place],
            upper_2sigma=lines["upper_2sigma"][place],
        )
        for place, point in enumerate(points)
    ]
    spread, screened = _ranges(values[:baseline], plan)
    stretch = Stretch(
        first=points[0].start,
        last=points[-1].start,
        points=len(points),
        baseline=baseline,
        is_trial=baseline < FEWEST_FOR_ICON,
        change=change,
        mean_moving_range=spread,
        moving_range_limit=None if spread is None else RANGE_LIMIT * spread,
        screened=screened,
        setup=_setup(len(points), baseline, limits, counted, plan),
    )
    return stretch, drawn


def _ranges(baseline: Numbers, plan: _Plan) -> tuple[float | None, tuple[float, float] | None]:
    """Mean moving range, and the limits that screening gives; none where ranges set no limits."""
    if plan.kind not in ("xmr", "t"):
        return None, None
    scaled = nelson(baseline) if plan.kind == "t" else baseline * plan.per
    spread = float(mean_moving_range(scaled, is_screened=plan.rules.is_screened))
    if plan.kind == "t":
        return spread, None
    lines = xmr_limits(scaled, replace(plan.rules, is_screened=True))
    return spread, (float(lines.lower[0]), float(lines.upper[0]))


def _flags(values: Numbers, limits: Limits, plan: _Plan) -> list[tuple[Flag, ...]]:
    found: list[tuple[Flag, ...]] = [() for _ in values]
    for (rule, side), where in marks(values, limits, plan.rules).items():
        flag = Flag(rule, side, _meaning(side, plan.direction))
        for place in np.flatnonzero(where):
            found[place] += (flag,)
    return found


def _meaning(side: Side, direction: Direction) -> Meaning:
    if direction == "none":
        return "neither"
    return "improving" if (side == "high") == (direction == "higher") else "concerning"


def _setup(
    points: int, baseline: int, limits: Limits, cases: Sequence[int], plan: _Plan
) -> Setup | None:
    """What the false alarms of a stretch depend on; None where no point can be flagged."""
    after = points - baseline
    if plan.baseline and not after:
        return None
    if plan.kind in ("xmr", "t"):
        return Setup(plan.rules.name, baseline, after, kind=plan.kind)
    centre = round(float(limits.centre[0]), 4)
    return Setup(
        plan.rules.name, baseline, after, kind=plan.kind, centre=centre, cases=tuple(cases)
    )


def _false_alarm(stretches: Sequence[Stretch]) -> FalseAlarm | None:
    setups = [stretch.setup for stretch in stretches if stretch.setup]
    if not setups:
        return None
    percent = together(false_alarms(setup).any for setup in setups)
    if any(setup.kind != "xmr" for setup in setups):
        return FalseAlarm(percent, None)
    carried = [replace(setup, correlation=CARRIED_OVER) for setup in setups]
    return FalseAlarm(percent, together(false_alarms(setup).any for setup in carried))


def _has_counted(stretch: Stretch, plan: _Plan) -> bool:
    return not plan.baseline or stretch.points > stretch.baseline


def _variation(last: ChartPoint) -> tuple[Variation, ...]:
    return tuple(sorted({flag.meaning for flag in last.flags})) or ("common_cause",)


def _assurance(last: ChartPoint, target: float | None, direction: Direction) -> Assurance | None:
    """Whether ordinary variation always meets the target, never does, or by chance."""
    if target is None or direction == "none" or last.lower is None or last.upper is None:
        return None
    if last.lower <= target <= last.upper:
        return "hit_or_miss"
    return "passing" if (target > last.upper) == (direction == "lower") else "failing"
