"""What holds of the lead time and on-time figures, whatever the log."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms import properties
from tests.transforms.properties import Raw, figures, logs, moved, over_all_periods

MODELS = ("mart.kpi_lead_time", "mart.kpi_survival", "mart.kpi_on_time")
few = settings(max_examples=6, deadline=None)


@few
@given(logs(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_arrive_is_irrelevant(raw: Raw, random: Random) -> None:
    properties.assert_order_is_irrelevant(raw, random, *MODELS)


@few
@given(logs(), st.integers(0, 20))
def test_two_files_give_what_one_gives(raw: Raw, at: int) -> None:
    properties.assert_two_files_are_one(raw, at, *MODELS)


@few
@given(logs(), logs(case_type="care", names="other"))
def test_cases_of_another_journey_change_nothing(raw: Raw, unrelated: Raw) -> None:
    properties.assert_unrelated_rows_change_nothing(raw, unrelated, "permits", *MODELS)


@few
@given(logs(longest_days=20), st.integers(0, 120))
def test_a_change_of_the_clock_moves_no_duration(raw: Raw, days: int) -> None:
    closed = {**raw, "raw.cases": [row for row in raw["raw.cases"] if row["closed_at"]]}
    later = moved(closed, timedelta(days=days))
    found, expected = (
        over_all_periods(figures(rows, "mart.kpi_lead_time"), "lead_time.")
        for rows in (later, closed)
    )
    properties.assert_same(found, expected)
