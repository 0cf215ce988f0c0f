"""Nobody works a withheld count out of what is published, by any sums; without the sums' rule they do."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.adversary import recovered
from tests.transforms.invented_town import (
    DEFINITIONS,
    FORMULAS,
    JOURNEYS,
    POPULATIONS,
    Case,
    figures,
)
from transforms.disclosure import moved_part
from transforms.withholding import withheld_kpis

THRESHOLD = 5
CASES = st.builds(
    Case,
    st.sampled_from(["permit"] * 6 + ["passport"] * 3 + ["care"]),
    st.sampled_from(["web"] * 6 + ["phone"] * 3 + ["paper", None]),
    st.integers(0, 89).map(lambda days: date(2026, 1, 1) + timedelta(days=days)),
    st.sampled_from([True] * 8 + [False]),
)


def broken_open(cases: list[Case], *, is_secondary: bool = True) -> list[object]:
    truth = figures(cases)
    published = withheld_kpis(truth, DEFINITIONS, JOURNEYS, THRESHOLD, is_secondary=is_secondary)
    count = pl.col("n")
    assert published.filter((count > 0) & (count < THRESHOLD)).is_empty()
    names = [
        frame.with_columns(
            population=pl.col("definition").replace_strict(POPULATIONS), counts=pl.lit("cases")
        )
        for frame in (published, truth)
    ]
    return recovered(names[0], names[1], FORMULAS, THRESHOLD)


@settings(max_examples=15, deadline=None)
@given(st.lists(CASES, min_size=1, max_size=120))
def test_no_small_group_follows_from_the_published_sums(cases: list[Case]) -> None:
    assert broken_open(cases) == []


def town(**cases: int) -> list[Case]:
    """Permit cases, so many per channel, one a day."""
    return [
        Case("permit", channel, date(2026, 1, 1) + timedelta(days=day % 80), is_closed=True)
        for channel, number in cases.items()
        for day in range(number)
    ]


def test_without_the_rule_for_sums_the_reader_finds_the_small_group() -> None:
    cases = town(web=30, phone=20, paper=3)
    found = broken_open(cases, is_secondary=False)
    assert ("all", ("permit", "channel", "paper", "all", "all"), 3, 0) in found
    assert broken_open(cases) == []


def test_of_two_readings_that_differ_by_a_small_group_the_headline_stays() -> None:
    truth = figures([*town(web=60), *(case._replace(is_closed=False) for case in town(web=2))])
    shown = withheld_kpis(truth, DEFINITIONS, JOURNEYS, THRESHOLD).filter(
        (pl.col("journey") == "permit")
        & (pl.col("segment_kind") == "all")
        & (pl.col("period") == "all")
    )
    told = {row["definition"]: row for row in shown.iter_rows(named=True)}
    assert told["lead_time.all.mean"]["n"] == 62
    closed = told["lead_time.closed.mean"]
    assert (closed["n"], closed["numerator"], closed["is_rounded"]) == (None, None, True)
    assert told["age.open.median"]["value"] is None


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_a_small_part_of_a_share_fits_at_least_two_numbers(threshold: int) -> None:
    parts = pl.DataFrame({"numerator": list(range(21)), "denominator": 20})
    moved = moved_part(pl.col("numerator"), pl.col("denominator"), threshold)
    told = parts.select("numerator", told=moved).drop_nulls()
    assert set(told["numerator"]) == {*range(1, threshold), *range(21 - threshold, 20)}
    assert (told.group_by("told").len()["len"] >= 2).all()
