"""The size of a step in a monthly series, and how sure it is, with months that hang together.

A month's level is a constant, a step at go-live, a yearly season, a slow drift of some percent a
year that any journey may have, a disturbance that lasts from month to month (autoregressive of
order one) and sampling noise that the items themselves tell.
Short series do not tell how long disturbances last; so the step is worked out under every duration
and size of a grid, and averaged by how well each fits (restricted likelihood). No single estimate
of the autocorrelation is trusted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from transforms.evidence.history import Numbers
from transforms.evidence.monthly import Series

_LASTING = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9])
_LEAST_OF_YEAR = 4
_SIZES = np.geomspace(0.05, 3.0, 11)
_KINDS = np.array([(lasting, size) for lasting in _LASTING for size in _SIZES])
Matrix = npt.NDArray[Any]


@dataclass(frozen=True)
class Estimate:
    """A coefficient: a mixture of normal distributions, and the autocorrelation that fits best."""

    weights: Numbers
    means: Numbers
    spreads: Numbers
    autocorrelation: float

    @property
    def mean(self) -> float:
        return float(self.weights @ self.means)

    @property
    def spread(self) -> float:
        """Its standard deviation."""
        second = self.weights @ (self.spreads**2 + self.means**2)
        return math.sqrt(max(float(second) - self.mean**2, 0.0))

    def below(self, value: float) -> float:
        """The probability that it lies below a value."""
        scaled: Numbers = (value - self.means) / self.spreads
        return float(self.weights @ ndtr(scaled))

    def quantile(self, share: float) -> float:
        low = float((self.means - 9 * self.spreads).min())
        high = float((self.means + 9 * self.spreads).max())
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.below(middle) < share else (low, middle)
        return (low + high) / 2

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    @property
    def p(self) -> float:
        """Twice the probability of the side of zero that it most likely is not on."""
        side = self.below(0.0)
        return min(1.0, 2 * min(side, 1 - side))


def season(month: npt.NDArray[np.int64]) -> Matrix:
    """A yearly wave: two columns; none where under four months of the year tell nothing of it."""
    if len(np.unique(month % 12)) < _LEAST_OF_YEAR:
        return np.zeros((len(month), 0))
    angle = 2 * np.pi * month / 12
    return np.column_stack([np.sin(angle), np.cos(angle)])


def trend(month: npt.NDArray[np.int64]) -> Numbers:
    """Years, from the middle of the series."""
    years: Numbers = (month - month.mean()) / 12
    return years


def step(points: Series, first_after: int) -> Estimate:
    """The step between the months before and those from `first_after` on."""
    columns = [points.after(first_after), np.ones(len(points.month)), season(points.month)]
    return fit(points, np.column_stack(columns))


def slope(points: Series) -> Estimate:
    """The change in a year, in a series without a step."""
    months = points.month
    return fit(points, np.column_stack([trend(months), np.ones(len(months)), season(months)]))


def _drift(points: Series) -> Matrix:
    """The covariance of a straight line whose slope is not known, but is not steep either."""
    line = points.yearly_drift * trend(points.month)
    found: Matrix = np.outer(line, line)
    return found


def fit(points: Series, design: Matrix) -> Estimate:
    """The coefficient of the first column of a design, which has a row for each month."""
    level = points.level
    roots = np.linalg.cholesky(covariances(points, usual_size(points, design)))
    white = np.linalg.solve(roots, np.column_stack([design, level])[None])
    told, seen = white[:, :, :-1], white[:, :, -1:]
    normal = told.transpose(0, 2, 1) @ told
    inverse = np.linalg.inv(normal)
    coefficients = inverse @ (told.transpose(0, 2, 1) @ seen)
    left = (seen - told @ coefficients)[:, :, 0]
    likelihood = (
        -np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
        - np.linalg.slogdet(normal)[1] / 2
        - (left**2).sum(axis=1) / 2
    )
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    spreads = np.sqrt(np.maximum(inverse[:, 0, 0], 1e-18))
    return Estimate(weights, coefficients[:, 0, 0], spreads, float(weights @ _KINDS[:, 0]))


def usual_size(points: Series, design: Matrix) -> float:
    """How far months lie from a design, or as far as their items alone would make them."""
    rest = points.level - design @ np.linalg.lstsq(design, points.level, rcond=None)[0]
    freedom = max(len(rest) - design.shape[1], 1)
    noise = float(np.sqrt(points.variance.mean()))
    return max(float(np.sqrt(rest @ rest / freedom)), noise, 1e-9)


def covariances(points: Series, size: float) -> Matrix:
    """That of the months under each duration and size of the grid."""
    apart = np.abs(points.month[:, None] - points.month[None, :])
    lasting, part = _KINDS[:, 0, None, None], _KINDS[:, 1, None, None]
    found: Matrix = (part * size) ** 2 * lasting**apart
    return found + np.diag(points.variance + 1e-12) + _drift(points)
