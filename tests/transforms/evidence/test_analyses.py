"""What stands beside a verdict, against results worked out by hand or by another program."""

from __future__ import annotations

import numpy as np
import pytest

from tests.transforms.evidence.questions import question
from transforms.evidence.analyses import analyses, restricted_mean
from transforms.evidence.history import Items
from transforms.evidence.verdict import Verdict, judge


def found(change: float) -> tuple[Verdict, dict[str, list[float]]]:
    asked = question(change)
    verdict = judge(asked)
    told: dict[str, list[float]] = {}
    for each in analyses(asked, verdict.window, verdict.points):
        told.setdefault(each.name, []).append(each.value)
    return verdict, told


def observed(times: list[float], is_open: list[int]) -> Items:
    count = len(times)
    month, group = np.zeros(count, np.int64), np.full(count, "")
    return Items(month, np.array(times), np.array(is_open, bool), group)


def test_the_restricted_mean_is_the_area_under_the_curve() -> None:
    """Ends at 2 and 4, open at 3 and 5: the curve is 1 to day 2, 3/4 to day 4, then 3/8."""
    area, variance = restricted_mean(observed([2, 3, 4, 5], [0, 1, 0, 1]), 5.0)
    assert area == pytest.approx(2 + 2 * 0.75 + 0.375)
    by_hand = (1.5 + 0.375) ** 2 * 1 / (4 * 3) + 0.375**2 * 1 / (2 * 1)
    assert variance == pytest.approx(by_hand)


def test_without_open_cases_it_is_the_mean_of_what_is_under_the_horizon() -> None:
    times = [1.0, 2.0, 2.0, 7.0, 9.0]
    area, _ = restricted_mean(observed(times, [0] * 5), 8.0)
    assert area == pytest.approx(np.minimum(times, 8).mean())


def test_every_method_sees_a_clear_gain() -> None:
    _, told = found(0.7)
    assert told["level"][0] == pytest.approx(-30, abs=12)
    assert told["restricted_mean"][0] < -4
    assert told["drawn_again"][0] < -4
    assert abs(told["log_rank"][0]) > 5


def test_shuffled_months_seldom_differ_as_much_as_a_clear_gain_and_often_as_nothing() -> None:
    for change, low, high in ((0.7, 0.0, 0.05), (1.0, 0.05, 1.0)):
        asked = question(change)
        verdict = judge(asked)
        [shuffled] = [
            each
            for each in analyses(asked, verdict.window, verdict.points)
            if each.name == "permuted"
        ]
        assert shuffled.p is not None
        assert low <= shuffled.p <= high


def test_nothing_is_seen_at_dates_at_which_nothing_changed() -> None:
    asked = question(0.7)
    verdict = judge(asked)
    placebos = [
        each for each in analyses(asked, verdict.window, verdict.points) if each.name == "placebo"
    ]
    assert len(placebos) >= 12
    assert sum(each.p is not None and each.p < 0.05 for each in placebos) <= 2


def test_the_same_question_gives_the_same_numbers() -> None:
    assert found(0.9)[1] == found(0.9)[1]
