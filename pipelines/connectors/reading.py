"""How much of a source one pull reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

    def back_to(self, overlap_days: int) -> datetime | None:
        """How far back a list need be read: some days before the last pull; null for all of it."""
        if self.is_sweep or self.since is None:
            return None
        return self.since - timedelta(days=overlap_days)
