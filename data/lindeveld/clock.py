"""Working time: office hours, public holidays and leave, as intervals of epoch seconds (UTC)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import holidays

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY, HOUR, MINUTE = 86_400, 3_600, 60
OFFICE_OPENS, OFFICE_HOURS = time(8, 30), 8.5
AWAY = 6 * DAY  # a gap in somebody's calendar that is longer than a weekend with holidays


@cache
def epoch(day: date, at: time = time(0)) -> int:
    """The instant of a wall-clock time in Amsterdam, in epoch seconds."""
    return int(datetime.combine(day, at, AMSTERDAM).timestamp())


def local(instant: float) -> datetime:
    return datetime.fromtimestamp(instant, AMSTERDAM)


def utc(instant: float) -> datetime:
    return datetime.fromtimestamp(int(instant), UTC)


def days(first: date, last: date) -> Iterator[date]:
    """Each day from `first` up to and with `last`."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


@cache
def public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


class Calendar:
    """Somebody's working time: sorted intervals that do not overlap, in epoch seconds."""

    def __init__(self, intervals: Iterable[tuple[int, int]]) -> None:
        self._opens, self._closes, self._worked = [], [], [0]
        for opens, closes in intervals:
            self._opens.append(opens)
            self._closes.append(closes)
            self._worked.append(self._worked[-1] + closes - opens)

    def _position(self, instant: float) -> tuple[int, float]:
        """The first interval that ends after `instant`, and the work done before `instant`."""
        index = bisect_right(self._closes, instant)
        if index == len(self._opens):
            raise self._too_short(instant)
        return index, self._worked[index] + max(0.0, instant - self._opens[index])

    def _too_short(self, instant: float) -> ValueError:
        until = utc(self._closes[-1])
        return ValueError(
            f"{utc(instant):%Y-%m-%d} and its work lie beyond the calendar, which ends at "
            f"{until:%Y-%m-%d}; make it longer"
        )

    def next_open(self, instant: float) -> float:
        """`instant` where it is working time, else the next moment that is."""
        index = bisect_right(self._closes, instant)
        if index == len(self._opens):
            raise self._too_short(instant)
        return max(instant, self._opens[index])

    def stint(self, instant: float, work: float) -> tuple[float, bool]:
        """When somebody stops who begins `work` seconds in working time, and if it is done then.

        It is not where a long absence comes first.
        """
        index = bisect_right(self._closes, instant)
        if index < len(self._closes) and instant + work <= self._closes[index]:
            return instant + work, True
        finish = self.finish(instant, work)
        leaves = self._leaves_before(instant, finish)
        return (finish, True) if leaves is None else (leaves, False)

    def finish(self, instant: float, work: float) -> float:
        """When `work` seconds are done that begin at `instant`."""
        _, before = self._position(instant)
        index = bisect_right(self._worked, before + work - 1e-6) - 1
        if index >= len(self._opens):
            raise self._too_short(instant)
        return self._opens[index] + before + work - self._worked[index]

    def _leaves_before(self, instant: float, finish: float) -> float | None:
        """The moment before `finish` at which a long absence begins, if there is one."""
        first, _ = self._position(instant)
        last, _ = self._position(finish - 1e-3)
        for index in range(first, last):
            if self._opens[index + 1] - self._closes[index] > AWAY:
                return self._closes[index]
        return None

    def worked(self, first: float, last: float) -> float:
        """Working seconds between two instants."""
        return self._position(last)[1] - self._position(first)[1]


def office(first: date, last: date) -> Calendar:
    """The town hall's own hours, without anybody's leave."""
    return staffed(first, last, OFFICE_HOURS, frozenset())


def staffed(
    first: date, last: date, hours: float, leave: frozenset[date], late: float = 0.0
) -> Calendar:
    """Working days of `hours` each, but for days of leave; `late` of the spare hours come first."""
    length, shift = round(hours * HOUR), round(late * max(0.0, OFFICE_HOURS - hours) * HOUR)
    work = (d for d in days(first, last) if is_working_day(d) and d not in leave)
    starts = (epoch(d, OFFICE_OPENS) + shift for d in work)
    return Calendar((start, start + length) for start in starts)


def leave_days(chance: Random, first: date, last: date) -> frozenset[date]:
    """One person's holidays and sick days: weeks in summer, at Christmas and in May; winter flu."""
    away: set[date] = set()
    for year in range(first.year, last.year + 1):
        away.update(_block(date(year, 7, 1) + timedelta(days=chance.randrange(0, 42)), 21))
        if chance.random() < 0.5:
            away.update(_block(date(year, 12, 22), 12))
        if chance.random() < 0.6:
            away.update(_block(date(year, 4, 25) + timedelta(days=chance.randrange(0, 10)), 7))
        for month in range(1, 13):
            if chance.random() < (0.22 if month in (1, 2, 3, 11, 12) else 0.1):
                ill = min(40, max(1, round(chance.lognormvariate(1.2, 0.9))))
                away.update(_block(date(year, month, chance.randint(1, 28)), ill))
    return frozenset(away)


def _block(first: date, length: int) -> Iterator[date]:
    return days(first, first + timedelta(days=length - 1))
