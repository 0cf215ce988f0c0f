"""What the tables on how the work goes lose before they are published."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from transforms.mining.deviations import DEVIATION_SCHEMA
from transforms.mining.fit import FIT_SCHEMA
from transforms.mining.lift import LIFT_SCHEMA
from transforms.withholding_mining import deviations, fit, lift, variants

JOURNEYS = pl.DataFrame(
    {"journey": ["permits", "care"], "cases": [100, None], "open_cases": [10, None]}
)


def table(schema: dict[str, Any], *rows: dict[str, Any]) -> pl.DataFrame:
    usual = dict.fromkeys(schema) | {"journey": "permits"}
    return pl.DataFrame([usual | row for row in rows], schema=schema)


def fitted(**row: Any) -> dict[str, Any]:
    usual = {"model": "desired", "cases": 90, "covered_share": 100.0, "fitting_cases": 60}
    usual |= {"perfectly_fitting_share": 200 / 3, "most_fitting_share": 200 / 3, "fitness": 0.98765}
    [told] = fit(table(FIT_SCHEMA, usual | row), JOURNEYS, 5).to_dicts()
    return told


def test_the_fit_of_large_groups_is_told_in_three_digits() -> None:
    told = fitted()
    assert (told["cases"], told["fitting_cases"], told["fitness"]) == (90, 60, 0.988)


def test_a_journey_that_is_withheld_has_no_fit() -> None:
    told = fitted(journey="care")
    assert told["fitness"] is told["perfectly_fitting_share"] is told["cases"] is None


@pytest.mark.parametrize("fitting", [1, 2, 88, 89])
def test_few_that_fit_or_few_that_do_not_are_told_to_two_persons(fitting: int) -> None:
    share = 100.0 * fitting / 90
    told = fitted(fitting_cases=fitting, perfectly_fitting_share=share, most_fitting_share=share)
    assert told["fitting_cases"] is None
    few = 1.5 if fitting < 5 else 88.5
    assert told["perfectly_fitting_share"] == pytest.approx(100.0 * few / 90)


def test_closed_cases_are_not_told_where_open_ones_are_withheld() -> None:
    hidden = JOURNEYS.with_columns(open_cases=pl.lit(None, pl.Int64))
    row = {"model": "desired", "cases": 97, "covered_share": 100.0, "fitting_cases": 60}
    row |= {"perfectly_fitting_share": 61.9, "most_fitting_share": 61.9}
    [told] = fit(table(FIT_SCHEMA, row), hidden, 5).to_dicts()
    assert (told["cases"], told["fitting_cases"]) == (None, None)
    assert told["perfectly_fitting_share"] == 61.9


@pytest.mark.parametrize(
    "few",
    [{"cases": 4, "residents": 4}, {"cases": 9, "residents": 2}, {"cases": 88, "residents": 80}],
)
def test_deviations_of_few_cases_or_residents_or_all_but_few_lose_their_numbers(
    few: dict[str, int],
) -> None:
    usual = {"basis": "flow", "kind": "extra", "judged_cases": 90, "lost_days": 3.0, "rank": 1}
    large = usual | {"activity": "a", "cases": 30, "residents": 29, "rank": 2}
    found = deviations(table(DEVIATION_SCHEMA, usual | {"activity": "b"} | few, large), JOURNEYS, 5)
    shown, gone = found.to_dicts()
    assert (shown["activity"], shown["residents"], shown["is_withheld"]) == ("a", 29, False)
    assert shown["rank"] == 1
    assert (gone["activity"], gone["is_withheld"]) == ("b", True)
    assert gone["rank"] is gone["cases"] is gone["lost_days"] is None


def trait(name: str, value: str, n: int, slow: int) -> dict[str, Any]:
    row = {"trait": name, "value": value, "cases": n, "slow_cases": slow}
    return row | {"other_cases": 90 - n, "other_slow_cases": 22 - slow, "slow_from_days": 30.0}


def test_a_trait_of_which_a_part_is_small_loses_its_numbers_and_one_more_of_its_kind() -> None:
    rows = [
        trait("channel", "web", 60, 10),
        trait("channel", "post", 20, 8),
        trait("channel", "desk", 10, 4),
    ]
    found = lift(table(LIFT_SCHEMA, *rows, trait("again", "x", 30, 11)), JOURNEYS, 5)
    shown = found.filter(~pl.col("is_withheld"))
    assert shown.select("trait", "value").rows() == [("channel", "web"), ("again", "x")]
    assert found.filter("is_withheld")["cases"].null_count() == 2
    assert set(found["slow_from_days"]) == {30.0}


def test_of_a_variant_with_few_due_cases_no_share_is_told() -> None:
    usual = {"journey": "permits", "cases": 20, "share": 20.0, "median_lead_time_days": 9.0}
    rows = [
        usual
        | {"variant": 1, "path": "a", "closed_cases": 20, "due_cases": 20, "on_time_cases": 19}
        | {"on_time_share": 95.0},
        usual
        | {"variant": 2, "path": "b", "closed_cases": 3, "due_cases": 3, "on_time_cases": 3}
        | {"on_time_share": 100.0},
    ]
    first, second = variants(pl.DataFrame(rows), 5).to_dicts()
    assert first["on_time_share"] == pytest.approx(100 * 18.5 / 20)
    assert first["median_lead_time_days"] == 9.0
    assert second["on_time_share"] is second["median_lead_time_days"] is None
    assert "due_cases" not in first
