"""The roll of the Algemene termijnenwet, on worked examples."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from transforms.calendar import calendar_days, listed_days

DAYS = calendar_days(2010, 2026)


@pytest.mark.parametrize(
    ("end", "rolled"),
    [
        (date(2025, 4, 28), date(2025, 4, 28)),
        (date(2025, 4, 18), date(2025, 4, 22)),
        (date(2025, 5, 11), date(2025, 5, 12)),
        (date(2025, 6, 9), date(2025, 6, 10)),
        (date(2025, 5, 30), date(2025, 6, 2)),
        (date(2011, 12, 25), date(2011, 12, 27)),
    ],
)
def test_an_end_rolls_to_the_next_open_day(end: date, rolled: date) -> None:
    assert DAYS.filter(pl.col("day") == end)["rolled_on"].item() == rolled


@pytest.mark.parametrize("year", range(2010, 2030))
def test_liberation_day_is_listed_every_year(year: int) -> None:
    assert date(year, 5, 5) in listed_days([year])


@pytest.mark.parametrize(
    ("day", "is_listed"),
    [
        (date(2013, 4, 30), True),
        (date(2014, 4, 27), False),
        (date(2014, 4, 26), True),
        (date(2025, 4, 26), True),
    ],
)
def test_the_kings_birthday_moves_off_sunday(day: date, is_listed: bool) -> None:
    assert (day in listed_days([day.year])) is is_listed


def test_a_day_added_by_the_municipality_is_closed() -> None:
    extra = date(2011, 6, 3)
    days = calendar_days(2011, 2011, [extra])
    assert days.filter(pl.col("day") == extra)["rolled_on"].item() == date(2011, 6, 6)
