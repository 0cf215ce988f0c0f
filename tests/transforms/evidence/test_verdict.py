"""The rule of the verdict, branch by branch, and the checks that it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from tests.transforms.evidence.questions import (
    FIRST,
    LIVE,
    LIVE_MONTH,
    MONTHS,
    habits,
    items,
    question,
)
from transforms.evidence.history import Items, Other, first_day, window
from transforms.evidence.monthly import series
from transforms.evidence.verdict import Verdict, controlled, judge


def said(verdict: Verdict) -> tuple[str, str]:
    return verdict.verdict, verdict.reason


def test_a_gain_is_an_improvement_and_a_loss_a_worsening() -> None:
    better, worse = judge(question(0.7)), judge(question(1.4))
    assert said(better) == ("improved", "proven")
    assert said(worse) == ("worsened", "proven")
    assert better.effect is not None
    assert better.effect.lower < -30 < better.effect.upper
    assert all(check.passed for check in better.checks)


def test_what_is_better_depends_on_the_figure() -> None:
    assert said(judge(question(1.4, is_lower_better=False))) == ("improved", "proven")


def test_no_change_is_no_proof() -> None:
    found = judge(question())
    assert said(found) == ("no_proof", "within_noise")
    assert found.effect is not None
    assert found.effect.smallest_visible < 30


def test_nothing_old_enough_is_not_yet() -> None:
    found = judge(question(0.7, went_live_on=date(2026, 4, 1)))
    assert said(found) == ("not_yet", "cohorts_mature")
    assert found.weeks_needed is not None
    assert 30 < found.weeks_needed < 60


def test_too_few_months_after_is_not_yet_and_too_few_before_is_no_proof() -> None:
    assert said(judge(question(0.7, went_live_on=date(2025, 11, 1)))) == (
        "not_yet",
        "enough_months",
    )
    assert said(judge(question(0.7, went_live_on=date(2023, 6, 1)))) == (
        "no_proof",
        "short_baseline",
    )


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"habits": habits(0.3, 0.0)}, "registration_unchanged"),
        ({"habits": habits(0.4, 0.0, "activity:Intake")}, "registration_unchanged"),
        (
            {"volume": np.repeat(MONTHS, np.where(MONTHS >= LIVE_MONTH, 20, 40))},
            "volume_comparable",
        ),
        (
            {"volume": np.repeat(MONTHS, np.where(MONTHS >= LIVE_MONTH, 60, 40))},
            "volume_comparable",
        ),
        ({"others": (Other("two", date(2025, 3, 1), False),)}, "one_change_at_a_time"),
        ({"others": (Other("two", date(2024, 12, 1), False),)}, "one_change_at_a_time"),
    ],
)
def test_what_changed_at_the_same_time_takes_the_proof_away(
    other: dict[str, Any], reason: str
) -> None:
    assert said(judge(question(0.7, **other))) == ("no_proof", reason)


@pytest.mark.parametrize(
    "other",
    [
        {"habits": habits(0.4, 0.2, "activity:Ask again")},
        {"habits": habits(0.3, 0.25)},
        {"others": (Other("two", date(2024, 3, 1), False),)},
    ],
)
def test_what_changed_otherwise_does_not(other: dict[str, Any]) -> None:
    assert said(judge(question(0.7, **other))) == ("improved", "proven")


def test_a_mix_that_shifts_is_held_constant_and_one_that_turns_over_is_refused() -> None:
    def mixed(share_after: float) -> Items:
        rng, found = np.random.default_rng(2), items()
        share = np.where(found.month >= LIVE_MONTH, share_after, 0.3)
        is_quick = rng.random(len(found.month)) < share
        value = found.value * np.where(is_quick, 0.3, 1.0)
        return replace(found, value=value, group=np.where(is_quick, "quick", "slow"))

    assert said(judge(question(items=mixed(0.5)))) == ("no_proof", "within_noise")
    assert said(judge(question(items=mixed(0.9)))) == ("no_proof", "mix_comparable")


def test_what_the_comparison_group_gained_too_is_no_proof() -> None:
    assert said(judge(question(0.7, comparison=items(0.7, seed=8)))) == ("no_proof", "within_noise")
    assert said(judge(question(0.6, comparison=items(1.0, seed=8)))) == ("improved", "proven")


def test_a_group_that_drifted_away_before_is_no_comparison() -> None:
    other = items(seed=8)
    drift = np.exp(-0.3 * (other.month - FIRST) / 12)
    found = judge(question(0.7, comparison=replace(other, value=other.value * drift)))
    assert said(found) == ("no_proof", "parallel_before")


def test_a_baseline_on_its_way_down_explains_the_difference() -> None:
    found = items()
    drift = np.exp(-0.5 * (found.month - FIRST) / 12)
    assert said(judge(question(items=replace(found, value=found.value * drift))))[0] == "no_proof"


def test_open_cases_do_not_flatter_a_young_month() -> None:
    """The last two months' slow cases are open; without maturity they would look quick."""
    found = items(days=40.0)
    until = first_day(int(MONTHS[-1]) + 1)
    age = np.array([(until - first_day(int(month))).days - 15 for month in found.month], float)
    is_open = found.value > age
    young = replace(found, value=np.minimum(found.value, age), is_open=is_open)
    asked = window(question(items=young))
    assert asked.last_after < MONTHS[-1] - 2
    assert said(judge(question(items=young))) == ("no_proof", "within_noise")


