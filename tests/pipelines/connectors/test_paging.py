"""Lists that move while they are read, and the addresses that servers give themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.connectors import rest
from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.records import Door, instant
from pipelines.connectors.rest import Api
from pipelines.connectors.walk import Listing, Tally, read_listing
from pipelines.connectors.zgw_tables import STATUSSEN

BASE = "https://zaken.example.nl/zaken/api/v1"
START = datetime(2026, 6, 1, tzinfo=UTC)


class Moving:
    """A list that a server gives in pages, newest first, changed before each answer."""

    def __init__(self, number: int, size: int, change: Callable[[Moving], None]) -> None:
        self.records = list(range(number, 0, -1))
        self.size, self.change, self.next, self.asked = size, change, number + 1, list[str]()
        self.address = "http://127.0.0.1:8000/intern/statussen"

    def insert(self) -> None:
        self.records.insert(0, self.next)
        self.next += 1

    def read(self, url: str, *, may_be_gone: bool = False) -> Any:
        self.change(self)
        self.asked.append(url)
        page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
        first = (page - 1) * self.size
        if page > 1 and first >= len(self.records):
            assert may_be_gone
            return None
        more = first + self.size < len(self.records)
        return {
            "count": len(self.records),
            "next": f"{self.address}?page={page + 1}" if more else None,
            "results": [{"n": n} for n in self.records[first : first + self.size]],
        }

    def error(self, url: str, what: str, mend: str) -> SourceError:
        return SourceError(f"{url}: {what}\n  Mend: {mend}")


def api_of(moving: Moving) -> Api:
    api = Api("cases", BASE, lambda: "Token none")
    api._asker = moving  # type: ignore[assignment]
    return api


# One step between two requests: so many go, at these places, and so many come in front.
STEPS = st.lists(st.tuples(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 6)))


@given(st.integers(0, 40), st.integers(1, 7), STEPS)
def test_what_is_there_all_the_time_is_met(
    number: int, size: int, steps: list[tuple[list[int], int]]
) -> None:
    left, gone = list(steps), set[int]()

    def change(moving: Moving) -> None:
        deleted, inserted = left.pop() if left else ([], 0)
        for place in deleted:
            if place < len(moving.records):
                gone.add(moving.records.pop(place))
        for _ in range(inserted):
            moving.insert()

    moving = Moving(number, size, change)
    met = [record["n"] for page in api_of(moving).pages("statussen") for record in page.records]
    assert set(range(1, number + 1)) - gone <= set(met)
    assert set(met) <= set(range(1, moving.next))


def test_a_list_at_rest_is_read_once() -> None:
    moving = Moving(10, 3, lambda _: None)
    met = [record["n"] for page in api_of(moving).pages("statussen") for record in page.records]
    assert met == list(range(10, 0, -1))
    assert len(moving.asked) == 4


def test_a_list_that_never_stops_shrinking_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "MOST_STEPS_BACK", 3)

    def swap(moving: Moving) -> None:
        if len(moving.asked) % 2:
            moving.records.pop()
        else:
            moving.insert()

    with pytest.raises(SourceError, match=r"growing shorter(.|\n)*Mend: "):
        list(api_of(Moving(40, 1, swap)).pages("statussen"))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000/intern/statussen",
        "https://zaken.example.nl/zaken/api/v1/statussen",
        "https://elders.example/api/v1/",
        "",
    ],
)
def test_the_next_page_is_asked_of_the_configured_address(address: str) -> None:
    moving = Moving(4, 3, lambda _: None)
    moving.address = address
    list(api_of(moving).pages("statussen"))
    assert moving.asked == [f"{BASE}/statussen", f"{BASE}/statussen?page=2"]


def test_a_next_page_that_was_read_before_ends_the_reading() -> None:
    class Stuck(Moving):
        def read(self, url: str, *, may_be_gone: bool = False) -> Any:
            return {**super().read(url), "next": f"{BASE}/statussen?page=2"}

    with pytest.raises(SourceError, match=r"read before(.|\n)*Mend: "):
        list(api_of(Stuck(9, 3, lambda _: None)).pages("statussen"))


def read_down(stamps: list[datetime], size: int, until: datetime) -> tuple[set[str], Tally]:
    """The keys that a reading down to `until` meets in a list of these stamps."""
    moving = Moving(0, size, lambda _: None)
    moving.records = stamps  # type: ignore[assignment]
    listing = Listing(
        api_of(moving),
        STATUSSEN,
        lambda record, _: {"status": str(instant({"n": record["n"].isoformat()}, "n"))},
        (("statussen", {}),),
        newest_by="n",
        until=until,
    )
    tally = Tally()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.connectors.walk.stamp_of", lambda record, name: record[name])
        pages = list(read_listing(listing, Door(b"", {}), tally))
    return {row["status"] for rows in pages for row in rows}, tally


@given(st.lists(st.integers(0, 10_000), min_size=1), st.integers(1, 7), st.integers(0, 10_000))
def test_a_list_in_order_is_read_to_the_watermark(
    minutes: list[int], size: int, until: int
) -> None:
    stamps = sorted((START + timedelta(minutes=each) for each in minutes), reverse=True)
    met, tally = read_down(stamps, size, START + timedelta(minutes=until))
    assert {str(at) for at in stamps if at >= START + timedelta(minutes=until)} <= met
    assert tally.findings["zgw_statussen.order_broken"] == 0


@pytest.mark.parametrize("gap", [1, 4, 6])
def test_a_list_that_runs_oldest_first_is_read_whole(gap: int) -> None:
    """Also where each stamp lies but minutes above the one before it."""
    stamps = [START + timedelta(minutes=gap * n) for n in range(40)]
    met, tally = read_down(stamps, 10, START + timedelta(minutes=gap * 39))
    assert len(met) == 40
    assert tally.findings["zgw_statussen.order_broken"] == 1
