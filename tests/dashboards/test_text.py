"""Dates as a reader says them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboards.text import Text


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 9, 30, 22, tzinfo=UTC), "30 sep 2026"),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), "31 dec 2026"),
        (datetime(2026, 10, 1, 0, tzinfo=UTC), "1 okt 2026, 02:00"),
        (datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC), "30 sep 2026, 23:59"),
        (None, "onbekend"),
    ],
)
def test_data_that_end_at_midnight_go_through_the_day_before(
    moment: datetime | None, words: str
) -> None:
    assert Text("nl").through(moment).replace("\xa0", " ") == words
