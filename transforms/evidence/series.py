"""What the evidence room shares: a series of points, and the changes that a register names.

What belongs here: types and which points may be judged. What does not: any statistic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

Direction = Literal["lower", "higher", "none"]
"""Which way is better, in the words of the definitions."""

State = Literal["judged", "missing", "few", "immature"]
"""Whether a point takes part, or why it does not."""

Numbers = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

FEWEST_CASES = 10
"""A point of fewer cases is too much chance to be judged (the KPI reference, chapter 12)."""


@dataclass(frozen=True)
class Point:
    """One period: its first day, its figure (None where unknown or withheld), of how many cases.

    `n` is None where the figure is not made of cases; of an immature period slow cases are missing.
    """

    start: date
    value: float | None
    n: int | None = None
    is_mature: bool = True


@dataclass(frozen=True)
class Change:
    """An entry of the improvement register that may give a chart new limits: the day it began."""

    on: date
    improvement: str


def state_of(point: Point, fewest: int = FEWEST_CASES) -> State:
    """Whether a point may be judged; `fewest` cases at least where it is made of cases."""
    if point.value is None:
        return "missing"
    if point.n is not None and point.n < max(fewest, 1):
        return "few"
    return "judged" if point.is_mature else "immature"


def judged(points: Sequence[Point], fewest: int = FEWEST_CASES) -> list[Point]:
    """The points that may be judged, in order of time."""
    usable = [point for point in points if state_of(point, fewest) == "judged"]
    return sorted(usable, key=lambda point: point.start)
