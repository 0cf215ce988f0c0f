"""What a control chart says, as records that a page or a table can take (`dataclasses.asdict`).

What belongs here: the words and types of one chart. What does not: how they are worked out
(`control_charts.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from transforms.evidence.control_rules import Kind, Rule, Side
from transforms.evidence.false_alarms import Setup
from transforms.evidence.series import Change, Direction, State

Meaning = Literal["improving", "concerning", "neither"]
Variation = Literal["improving", "concerning", "neither", "common_cause"]
Assurance = Literal["passing", "failing", "hit_or_miss"]
Refusal = Literal["nothing_before", "too_few_after", "too_near_next"]


@dataclass(frozen=True)
class Flag:
    """A rule that marks a point, on which side (for a trend: which way), and what that means."""

    rule: Rule
    side: Side
    meaning: Meaning


@dataclass(frozen=True)
class ChartPoint:
    """A point with the lines it is judged by; the lines are None where it is not judged."""

    start: date
    value: float | None
    n: int | None
    state: State
    stretch: int | None = None
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    lower_2sigma: float | None = None
    upper_2sigma: float | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """Points that share their limits: from the start of the series, or from a change.

    Limits come from its first `baseline` points; where those are fewer than thirteen they are trial
    limits. Moving ranges are those of an XmR chart, on Nelson's scale for a t chart; `screened`
    holds the limits (lower, upper) that an XmR chart has when extreme ranges are left out.
    """

    first: date
    last: date
    points: int
    baseline: int
    is_trial: bool
    change: Change | None
    mean_moving_range: float | None
    moving_range_limit: float | None
    screened: tuple[float, float] | None
    setup: Setup | None


@dataclass(frozen=True)
class Refused:
    """A change that gave no new limits, and why; `points_after` can be judged after it."""

    change: Change
    points_after: int
    reason: Refusal


@dataclass(frozen=True)
class FalseAlarm:
    """In how many of 100 stable series this chart would mark a point; the second when neighbours
    correlate by 0.3, None where that is not simulated."""

    percent: float
    percent_if_carried_over: float | None


@dataclass(frozen=True)
class ControlChart:
    """`variation` says what the last judged point shows: `common_cause`, or what its flags mean,
    both where they differ. It and `assurance` are empty while limits are on trial."""

    kind: Kind
    rules: str
    direction: Direction
    target: float | None
    points: tuple[ChartPoint, ...]
    stretches: tuple[Stretch, ...]
    refused: tuple[Refused, ...]
    variation: tuple[Variation, ...]
    assurance: Assurance | None
    false_alarm: FalseAlarm | None
