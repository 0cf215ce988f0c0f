"""Funnel limits: exact where chance explains the differences, wider where it does not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, norm

from transforms.evidence.funnel import CHANCE, funnel


def test_limits_hold_all_but_two_in_a_thousand_and_no_more_than_they_must() -> None:
    found = funnel([40, 55, 105], [100, 100, 200])
    assert found is not None
    assert found.pooled == pytest.approx(0.5)
    for n, low, high in zip((100, 100, 200), found.lower, found.upper, strict=True):
        assert binom.cdf(low * n - 1, n, 0.5) < CHANCE / 2 <= binom.cdf(low * n, n, 0.5)
        assert binom.sf(high * n, n, 0.5) <= CHANCE / 2 < binom.sf(high * n - 1, n, 0.5)


def test_a_larger_organisation_has_a_narrower_funnel_and_one_far_away_is_seen() -> None:
    found = funnel([500, 500, 70], [1000, 1000, 100])
    assert found is not None
    widths = [high - low for low, high in zip(found.lower, found.upper, strict=True)]
    assert widths[0] < widths[2]
    assert found.places([0.5, 0.5, 0.7]) == ["inside", "inside", "above"]
    assert found.places([0.5, 0.3, 0.5]) == ["inside", "below", "inside"]


def test_towns_that_differ_more_than_chance_widen_it_by_the_mean_square_of_drawn_in_scores() -> (
    None
):
    hits, sizes = [300, 400, 500, 600, 700], [1000] * 5
    found = funnel(hits, sizes)
    assert found is not None
    scores = (np.array(hits) / 1000 - 0.5) / np.sqrt(0.25 / 1000)
    drawn_in = np.clip(scores, *np.quantile(scores, [0.1, 0.9]))
    assert found.dispersion == pytest.approx(float(np.mean(drawn_in**2)))
    reach = norm.isf(CHANCE / 2) * np.sqrt(found.dispersion * 0.25 / 1000)
    assert found.upper == pytest.approx([min(1.0, 0.5 + reach)] * 5)
    assert set(found.places([h / 1000 for h in hits])) == {"inside"}


def test_equal_towns_are_outside_as_seldom_as_is_said() -> None:
    random = np.random.default_rng(11)
    outside = 0
    for _ in range(400):
        sizes = random.integers(80, 3000, 12)
        hits = random.binomial(sizes, 0.7)
        found = funnel(hits.tolist(), sizes.tolist())
        assert found is not None
        outside += sum(place != "inside" for place in found.places((hits / sizes).tolist()))
    assert outside / (400 * 12) < 2 * CHANCE


@pytest.mark.parametrize(
    ("hits", "sizes"), [([4, 5], [10, 10]), ([0, 0, 0], [9, 9, 9]), ([9, 9, 9], [9, 9, 9])]
)
def test_without_three_towns_or_without_any_difference_there_is_no_funnel(
    hits: list[float], sizes: list[float]
) -> None:
    assert funnel(hits, sizes) is None
