"""What holds of the figures about time and terms, whatever the log."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms import properties
from tests.transforms.core.test_terms import KNOWN, PENALTIES
from tests.transforms.properties import Figures, Raw, figures, logs, moved, over_all_periods
from tests.transforms.sql_bench import CONFIG, Bench

MODELS = (
    "mart.kpi_lead_time",
    "mart.kpi_survival",
    "mart.kpi_on_time",
    "mart.kpi_deadlines",
    "mart.kpi_penalty",
)
PERMITS, CARE = CONFIG["journeys"]
CLOCK: dict[str, Any] = {
    "journeys": [PERMITS | KNOWN | {"notice_of_default": ["notice"]}, CARE],
    "penalties": PENALTIES,
}
ACTIVITIES = ("x", "invite", "complete", "extend", "notice")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
few = settings(max_examples=3, deadline=None)
some_logs = logs(ACTIVITIES)


@few
@given(some_logs, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_arrive_is_irrelevant(raw: Raw, random: Random) -> None:
    properties.assert_order_is_irrelevant(raw, random, *MODELS, **CLOCK)


@few
@given(some_logs, st.integers(0, 20))
def test_two_files_give_what_one_gives(raw: Raw, at: int) -> None:
    properties.assert_two_files_are_one(raw, at, *MODELS, **CLOCK)


@few
@given(some_logs, logs(case_type="care", names="other"))
def test_cases_of_another_journey_change_nothing(raw: Raw, unrelated: Raw) -> None:
    properties.assert_unrelated_rows_change_nothing(raw, unrelated, "permits", *MODELS, **CLOCK)


def durations(found: Figures) -> Figures:
    """Those counted in days of 24 hours; working days follow the clock on the wall."""
    whole = over_all_periods(found, "lead_time.")
    return {key: values for key, values in whole.items() if ".working." not in key[0]}


@few
@given(logs(ACTIVITIES, longest_days=20), st.integers(0, 120))
def test_a_change_of_the_clock_moves_no_duration(raw: Raw, days: int) -> None:
    closed = {**raw, "raw.cases": [row for row in raw["raw.cases"] if row["closed_at"]]}
    later = moved(closed, timedelta(days=days))
    found, expected = (
        durations(figures(rows, "mart.kpi_lead_time", **CLOCK)) for rows in (later, closed)
    )
    properties.assert_same(found, expected)


@few
@given(st.integers(0, 2_000), st.integers(0, 10_000))
def test_a_change_of_the_clock_moves_no_working_time(start: int, length: int) -> None:
    """The same minutes on the wall, in a week with a clock change and in two without."""
    found = set()
    for day in (date(2025, 3, 17), date(2025, 3, 24), date(2025, 6, 16)):
        monday = datetime.combine(day, time(), AMSTERDAM)
        opened = monday + timedelta(minutes=start)
        closed = opened + timedelta(minutes=length)
        [row] = Bench([{}], [{"opened_at": opened, "closed_at": closed}]).build("core.case_times")
        found.add(row["working_us"])
    assert len(found) == 1
