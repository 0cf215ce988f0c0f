"""Small groups are withheld, also where a total would give them away."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.disclosure import weeks_of_withheld_months, withhold, without_small


def test_one_small_group_takes_the_next_smallest_along() -> None:
    frame = pl.DataFrame({"all": ["x"] * 5, "n": [1250, 109, 53, 21, 1]})
    assert withhold(frame, "n", [["all"]], 5).to_list() == [False, False, False, True, True]


def test_large_groups_are_shown() -> None:
    frame = pl.DataFrame({"all": ["x"] * 3, "n": [5, 6, 7]})
    assert not withhold(frame, "n", [["all"]], 5).any()


@given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=12))
def test_no_small_count_follows_from_the_total(counts: list[int]) -> None:
    frame = pl.DataFrame({"all": ["x"] * len(counts), "n": counts})
    hidden = frame.filter(withhold(frame, "n", [["all"]], 5))["n"]
    shown = frame.filter(~withhold(frame, "n", [["all"]], 5))["n"]
    assert not ((shown > 0) & (shown < 5)).any()
    if len(hidden) and (shown > 0).any():
        assert len(hidden) >= 2
        assert hidden.sum() >= 5


def test_weeks_of_a_withheld_month_are_withheld_as_they_add_up_to_it() -> None:
    periods = ["2025-01", "2025-02", "2025-W04", "2025-W05", "2025-W07"]
    slices = pl.DataFrame(
        {
            "journey": "a",
            "segment_kind": "all",
            "segment": "all",
            "period_kind": ["month" if "W" not in p else "week" for p in periods],
            "period": periods,
            "hidden": [True, False, False, False, False],
        }
    )
    hidden = weeks_of_withheld_months(slices, "hidden")["hidden"].to_list()
    assert hidden == [True, False, True, True, False]


def test_counts_under_the_threshold_are_left_out_and_nought_is_not() -> None:
    frame = pl.DataFrame({"cases": [9, 9, 9], "end_cases": [0, 4, 5]})
    assert without_small(frame, ["end_cases"], 5)["end_cases"].to_list() == [0, None, 5]
