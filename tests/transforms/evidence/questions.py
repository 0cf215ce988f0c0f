"""Questions to the judge, made by hand: 24 months before and 16 after, 40 items each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from transforms.evidence.history import Habits, Items, Question, first_day, month_of

START, LIVE = date(2023, 1, 1), date(2025, 1, 1)
FIRST, LIVE_MONTH = month_of(START), month_of(LIVE)
MONTHS = np.arange(FIRST, FIRST + 40)


def items(change: float = 1.0, each: int = 40, days: float = 20.0, seed: int = 7) -> Items:
    """Closed cases, skewed, whose times are multiplied by `change` from go-live on."""
    rng = np.random.default_rng(seed)
    month = np.repeat(MONTHS, each)
    value = days * np.exp(0.5 * rng.normal(size=len(month)))
    value = np.where(month >= LIVE_MONTH, value * change, value)
    return Items(month, value, np.zeros(len(month), bool), np.full(len(month), "web"))


def habits(before: float = 0.3, after: float = 0.3, trait: str = "outside_office_hours") -> Habits:
    share = np.where(MONTHS >= LIVE_MONTH, after, before)
    swing = np.where(MONTHS % 2 == 0, 0.02, -0.02) * (share > 0)
    records = np.full(len(MONTHS), 40.0)
    names = np.full(len(MONTHS), trait)
    return Habits(MONTHS, names, np.clip(share + swing, 0, 1) * records, records)


def question(change: float = 1.0, **other: Any) -> Question:
    found = items(change)
    asked = Question(
        improvement="one",
        definition="lead_time.km.median",
        kind="time",
        is_lower_better=True,
        went_live_on=LIVE,
        seen_from=START,
        seen_until=first_day(int(MONTHS[-1]) + 1),
        items=found,
        volume=found.month,
        habits=habits(),
    )
    return replace(asked, **other)
