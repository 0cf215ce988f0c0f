"""The days of the Algemene termijnenwet (Atw), the roll of an end date, and working hours.

What belongs here: which dates count as closed for a legal term, and how much was worked up to an
instant. What does not: terms and hours themselves, which are configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

import holidays
import polars as pl

# Art. 3(3) Atw, days put on a par by royal decree. 2017-2019: Stcrt. 2016, 58653 (BWBR0038666);
# later years as quoted from the decrees. For 2010-2016, 2020 and 2021 none were found: a
# municipality adds what it knows under calendar.extra_listed_days.
DECREE_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2017-04-28", "2017-05-26", "2018-05-11", "2018-12-24", "2018-12-31", "2019-05-31",
        "2019-12-27", "2022-05-27", "2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27",
        "2025-05-30", "2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26",
    )
)  # fmt: skip


def listed_days(years: Iterable[int], extra: Iterable[date] = ()) -> dict[date, str]:
    """The days of art. 3 Atw with their names, without the two Sundays, which close anyway.

    The library's default category has 5 May once in five years; the Atw has it every year, so the
    optional category, which also holds Good Friday, is read as well.
    """
    years = set(years)
    found = holidays.country_holidays(
        "NL", years=years, categories=("public", "optional"), language="nl"
    )
    listed = {day: name for day, name in found.items() if day.isoweekday() != 7 or _fixed(day)}
    decreed = {day: "Koninklijk besluit" for day in (*DECREE_DAYS, *extra) if day.year in years}
    return dict(sorted((decreed | listed).items()))


def _fixed(day: date) -> bool:
    """A listed day that may fall on a Sunday, unlike Easter and Whit Sunday, which always do."""
    return (day.month, day.day) in {(1, 1), (5, 5), (12, 25), (12, 26)}


def calendar_days(first: int, last: int, extra: Iterable[date] = ()) -> pl.DataFrame:
    """One row a day of the years `first` to `last`.

    Columns: day, is_weekend, listed_day (name or null), rolled_on: the day itself, or else the
    first later day that is neither weekend nor listed (art. 1 Atw), second_open_on: the second such
    day after it, before which no term of three days or more ends (art. 2 Atw).
    """
    listed = listed_days(range(first, last + 2), extra)
    names = pl.DataFrame(
        {"day": list(listed), "listed_day": list(listed.values())},
        schema={"day": pl.Date, "listed_day": pl.String},
    )
    days = pl.DataFrame(
        {"day": pl.date_range(date(first, 1, 1), date(last + 1, 1, 31), eager=True)}
    )
    is_open = ~pl.col("is_weekend") & pl.col("listed_day").is_null()
    return (
        days.join(names, on="day", how="left")
        .with_columns(is_weekend=pl.col("day").dt.weekday() > 5)
        .sort("day")
        .with_columns(rolled_on=pl.when(is_open).then("day").backward_fill())
        .with_columns(next_open_on=pl.col("rolled_on").shift(-1))
        .with_columns(
            second_open_on=pl.when(is_open).then("next_open_on").shift(-1).backward_fill()
        )
        .filter(pl.col("day").dt.year() <= last)
        .select("day", "is_weekend", "listed_day", "rolled_on", "second_open_on")
    )


def with_working_hours(
    days: pl.DataFrame, hours: Mapping[int, tuple[time, time]], closed: Iterable[date] = ()
) -> pl.DataFrame:
    """`days` with the hours of each day that is worked, as instants.

    Adds opens_at and closes_at (UTC, null on a closed day) and worked_before_us: all working time
    of the days before, in microseconds. `hours` is by ISO weekday, Monday 1, on Amsterdam's clock;
    listed days and `closed` are not worked.
    """
    is_worked = pl.col("listed_day").is_null() & ~pl.col("day").is_in(list(closed))
    weekday = pl.col("day").dt.weekday()

    def edge(place: int) -> pl.Expr:
        since = {day: _since_midnight(edges[place]) for day, edges in hours.items()}
        clock = weekday.replace_strict(since, default=None, return_dtype=pl.Duration("us"))
        local = pl.col("day").cast(pl.Datetime("us")) + clock
        instant = local.dt.replace_time_zone("Europe/Amsterdam", ambiguous="earliest")
        return pl.when(is_worked).then(instant.dt.convert_time_zone("UTC"))

    return days.with_columns(opens_at=edge(0), closes_at=edge(1)).with_columns(
        worked_before_us=(pl.col("closes_at") - pl.col("opens_at"))
        .dt.total_microseconds()
        .fill_null(0)
        .cum_sum()
        .shift(1, fill_value=0)
    )


def working_day_us(hours: Mapping[int, tuple[time, time]]) -> int:
    """The mean length of a day that is worked, in microseconds."""
    lengths = [_since_midnight(closes) - _since_midnight(opens) for opens, closes in hours.values()]
    return sum(lengths, timedelta()) // len(lengths) // timedelta(microseconds=1)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
