"""Funnel limits: how far the shares of several organisations may lie apart by chance alone.

After Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
Medicine 24: exact binomial limits around the pooled share; where the shares differ more than
chance explains, as they do between towns that are not alike, the limits widen by the
over-dispersion of the winsorised z-scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import binom, chi2, norm

CHANCE = 0.002
"""How often an organisation that is like the others lies outside: 2 in 1,000."""
LEAST = 3
"""Fewer organisations have no funnel: each would be measured against itself."""
_WINSORISED = 0.1
_LEAST_DISPERSED = 5

Place = Literal["inside", "above", "below"]


@dataclass(frozen=True)
class Limits:
    """Shares from 0 to 1. `dispersion` is 1 where chance explains the differences."""

    pooled: float
    dispersion: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]

    def places(self, shares: Sequence[float]) -> list[Place]:
        """Where each share lies; one on a limit is inside."""
        bounds = zip(shares, self.lower, self.upper, strict=True)
        return [
            "below" if share < low else "above" if share > high else "inside"
            for share, low, high in bounds
        ]


def funnel(hits: Sequence[float], sizes: Sequence[float]) -> Limits | None:
    """Limits for organisations with so many hits of so many items.

    None where fewer than three are given, or the pooled share is 0 or 1.
    """
    n, x = np.asarray(sizes, dtype=float), np.asarray(hits, dtype=float)
    if len(n) < LEAST or (n <= 0).any():
        return None
    pooled = float(x.sum() / n.sum())
    if not 0.0 < pooled < 1.0:
        return None
    dispersion = _dispersion((x / n - pooled) / np.sqrt(pooled * (1 - pooled) / n))
    if dispersion > 1.0:
        reach = norm.isf(CHANCE / 2) * np.sqrt(dispersion * pooled * (1 - pooled) / n)
        lower, upper = np.clip(pooled - reach, 0, 1), np.clip(pooled + reach, 0, 1)
    else:
        lower = binom.ppf(CHANCE / 2, n, pooled) / n
        upper = binom.isf(CHANCE / 2, n, pooled) / n
    return Limits(pooled, dispersion, tuple(lower.tolist()), tuple(upper.tolist()))


def _dispersion(scores: np.ndarray) -> float:
    """The mean square of z-scores, a tenth on each side drawn in; 1 where not clearly more."""
    count = len(scores)
    if count < _LEAST_DISPERSED:
        return 1.0
    low, high = np.quantile(scores, [_WINSORISED, 1 - _WINSORISED])
    found = float(np.mean(np.clip(scores, low, high) ** 2))
    return found if count * found > chi2.isf(0.05, count - 1) else 1.0