def test_another_improvement_of_the_same_figure_ends_the_comparison() -> None:
    others = (Other("two", date(2023, 9, 1), True), Other("three", date(2025, 12, 1), True))
    asked = window(question(others=others))
    assert (first_day(asked.first), first_day(asked.last_after)) == (
        date(2023, 9, 1),
        date(2025, 11, 1),
    )
    assert asked.cut_by == ("two", "three")


def test_the_month_of_go_live_and_the_transition_belong_to_neither_side() -> None:
    asked = window(question(went_live_on=date(2025, 1, 15), transition_days=30))
    assert first_day(asked.last_before) == date(2024, 12, 1)
    assert first_day(asked.first_after) == date(2025, 3, 1)
    assert first_day(window(question()).first_after) == LIVE


def test_months_of_few_items_do_not_count() -> None:
    found = items(each=9)
    assert len(series(found, "time", window(question(items=found))).month) == 0
    assert said(judge(question(items=found, volume=found.month)))[0] == "no_proof"


def test_shares_and_means_are_judged_in_their_own_unit() -> None:
    rng, found = np.random.default_rng(0), items(each=200)
    chance = np.where(found.month >= LIVE_MONTH, 0.7, 0.55)
    share = replace(found, value=(rng.random(len(chance)) < chance).astype(float))
    more = judge(question(items=share, volume=share.month, kind="share", is_lower_better=False))
    assert said(more) == ("improved", "proven")
    assert more.effect is not None
    assert more.effect.mean == pytest.approx(15, abs=4)
    count = replace(found, value=rng.poisson(np.where(found.month >= LIVE_MONTH, 1.0, 2.0)) * 1.0)
    fewer = judge(question(items=count, volume=count.month, kind="mean"))
    assert fewer.effect is not None
    assert fewer.effect.mean == pytest.approx(-1, abs=0.2)


@pytest.mark.parametrize(
    ("change", "expected", "unit", "outcome"),
    [
        (0.7, -25.0, "percent", "met"),
        (0.7, -60.0, "percent", "less"),
        (1.4, -10.0, "percent", "not"),
        (1.0, -60.0, "percent", "not"),
        (1.0, -3.0, "percent", "unknown"),
    ],
)
def test_what_was_expected_is_held_against_what_came(
    change: float, expected: float, unit: str, outcome: str
) -> None:
    found = judge(question(change, expected=expected, expected_unit=unit))
    assert found.expectation == outcome


def test_of_many_verdicts_only_those_that_survive_stand() -> None:
    clear, none = judge(question(0.7)), judge(question())
    assert clear.effect is not None
    borderline = replace(clear, effect=replace(clear.effect, p=0.04))
    alone, [kept, *rest] = controlled([borderline]), controlled([borderline, *[none] * 9])
    assert said(alone[0]) == ("improved", "proven")
    assert said(kept) == ("no_proof", "too_many_tests")
    assert all(said(v) == said(none) for v in rest)
    assert said(controlled([clear, *[none] * 9])[0]) == ("improved", "proven")


def test_a_quick_look_would_have_been_misled() -> None:
    found = judge(question(0.7, habits=habits(0.3, 0.0)))
    assert (found.verdict, found.naive.says) == ("no_proof", "improved")
    assert found.naive.change == pytest.approx(-30, abs=6)
