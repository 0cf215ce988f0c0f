"""The step in a monthly series: found where it is, no surer than the months allow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.evidence.effect import fit, slope, step
from transforms.evidence.monthly import Series

FIRST, LIVE = 24_000, 24_014


def series(level: np.ndarray, noise: float = 0.01, drift: float = 0.0) -> Series:
    count = len(level)
    months = np.arange(FIRST, FIRST + count)
    return Series(months, level, np.full(count, noise**2), np.full(count, 50.0), drift)


def wave(count: int = 28) -> np.ndarray:
    return 0.2 * np.sin(2 * np.pi * (np.arange(count) + FIRST) / 12)


def with_step(size: float, noise: float = 0.05, seed: int = 1) -> Series:
    rng = np.random.default_rng(seed)
    points = series(wave() + rng.normal(size=28) * noise, noise)
    return replace(points, level=points.level + size * points.after(LIVE))


def test_a_step_is_found_through_the_season() -> None:
    found = step(with_step(-0.3), LIVE)
    low, high = found.interval()
    assert found.mean == pytest.approx(-0.3, abs=0.05)
    assert low < -0.3 < high < 0
    assert found.p < 0.001


def test_no_step_is_not_found() -> None:
    low, high = step(with_step(0.0), LIVE).interval()
    assert low < 0 < high


def test_fewer_precise_months_make_it_less_sure() -> None:
    precise, coarse = (step(with_step(-0.3, noise), LIVE).spread for noise in (0.02, 0.15))
    assert coarse > 2 * precise


def test_months_that_hang_together_make_it_less_sure() -> None:
    rng = np.random.default_rng(3)
    fresh = rng.normal(size=28) * 0.1
    lasting = np.zeros(28)
    for place in range(1, 28):
        lasting[place] = 0.8 * lasting[place - 1] + 0.6 * fresh[place]
    loose = step(series(wave() + fresh), LIVE)
    tight = step(series(wave() + lasting * fresh.std() / lasting.std()), LIVE)
    assert tight.autocorrelation > loose.autocorrelation
    assert tight.spread > loose.spread


def test_a_drift_that_any_journey_may_have_makes_it_less_sure() -> None:
    points = with_step(-0.3)
    assert step(replace(points, yearly_drift=0.2), LIVE).spread > 1.5 * step(points, LIVE).spread


def test_a_straight_line_is_a_slope() -> None:
    points = series(wave() + np.arange(28) * 0.01)
    assert slope(points).mean == pytest.approx(0.12, abs=0.01)


def test_without_disturbances_it_is_weighted_least_squares() -> None:
    """Where every month is known ten thousand times better than they differ, one grid cell wins."""
    points = series(np.concatenate([np.zeros(14), np.ones(14)]), noise=0.3)
    design = np.column_stack([points.after(LIVE), np.ones(28)])
    assert fit(points, design).mean == pytest.approx(1.0, abs=1e-6)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(up=st.floats(-50, 50), size=st.floats(-1, 1))
def test_the_height_of_the_series_is_irrelevant(up: float, size: float) -> None:
    points = with_step(size)
    lifted = step(replace(points, level=points.level + up), LIVE)
    assert lifted.mean == pytest.approx(step(points, LIVE).mean, abs=1e-6)
    assert lifted.spread == pytest.approx(step(points, LIVE).spread, rel=1e-4)


def test_quantiles_are_those_of_the_mixture() -> None:
    found = step(with_step(-0.1), LIVE)
    for share in (0.025, 0.5, 0.975):
        assert found.below(found.quantile(share)) == pytest.approx(share, abs=1e-9)
