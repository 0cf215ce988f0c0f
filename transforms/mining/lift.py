"""What distinguishes slow cases: shares with and without a trait, their difference and lift.

What belongs here: intervals and tests. What does not: counting (`core.trait_counts`).

A difference is called clear where it survives the control of the false discovery rate over all
traits of the journey. It is an association: a trait that comes with slow cases need not slow them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

Interval = tuple[float, float]
_Z = 1.959963984540054
FALSE_DISCOVERIES = 0.05

LIFT_COLUMNS = {
    "journey": "Journey.",
    "trait": "Channel, target group, handoffs, activity, or again.",
    "value": "Its value.",
    "slow_from_days": "Lead time over which a case is slow, the 75th percentile. [days]",
    "cases": "Closed cases with the trait.",
    "slow_cases": "Those of them that are slow.",
    "other_cases": "Closed cases without it.",
    "other_slow_cases": "Those of them that are slow.",
    "slow_share": "Share of slow ones among the cases with it. [%]",
    "slow_lower": "Lower end of its 95 % interval (Wilson).",
    "slow_upper": "Upper end.",
    "other_share": "Share of slow ones among the others. [%]",
    "other_lower": "Lower end of its 95 % interval (Wilson).",
    "other_upper": "Upper end.",
    "difference": "The one share minus the other. [percentage points]",
    "difference_lower": "Lower end of its 95 % interval (Newcombe).",
    "difference_upper": "Upper end.",
    "lift": "Share of slow ones with the trait, over that of all cases.",
    "p_value": "Of Fisher's exact test, two-sided.",
    "q_value": "The same after Benjamini and Hochberg, over the traits of the journey.",
    "is_clear": "Whether q is at most 0.05.",
}
LIFT_SCHEMA: dict[str, Any] = {
    name: pl.String
    if name in ("journey", "trait", "value")
    else pl.Boolean
    if name == "is_clear"
    else pl.Int64
    if name.endswith("cases")
    else pl.Float64
    for name in LIFT_COLUMNS
}


def variant_lift(counts: pl.DataFrame) -> pl.DataFrame:
    """From `core.trait_counts`; a trait that all or no cases have tells nothing and is left out.

    Ordered by journey and the size of the difference.
    """
    rows = []
    for row in counts.filter(pl.col("cases") < pl.col("all_cases")).iter_rows(named=True):
        n, slow = row["cases"], row["slow_cases"]
        others, other_slow = row["all_cases"] - n, row["all_slow_cases"] - slow
        share, other = 100.0 * slow / n, 100.0 * other_slow / others
        overall = row["all_slow_cases"] / row["all_cases"]
        rows.append(
            (
                *(row[name] for name in ("journey", "trait", "value", "slow_from_days")),
                *(n, slow, others, other_slow),
                *(share, *wilson(slow, n)),
                *(other, *wilson(other_slow, others)),
                *(share - other, *newcombe(slow, n, other_slow, others)),
                slow / n / overall if overall else None,
                fisher(slow, n, other_slow, others),
                None,
                None,
            )
        )
    frame = pl.DataFrame(rows, schema=LIFT_SCHEMA, orient="row")
    if frame.is_empty():
        return frame
    adjusted = [
        part.with_columns(q_value=pl.Series(benjamini_hochberg(part["p_value"].to_list())))
        for part in frame.partition_by("journey", maintain_order=True)
    ]
    return (
        pl.concat(adjusted)
        .with_columns(is_clear=pl.col("q_value") <= FALSE_DISCOVERIES)
        .with_columns(_size=pl.col("difference").abs())
        .sort("journey", "_size", "trait", "value", descending=[False, True, False, False])
        .drop("_size")
    )


def wilson(successes: int, n: int) -> Interval:
    """The 95 percent score interval of a share, in percent (Wilson 1927)."""
    p, squared = successes / n, _Z**2
    centre = (p + squared / (2 * n)) / (1 + squared / n)
    half = _Z / (1 + squared / n) * sqrt(p * (1 - p) / n + squared / (4 * n**2))
    return 100.0 * max(0.0, centre - half), 100.0 * min(1.0, centre + half)


def newcombe(successes: int, n: int, other_successes: int, other_n: int) -> Interval:
    """The 95 percent interval of a difference of two shares, in percentage points, from their
    Wilson intervals (Newcombe 1998, method 10)."""
    one, other = 100.0 * successes / n, 100.0 * other_successes / other_n
    (low, high), (other_low, other_high) = wilson(successes, n), wilson(other_successes, other_n)
    difference = one - other
    return (
        difference - sqrt((one - low) ** 2 + (other_high - other) ** 2),
        difference + sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )


def fisher(successes: int, n: int, other_successes: int, other_n: int) -> float:
    """The p-value of Fisher's exact test: of all tables with these margins the probability of
    those that are no more likely than this one."""
    slow, everyone = successes + other_successes, n + other_n
    first, last = max(0, slow - other_n), min(slow, n)
    logs = _log_factorials(everyone)
    k = np.arange(first, last + 1)
    weights = -(logs[k] + logs[n - k] + logs[slow - k] + logs[other_n - slow + k])
    likely = np.exp(weights - weights.max())
    likely /= likely.sum()
    return float(min(1.0, likely[likely <= likely[successes - first] * (1 + 1e-7)].sum()))


def _log_factorials(most: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, most + 1)))))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p-values as the least false discovery rate at which each would be called clear
    (Benjamini & Hochberg 1995)."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    least = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    q = np.empty_like(least)
    q[order] = least
    return [float(value) for value in q]
