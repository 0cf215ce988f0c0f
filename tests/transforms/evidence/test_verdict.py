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
from transforms.evidence.history import (
    Compared,
    Items,
    Other,
    first_day,
    longest_usual,
    month_of,
    window,
)
from transforms.evidence.monthly import as_shown, series
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


def beside(other: Items, **more: Any) -> Compared:
    """A comparison group of which nothing else changed."""
    return Compared(other, other.month, question().habits, **more)


def test_what_the_comparison_group_gained_too_is_no_proof() -> None:
    assert said(judge(question(0.7, comparison=beside(items(0.7, seed=8))))) == (
        "no_proof",
        "within_noise",
    )
    assert said(judge(question(0.6, comparison=beside(items(1.0, seed=8))))) == (
        "improved",
        "proven",
    )


def test_a_group_that_drifted_away_before_is_no_comparison() -> None:
    other = items(seed=8)
    drift = np.exp(-0.3 * (other.month - FIRST) / 12)
    found = judge(question(0.7, comparison=beside(replace(other, value=other.value * drift))))
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


def test_a_comparison_group_that_moves_alone_proves_nothing() -> None:
    """The group itself did not change; what it is held against became slower."""
    found = judge(question(comparison=beside(items(1.5, seed=8))))
    assert said(found) == ("no_proof", "moved_itself")
    assert found.expectation in (None, "unknown")


def test_what_else_changed_in_the_comparison_group_counts_as_well() -> None:
    other = items(seed=8)
    more = np.repeat(other.month[other.month >= LIVE_MONTH], 2)
    crowded = Compared(other, np.concatenate([other.month, more]), question().habits)
    assert judge(question(0.7, comparison=crowded)).reason == "volume_comparable"
    near = beside(other, others=(Other("theirs", LIVE, False),))
    assert judge(question(0.7, comparison=near)).reason == "one_change_at_a_time"


def test_the_slower_of_two_groups_says_how_long_months_must_be_followed() -> None:
    slow = items(seed=8)
    slow = replace(slow, value=slow.value * 6)
    alone, both = window(question()), window(question(comparison=beside(slow)))
    assert both.horizon_days > 4 * alone.horizon_days
    assert both.last_after < alone.last_after


def test_a_few_that_never_end_do_not_keep_all_others_waiting() -> None:
    """One in twelve is abandoned and stays open."""
    found = items(0.6)
    never = np.arange(len(found.value)) % 12 == 0
    age = 30.44 * (found.month.max() + 1 - found.month) + 1
    left = replace(found, value=np.where(never, age, found.value), is_open=found.is_open | never)
    told = judge(question(items=left))
    assert told.window.horizon_days < 300
    assert said(told) == ("improved", "proven")


def test_a_young_open_item_is_not_taken_for_an_endless_one() -> None:
    ended = Items(np.zeros(90, int), np.full(90, 10.0), np.zeros(90, bool), np.zeros(90, str))
    young = Items(np.zeros(10, int), np.full(10, 1.0), np.ones(10, bool), np.zeros(10, str))
    both = Items(
        *(
            np.concatenate([getattr(ended, name), getattr(young, name)])
            for name in ("month", "value", "is_open", "group")
        )
    )
    assert longest_usual(both) == 10


@pytest.mark.parametrize("kept", [(0,), (4, 5)])
def test_a_journey_of_one_season_stops_nothing(kept: tuple[int, ...]) -> None:
    found = items(0.7)
    months = np.isin(found.month % 12, kept)
    some = Items(
        found.month[months], found.value[months], found.is_open[months], found.group[months]
    )
    assert judge(question(items=some)).verdict in ("no_proof", "not_yet")


def test_without_months_before_levels_are_days_all_the_same() -> None:
    asked = question(went_live_on=first_day(FIRST - 6))
    found = judge(asked)
    assert said(found) == ("no_proof", "short_baseline")
    shown = [as_shown(float(level), asked) for level in found.points.level]
    assert all(0 < days < 1000 for days in shown)


def test_another_improvement_within_eight_months_leaves_nothing_to_wait_for() -> None:
    later = first_day(month_of(question().seen_until) - 1)
    live = first_day(month_of(question().seen_until) - 6)
    others = (Other("two", later, True),)
    found = judge(question(went_live_on=live, others=others))
    assert said(found) == ("no_proof", "one_change_at_a_time")
    assert found.weeks_needed is None


def test_the_weeks_to_wait_begin_at_go_live() -> None:
    """Two years ahead there is more to wait for than two years."""
    ahead = judge(question(went_live_on=first_day(month_of(question().seen_until) + 24)))
    assert ahead.verdict == "not_yet"
    assert ahead.weeks_needed is not None
    assert ahead.weeks_needed > 104 + 8 * 4


def test_days_that_were_expected_of_a_time_are_held_against_days() -> None:
    few, many = (
        judge(question(0.7, expected=change, expected_unit="absolute")) for change in (-5, -500)
    )
    assert (few.expectation, many.expectation) == ("met", "less")


def test_what_cannot_be_attributed_is_not_said_to_be_missed() -> None:
    found = judge(question(expected=-25, expected_unit="percent", volume=crowd()))
    assert (found.reason, found.expectation) == ("volume_comparable", "unknown")


def crowd() -> Any:
    """Twice as many after go-live."""
    month = items().month
    return np.concatenate([month, month[month >= LIVE_MONTH]])
