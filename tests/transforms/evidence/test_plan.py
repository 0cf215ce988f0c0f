"""The plan asks what the judge would need: its chance is that of the judge on simulated histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.calibrating import Scenario, history, tallied
from tests.transforms.evidence.questions import items, question
from transforms.evidence.history import first_day
from transforms.evidence.plan import on_scale, plan

LESS_25 = float(np.log(0.75))


def test_a_large_change_takes_fewer_months_than_a_small_one() -> None:
    asked = question()
    large, small = (plan(asked, on_scale(change, "percent", asked)) for change in (-40, -11))
    assert large.months == 8
    assert small.months is None or small.months > large.months
    assert large.weeks is not None
    assert large.weeks > 8 * 4.35


def test_what_cannot_be_seen_is_said_with_its_chance() -> None:
    asked = question()
    found = plan(asked, on_scale(-2, "percent", asked))
    assert (found.months, found.weeks) == (None, None)
    assert found.chance < 0.5
    assert 2 < found.smallest < 40


def test_without_eight_months_before_there_is_no_plan() -> None:
    found = plan(question(went_live_on=date(2023, 6, 1)), LESS_25)
    assert (found.months, found.months_before) == (None, 5)


def test_more_cases_make_it_shorter() -> None:
    few, many = (question(items=items(each=each)) for each in (15, 120))
    assert plan(many, LESS_25).smallest < plan(few, LESS_25).smallest


@pytest.mark.parametrize(
    ("kind", "change", "unit", "expected"),
    [
        ("time", -25.0, "percent", LESS_25),
        ("time", -100.0, "percent", -np.inf),
        ("share", 10.0, "points", 0.1),
        ("mean", -1.0, "absolute", -1.0),
    ],
)
def test_an_expectation_is_put_on_the_scale_of_the_series(
    kind: str, change: float, unit: str, expected: float
) -> None:
    asked = replace(question(), kind=kind)  # type: ignore[arg-type]
    assert on_scale(change, unit, asked) == pytest.approx(expected)


def test_go_live_may_lie_ahead() -> None:
    asked = question()
    ahead = replace(asked, went_live_on=first_day(int(asked.items.month.max()) + 3))
    assert plan(ahead, LESS_25).months_before > plan(asked, LESS_25).months_before


@pytest.mark.slow
def test_the_chance_is_that_of_the_judge() -> None:
    scenario = Scenario("plan", before=14, after=16, effect=LESS_25, cases=40)
    claimed = tallied(scenario, 300, seed=5).claimed
    rng = np.random.default_rng(6)
    asked = [history(replace(scenario, effect=0.0), rng) for _ in range(30)]
    planned = np.mean([_chance_after(each, 12) for each in asked])
    assert claimed == pytest.approx(planned, abs=0.12)


def _chance_after(asked: object, months: int) -> float:
    from transforms.evidence import plan as planning

    found = planning.window(asked)  # type: ignore[arg-type]
    before = planning.series(asked.items, "time", planning._only_before(asked, found))  # type: ignore[attr-defined]
    return planning._chance(LESS_25, planning._spread(before, months))
