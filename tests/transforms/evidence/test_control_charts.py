"""Control charts: the reference's vectors, published charts, and what must hold of every chart."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import SHARED
from transforms.evidence.chart_records import ControlChart
from transforms.evidence.control_charts import control_chart
from transforms.evidence.control_rules import (
    MDC2023,
    NHSR022,
    RULE_SETS,
    RULES,
    SIGMAS,
    Limits,
    RuleSet,
    marks,
)
from transforms.evidence.series import Change, Direction, Point

GOLDEN = SHARED / "kpi" / "golden.json"
MONDAY = date(2024, 1, 1)


def vectors() -> dict[str, dict[str, Any]]:
    if not GOLDEN.exists():
        return {}
    return {v["id"]: v for v in json.loads(GOLDEN.read_text(encoding="utf-8"))["spc"]["vectors"]}


VECTORS = vectors()
needs_vectors = pytest.mark.skipif(not VECTORS, reason="needs the KPI reference beside the project")


def week(number: int) -> date:
    return MONDAY + timedelta(weeks=number)


def series(values: Sequence[float], n: int | None = 50) -> list[Point]:
    return [Point(week(place), float(value), n) for place, value in enumerate(values)]


def flagged(chart: ControlChart) -> dict[str, list[int]]:
    """Positions (from 1) by rule, as the vectors have them."""
    return {
        rule: [
            place
            for place, point in enumerate(chart.points, start=1)
            if any(flag.rule == rule for flag in point.flags)
        ]
        for rule in RULES
    }


def numbers(chart: ControlChart, stretch: int = 0) -> dict[str, float | None]:
    first = next(point for point in chart.points if point.stretch == stretch)
    return {
        "mean": first.centre,
        "mean_mr": chart.stretches[stretch].mean_moving_range,
        "lower_limit": first.lower,
        "upper_limit": first.upper,
        "lower_2sigma": first.lower_2sigma,
        "upper_2sigma": first.upper_2sigma,
        "mr_upper_limit": chart.stretches[stretch].moving_range_limit,
    }


def assert_expected(chart: ControlChart, expect: dict[str, Any], stretch: int = 0) -> None:
    found = numbers(chart, stretch)
    known = {name: value for name, value in expect.items() if name in found}
    assert {name: found[name] for name in known} == pytest.approx(known, abs=1e-6)
    flags = expect.get(f"flags_{chart.rules}")
    if flags is not None:
        assert flagged(chart) == flags


@needs_vectors
def test_every_vector_of_the_reference_has_its_test() -> None:
    assert {v.removeprefix("spc.") for v in VECTORS} == {
        "screening_18",
        "four_points",
        *GIVEN,
        "constant_baseline",
        "fixed_baseline_step",
        "rebase_segments",
    }


@needs_vectors
def test_screening_narrows_the_limits_and_leaves_the_mean() -> None:
    vector = VECTORS["spc.screening_18"]
    points = series(vector["values"])
    screened = control_chart(points, direction="none", rules=NHSR022)
    unscreened = control_chart(points, direction="none", rules=MDC2023)
    assert_expected(screened, vector["expect"]["screened"])
    assert_expected(unscreened, vector["expect"]["unscreened"])
    beside = vector["expect"]["screened"]
    assert unscreened.stretches[0].screened == pytest.approx(
        (beside["lower_limit"], beside["upper_limit"])
    )


def test_the_published_limits_of_the_screening_vignette() -> None:
    values = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
    screened = numbers(control_chart(series(values), direction="none", rules=NHSR022))
    unscreened = numbers(control_chart(series(values), direction="none"))
    names = ("mean", "lower_limit", "upper_limit")
    assert [screened[name] for name in names] == pytest.approx([1.94, -0.72, 4.60], abs=0.005)
    assert [unscreened[name] for name in names] == pytest.approx([1.94, -3.06, 6.95], abs=0.005)


@needs_vectors
def test_limits_of_four_points() -> None:
    vector = VECTORS["spc.four_points"]
    chart = control_chart(series(vector["values"]), direction="lower")
    assert_expected(chart, vector["expect"])


GIVEN = (
    "two_of_three_a",
    "two_of_three_sides",
    "two_of_three_inner",
    "trend_tie",
    "shift_on_mean",
    "shift_seven",
    "limit_is_inclusive",
)


@needs_vectors
@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=lambda rules: rules.name)
@pytest.mark.parametrize("name", GIVEN)
def test_the_rules_mark_what_the_vector_says(name: str, rules: RuleSet) -> None:
    vector = VECTORS[f"spc.{name}"]
    lines = Limits.around(vector["given"]["mean"], SIGMAS * vector["given"]["mean_mr"])
    found = marks(np.array(vector["values"], dtype=float), lines, rules)
    places = {
        rule: (np.flatnonzero(found[rule, "high"] | found[rule, "low"]) + 1).tolist()
        for rule in RULES
    }
    expect = vector["expect"]
    expect = expect.get(rules.name, expect)
    if rules.ties in expect:
        expect = {"trend": expect[rules.ties]}
    assert expect
    assert {rule: places[rule] for rule in expect} == expect


@needs_vectors
@pytest.mark.parametrize("rules", RULE_SETS.values(), ids=lambda rules: rules.name)
def test_a_constant_baseline_has_limits_on_its_mean(rules: RuleSet) -> None:
    vector = VECTORS["spc.constant_baseline"]
    chart = control_chart(
        series(vector["values"]), direction="none", rules=rules, baseline=vector["baseline_points"]
    )
    assert_expected(chart, vector["expect"])
    found = flagged(chart)
    assert (found["outside"], found["shift"]) == ([13], [])


@needs_vectors
def test_points_after_a_fixed_baseline_are_judged_against_it() -> None:
    vector = VECTORS["spc.fixed_baseline_step"]
    chart = control_chart(
        series(vector["values"]), direction="lower", baseline=vector["baseline_points"]
    )
    assert_expected(chart, vector["expect"])
    assert chart.variation == ("improving",)


@needs_vectors
def test_no_flag_crosses_a_rebase() -> None:
    vector = VECTORS["spc.rebase_segments"]
    points = series(vector["values"])
    change = Change(points[13].start, "front_desk")
    chart = control_chart(points, direction="lower", changes=[change])
    assert_expected(chart, vector["expect"]["segment1"], stretch=0)
    assert_expected(chart, vector["expect"]["segment2"], stretch=1)
    assert flagged(chart) == vector["expect"]["flags_mdc2023"]
    assert [stretch.change for stretch in chart.stretches] == [None, change]
    without = flagged(control_chart(points, direction="lower"))
    assert without["trend"] == vector["expect"]["trap_without_rebase_trend"]


def test_a_share_has_limits_by_its_own_denominator() -> None:
    """Worked out by hand: thirty shares of fifty each, 694 in 3,000 together."""
    percents = [24, 30, 16, 20, 8, 14, 32, 18, 28, 20, 10, 12, 34, 24, 44]
    percents += [16, 20, 10, 26, 22, 40, 36, 48, 30, 18, 24, 14, 26, 18, 12]
    chart = control_chart(series(percents), direction="lower", kind="p", per=100)
    first = chart.points[0]
    assert (first.centre, first.lower, first.upper) == pytest.approx((23.13, 5.24, 41.02), abs=0.01)
    assert flagged(chart)["outside"] == [15, 23]


def test_events_per_unit_have_limits_that_widen_where_there_are_fewer_units() -> None:
    rates, units = [1.4, 1.5, 1.0, 3.0], [100, 80, 130, 95]
    points = [Point(week(i), r, n) for i, (r, n) in enumerate(zip(rates, units, strict=True))]
    chart = control_chart(points, direction="lower", kind="u")
    centre = sum(r * n for r, n in zip(rates, units, strict=True)) / sum(units)
    for point, n in zip(chart.points, units, strict=True):
        wide = 3 * (centre / n) ** 0.5
        assert (point.centre, point.lower, point.upper) == pytest.approx(
            (centre, centre - wide, centre + wide)
        )
    assert flagged(chart)["outside"] == [3, 4]


def test_days_between_rare_events_have_limits_on_nelsons_scale() -> None:
    days = [30.0, 12.0, 45.0, 8.0, 60.0, 22.0, 15.0, 38.0, 5.0, 27.0, 51.0, 18.0, 33.0, 900.0]
    chart = control_chart(series(days, None), direction="higher", kind="t")
    scaled = [value ** (1 / 3.6) for value in days]
    centre = sum(scaled) / len(scaled)
    spread = sum(abs(a - b) for a, b in itertools.pairwise(scaled)) / 13
    last = chart.points[-1]
    assert last.centre == pytest.approx(centre**3.6)
    assert last.upper == pytest.approx((centre + 2.66 * spread) ** 3.6)
    assert last.lower == pytest.approx(max(centre - 2.66 * spread, 0.0) ** 3.6)
    assert flagged(chart)["outside"] == [14]
    assert chart.variation == ("improving",)


def test_limits_of_shares_and_rates_stay_where_such_figures_can_be() -> None:
    shares = control_chart(series([98, 99, 100] * 5), direction="higher", kind="p", per=100)
    rates = control_chart(series([0.01, 0.0, 0.02] * 5), direction="lower", kind="u")
    assert {point.upper for point in shares.points} == {100.0}
    assert {point.lower for point in rates.points} == {0.0}
    assert all(not places for places in flagged(shares).values())


def test_a_share_without_its_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="number of cases of every point"):
        control_chart(series([50.0] * 13, None), direction="higher", kind="p", per=100)


CALM = [52, 48, 55, 47, 51, 49, 53, 50, 46, 54, 50, 48, 52, 49, 51, 50, 53, 47, 52, 49]


def test_points_that_may_not_be_judged_are_shown_but_make_no_limits_and_no_runs() -> None:
    plain = control_chart(series(CALM), direction="lower")
    strange = [
        Point(week(20), None),
        Point(week(21), 900.0, 9),
        Point(week(22), 900.0, 50, is_mature=False),
    ]
    chart = control_chart([*strange, *series(CALM)], direction="lower")
    assert [point.state for point in chart.points[20:]] == ["missing", "few", "immature"]
    assert chart.points[:20] == plain.points
    assert all(p.centre is None and not p.flags for p in chart.points[20:])
    assert chart.variation == ("common_cause",)
    assert chart.stretches == plain.stretches


@pytest.mark.parametrize(("points", "is_trial"), [(12, True), (13, False)])
def test_under_thirteen_points_limits_are_on_trial_and_say_nothing(
    points: int, is_trial: bool
) -> None:
    chart = control_chart(series(CALM[:points]), direction="lower", target=100)
    assert chart.stretches[0].is_trial is is_trial
    assert (chart.variation == ()) is is_trial
    assert (chart.assurance is None) is is_trial


@pytest.mark.parametrize(
    ("direction", "step", "meaning"),
    [
        ("lower", -9, "improving"),
        ("lower", 9, "concerning"),
        ("higher", -9, "concerning"),
        ("higher", 9, "improving"),
        ("none", 9, "neither"),
    ],
)
def test_variation_follows_the_direction_of_the_kpi(
    direction: Direction, step: float, meaning: str
) -> None:
    values = [*CALM, *(value + step for value in CALM[:8])]
    chart = control_chart(series(values), direction=direction, baseline=20)
    assert chart.variation == (meaning,)
    assert not any(point.flags for point in chart.points[:20])


def test_a_last_point_with_flags_both_ways_shows_both() -> None:
    values = [50, 51] * 10 + [20, 23, 26, 29, 32, 35, 38]
    chart = control_chart(series(values), direction="lower", baseline=20)
    assert {flag.rule for flag in chart.points[-1].flags if flag.side == "high"} == {"trend"}
    assert chart.variation == ("concerning", "improving")


@pytest.mark.parametrize(
    ("direction", "target", "assurance"),
    [
        ("lower", 80, "passing"),
        ("lower", 20, "failing"),
        ("lower", 50, "hit_or_miss"),
        ("higher", 80, "failing"),
        ("higher", 20, "passing"),
        ("higher", None, None),
        ("none", 80, None),
    ],
)
def test_assurance_says_what_ordinary_variation_does_with_the_target(
    direction: Direction, target: float | None, assurance: str | None
) -> None:
    assert control_chart(series(CALM), direction=direction, target=target).assurance == assurance


def test_a_target_on_a_limit_is_hit_or_missed() -> None:
    upper = control_chart(series(CALM), direction="lower").points[0].upper
    assert control_chart(series(CALM), direction="lower", target=upper).assurance == "hit_or_miss"


@pytest.mark.parametrize(
    ("weeks", "refused"),
    [
        ([13], []),
        ([29], [("too_few_after", 11)]),
        ([28], []),
        ([0], [("nothing_before", 40)]),
        ([14, 20], [("too_near_next", 26)]),
        ([14, 26], []),
    ],
)
def test_a_change_gives_new_limits_where_twelve_points_follow_it(
    weeks: list[int], refused: list[tuple[str, int]]
) -> None:
    changes = [Change(week(number), f"change_{number}") for number in weeks]
    chart = control_chart(series(CALM * 2), direction="lower", changes=changes)
    assert [(item.reason, item.points_after) for item in chart.refused] == refused
    assert len(chart.stretches) == 1 + len(changes) - len(refused)


def test_a_week_in_which_a_change_falls_belongs_to_the_time_before_it() -> None:
    change = Change(week(13) + timedelta(days=2), "desk")
    chart = control_chart(series(CALM * 2), direction="lower", changes=[change])
    assert chart.stretches[0].last == week(13)
    assert chart.stretches[1].first == week(14)


def test_a_chart_says_how_often_it_cries_wolf() -> None:
    whole = control_chart(series(CALM), direction="lower").false_alarm
    fixed = control_chart(series(CALM), direction="lower", baseline=13).false_alarm
    assert whole is not None
    assert fixed is not None
    assert whole.percent_if_carried_over is not None
    assert 5 < whole.percent < whole.percent_if_carried_over < 60
    assert fixed.percent > whole.percent
    halves = control_chart(series(CALM * 2), direction="lower", changes=[Change(week(20), "x")])
    assert halves.false_alarm is not None
    assert halves.false_alarm.percent > whole.percent
    shares = control_chart(series(CALM), direction="higher", kind="p", per=100).false_alarm
    assert shares is not None
    assert 0 < shares.percent < 40
    assert shares.percent_if_carried_over is None


def test_a_chart_of_a_baseline_alone_flags_nothing_and_says_nothing() -> None:
    chart = control_chart(series([*CALM[:12], 500]), direction="lower", baseline=13)
    assert not any(point.flags for point in chart.points)
    assert (chart.variation, chart.false_alarm) == ((), None)


@pytest.mark.parametrize("points", [[], [Point(MONDAY, None)]])
def test_a_chart_without_points_is_empty(points: list[Point]) -> None:
    chart = control_chart(points, direction="lower", changes=[Change(MONDAY, "x")], target=3)
    assert (chart.stretches, chart.variation, chart.assurance) == ((), (), None)
    assert chart.false_alarm is None


def test_a_chart_goes_to_json_and_back() -> None:
    record = asdict(control_chart(series(CALM), direction="lower", changes=[Change(week(5), "x")]))
    assert json.loads(json.dumps(record, default=str))["points"][0]["start"] == "2024-01-01"


whole_numbers = st.lists(st.integers(-30, 30), min_size=1, max_size=30)


@settings(deadline=None, max_examples=60)
@given(values=whole_numbers, rules=st.sampled_from([MDC2023, NHSR022]))
def test_a_mirrored_series_has_mirrored_flags(values: list[int], rules: RuleSet) -> None:
    limits = Limits.around(0.0, 12.0)
    straight = marks(np.array(values, dtype=float), limits, rules)
    mirrored = marks(-np.array(values, dtype=float), limits, rules)
    for rule in RULES:
        assert straight[rule, "high"].tolist() == mirrored[rule, "low"].tolist()


@settings(deadline=None, max_examples=60)
@given(values=whole_numbers, factor=st.sampled_from([0.001, 3.0, 1000.0]), rise=st.integers(0, 9))
def test_flags_do_not_depend_on_the_unit(values: list[int], factor: float, rise: int) -> None:
    limits, moved = Limits.around(0.0, 12.0), Limits.around(rise * factor, 12.0 * factor)
    plain = np.array(values, dtype=float)
    found = marks(plain, limits, MDC2023)
    for key, where in marks((plain + rise) * factor, moved, MDC2023).items():
        assert where.tolist() == found[key].tolist()


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(st.integers(-5, 5), min_size=12, max_size=12), min_size=1))
def test_many_series_at_once_are_marked_as_each_alone(rows: list[list[int]]) -> None:
    together = np.array(rows, dtype=float)
    limits = Limits.around(0.0, 4.0)
    for rules in (MDC2023, replace(NHSR022, ties="neutral")):
        found = marks(together, limits, rules)
        for place, row in enumerate(together):
            for key, where in marks(row, limits, rules).items():
                assert where.tolist() == found[key][place].tolist()
