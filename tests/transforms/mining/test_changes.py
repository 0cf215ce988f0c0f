"""Differences between periods and groups, and since when: found where they are, and not by chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchmarks.comparing import STEP, rate_of_claims, world
from transforms.mining.aspects import Feature, Months, months_of, value_of, wave_of
from transforms.mining.change_points import change_points
from transforms.mining.changes import process_changes

SCHEMA = {
    "journey": pl.String,
    "part_kind": pl.String,
    "part": pl.String,
    "month": pl.Date,
    "aspect": pl.String,
    "activity": pl.String,
    "other_activity": pl.String,
    "items": pl.Int64,
    "total": pl.Float64,
}
REGISTER = {"improvement": pl.String, "journey": pl.String, "went_live_on": pl.Date}


def month(place: int) -> date:
    return date(2024 + place // 12, place % 12 + 1, 1)


def rows_of(shares: list[float], part: str = "all", cases: int = 200) -> list[tuple[Any, ...]]:
    """Months in which a share of so many cases has the activity x."""
    kind = "all" if part == "all" else "channel"
    found: list[tuple[Any, ...]] = []
    for place, share in enumerate(shares):
        keys = ("permits", kind, part, month(place))
        found.append((*keys, "cases", None, None, cases, float(cases)))
        found.append((*keys, "activity", "x", None, cases, float(round(share * cases))))
    return found


def frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def sides(before: int, after: int, name: str = "form") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "comparison": [name] * (before + after),
            "journey": ["permits"] * (before + after),
            "side": ["before"] * before + ["after"] * after,
            "month": [month(place) for place in range(before + after)],
        }
    )


def jitter(n: int) -> list[float]:
    """A little to both sides, the same in every run."""
    return [0.01 * ((7 * place) % 5 - 2) for place in range(n)]


def shares(*stretches: tuple[float, int]) -> list[float]:
    flat = [share for share, n in stretches for _ in range(n)]
    return [share + extra for share, extra in zip(flat, jitter(len(flat)), strict=True)]


def one(found: pl.DataFrame, aspect: str = "activity") -> dict[str, Any]:
    [row] = found.filter(pl.col("aspect") == aspect).to_dicts()
    return row


def test_a_large_difference_between_two_years_is_clear() -> None:
    months = frame(rows_of(shares((0.5, 12), (0.3, 12))))
    row = one(process_changes(months, sides(12, 12)))
    assert row["is_clear"]
    assert (row["first_value"], row["second_value"]) == (
        pytest.approx(50, abs=1),
        pytest.approx(30, abs=1),
    )
    assert row["difference"] == row["season_difference"] == pytest.approx(-20, abs=1)
    assert (row["first_items"], row["second_items"]) == (2400, 2400)


def test_a_certain_difference_too_small_to_matter_is_not_told() -> None:
    months = frame(rows_of(shares((0.5, 12), (0.525, 12)), cases=2000))
    row = one(process_changes(months, sides(12, 12)))
    assert row["q_value"] < 0.05
    assert not row["is_clear"]


def test_a_season_is_no_change() -> None:
    """Winter against summer; in the same months of the year nothing differs."""
    year = [0.3] * 6 + [0.6] * 6
    months = frame(
        rows_of([share + extra for share, extra in zip(year * 2, jitter(24), strict=True)])
    )
    both = sides(18, 6)
    row = one(process_changes(months, both))
    assert abs(row["difference"]) > 15
    assert abs(row["season_difference"]) < 3
    assert not row["is_clear"]


def test_without_equal_months_of_the_year_nothing_is_clear() -> None:
    months = frame(rows_of(shares((0.3, 5), (0.6, 5))))
    row = one(process_changes(months, sides(5, 5)))
    assert row["season_difference"] is None
    assert not row["is_clear"]


def test_three_months_are_too_few_to_shuffle() -> None:
    assert process_changes(frame(rows_of([0.5] * 15)), sides(12, 3)).is_empty()


def test_a_group_is_held_against_the_others_of_its_month() -> None:
    everyone, desk = shares((0.4, 12)), shares((0.6, 12))
    rows = [*rows_of(everyone, cases=300), *rows_of(desk, "desk", cases=100)]
    found = process_changes(frame(rows), sides(0, 12, "past_year"))
    [row] = found.filter(pl.col("comparison_kind") == "channel").to_dicts()
    assert (row["comparison"], row["second_value"]) == ("desk", pytest.approx(60, abs=1))
    assert row["first_value"] == pytest.approx(30, abs=1)
    assert row["is_clear"]


def test_numbers_of_cases_are_compared_per_day() -> None:
    """The same number a day is no change, however many days the months have."""
    rows = []
    for place in range(24):
        days = pl.select(pl.lit(month(place)).dt.month_end().dt.day()).item()
        keys = ("permits", "all", "all", month(place))
        rows.append((*keys, "cases", None, None, 10 * days, 10.0 * days))
    row = one(process_changes(frame(rows), sides(12, 12)), "cases")
    assert row["difference"] == pytest.approx(0)
    assert row["second_value"] == pytest.approx(10 * 365.25 / 12)


def points(values: list[float], register: Sequence[tuple[Any, ...]] = ()) -> pl.DataFrame:
    months = frame(rows_of(values))
    mature = months.select("journey", "month").unique()
    return change_points(
        months, mature, pl.DataFrame(list(register), schema=REGISTER, orient="row")
    )


def test_the_month_since_when_is_found() -> None:
    row = one(points(shares((0.5, 14), (0.25, 12))))
    assert row["month"] == month(14)
    assert row["is_clear"]
    assert row["improvement"] is None


def test_a_registered_improvement_stands_beside_its_month() -> None:
    lives = [
        ("early", "permits", month(3)),
        ("near", "permits", month(16)),
        ("x", "other", month(14)),
    ]
    assert one(points(shares((0.5, 14), (0.25, 12)), lives))["improvement"] == "near"


def test_a_steady_journey_has_no_such_month() -> None:
    assert not one(points(shares((0.5, 26))))["is_clear"]


def test_a_short_history_is_left_alone() -> None:
    assert points(shares((0.5, 9), (0.1, 8))).is_empty()


def test_a_wave_asks_for_more_than_noise_does() -> None:
    items = np.full(24, 100.0)
    noise = np.array([50.0, 52.0, 47.0, 51.0, 49.0, 53.0] * 4)
    wave = 50 + 10 * np.sin(np.arange(24) / 3)
    assert wave_of(items, noise, 12) == pytest.approx(1, abs=0.35)
    assert wave_of(items, wave, 12) > 1.8


@pytest.mark.parametrize(
    ("aspect", "mean", "value"),
    [("activity", 0.25, 25), ("handoffs", 1.5, 1.5), ("lead_time", np.log1p(86_400.0), 1)],
)
def test_values_are_in_the_unit_of_their_aspect(aspect: str, mean: float, value: float) -> None:
    assert value_of(Feature(aspect, None, None), mean) == pytest.approx(value)


def test_a_month_in_which_nobody_took_a_path_counts_its_cases() -> None:
    rows = rows_of([0.5, 0.5])
    found: Months = months_of(frame(rows[:3]))
    column = found.features.index(Feature("activity", "x", None))
    assert found.items[:, column].tolist() == [200, 200]
    assert found.totals[:, column].tolist() == [100, 0]


@pytest.mark.parametrize("kind", ["changes", "points"])
def test_chance_alone_is_seldom_taken_for_a_change(kind: str) -> None:
    """A small fixed sample; `python -m benchmarks.comparing` counts a thousand."""
    assert rate_of_claims(kind, world, 40) <= 0.075


@pytest.mark.parametrize("kind", ["changes", "points"])
def test_a_step_is_found(kind: str) -> None:
    assert rate_of_claims(kind, lambda rng: world(rng, step=STEP), 20) >= 0.9
