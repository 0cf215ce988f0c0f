"""What a side-by-side report would say: closed items before, closed items after, their means.

It is shown beside a verdict to tell how often it would have misled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from transforms.evidence.history import Question, month_of
from transforms.evidence.monthly import LEAST


@dataclass(frozen=True)
class Naive:
    """Means before and after, their change (percent for times, else absolute), and what Welch's
    test makes of it: improved, worsened, or no_proof."""

    before: float
    after: float
    change: float
    says: str


def naive(question: Question) -> Naive:
    items, live = question.items, month_of(question.went_live_on)
    closed = items.value[~items.is_open], items.month[~items.is_open]
    before, after = closed[0][closed[1] < live], closed[0][closed[1] >= live]
    if min(len(before), len(after)) < LEAST:
        return Naive(np.nan, np.nan, np.nan, "no_proof")
    change = after.mean() - before.mean()
    p = stats.ttest_ind(before, after, equal_var=False).pvalue
    is_better = (change < 0) == question.is_lower_better
    says = "no_proof" if not p < 0.05 else "improved" if is_better else "worsened"
    told = 100 * change / before.mean() if question.kind == "time" and before.mean() else change
    scale = 100 if question.kind == "share" else 1
    return Naive(
        float(before.mean() * scale), float(after.mean() * scale), float(told * scale), says
    )
