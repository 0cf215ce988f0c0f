"""False claims, coverage and power on simulated histories; benchmarks/calibrating.py has thousands."""

from __future__ import annotations

import pytest

from benchmarks.calibrating import WITH_EFFECT, WITHOUT_EFFECT, Scenario, tallied

FEW, MANY = 12, 400


def id_of(scenario: Scenario) -> str:
    return scenario.name


@pytest.mark.parametrize("scenario", WITHOUT_EFFECT, ids=id_of)
def test_nothing_is_claimed_of_a_few_histories_without_an_effect(scenario: Scenario) -> None:
    assert tallied(scenario, FEW, seed=2).claimed <= 1 / FEW


def test_a_quarter_less_is_found_in_most_of_a_few_histories() -> None:
    assert tallied(WITH_EFFECT[0], FEW, seed=2).claimed >= 0.75


def test_a_side_by_side_report_would_have_claimed_most_of_them() -> None:
    misled = [tallied(each, FEW, seed=2).naive_claims / FEW for each in WITHOUT_EFFECT]
    assert sum(share > 0.25 for share in misled) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("scenario", WITHOUT_EFFECT, ids=id_of)
def test_at_most_five_percent_of_histories_without_an_effect_are_claimed(
    scenario: Scenario,
) -> None:
    tally = tallied(scenario, MANY, seed=3)
    assert tally.claimed <= 0.05 + 2 * (0.05 * 0.95 / MANY) ** 0.5
    assert tally.coverage is None or tally.coverage >= 0.93


@pytest.mark.slow
def test_a_quarter_less_with_a_year_on_both_sides_is_found_in_four_of_five() -> None:
    tally = tallied(WITH_EFFECT[0], MANY, seed=3)
    assert tally.claimed >= 0.8
    assert tally.coverage is not None
    assert tally.coverage >= 0.93
