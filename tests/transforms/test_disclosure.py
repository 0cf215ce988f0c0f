"""Small groups are withheld, also where a total would give them away."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.disclosure import hide, withhold


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


def test_a_part_hidden_alone_takes_its_total_along_where_no_other_part_is_left() -> None:
    cells = pl.DataFrame({"n": [3, 3], "rest": [0, 0]})
    members = pl.DataFrame({"relation": [1, 1], "row": [0, 1], "is_total": [False, True]})
    members = members.with_columns(pl.col("row").cast(pl.UInt32))
    assert hide(cells, members, 3).to_list() == [False, False]
    assert hide(cells, members, 4).to_list() == [True, True]


def test_the_rest_of_a_slice_is_a_group_too() -> None:
    cells = pl.DataFrame({"n": [98, 90], "rest": [2, 10]})
    members = pl.DataFrame(schema={"relation": pl.Int64, "row": pl.UInt32, "is_total": pl.Boolean})
    assert hide(cells, members, 5).to_list() == [True, False]


def test_what_a_total_holds_beyond_its_parts_is_a_group_too() -> None:
    cells = pl.DataFrame({"n": [20, 30, 53], "rest": 0})
    members = pl.DataFrame({"relation": 1, "row": [0, 1, 2], "is_total": [False, False, True]})
    members = members.with_columns(pl.col("row").cast(pl.UInt32))
    assert hide(cells, members, 5).to_list() == [True, False, False]
