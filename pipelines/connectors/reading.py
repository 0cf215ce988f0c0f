"""How much of a source one pull reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Cadence = Literal["front", "daily", "weekly"]


@dataclass(frozen=True)
class Reading:
    """`front` reads what is new, `daily` besides what can still change, `weekly` everything, with
    what is gone. `since` is when the last whole pull began; without one everything is read.
    `period` asks for the cases that began from its first day up to its last, and nothing else."""

    cadence: Cadence = "daily"
    since: datetime | None = None
    period: tuple[date, date] | None = None

    @property
    def is_sweep(self) -> bool:
        """Whether everything is read."""
        return self.period is None and (self.since is None or self.cadence == "weekly")
