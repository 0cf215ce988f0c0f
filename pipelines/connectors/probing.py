"""Questions to a system before anything is read, shared by the connectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.rest import Api, Page, Params
from pipelines.connectors.walk import Listing, Lists, stamp_of

_SKEW = timedelta(minutes=1)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
_ODD_SIZE = 7
ODD_PAGES = {"pageSize": str(_ODD_SIZE)}


@dataclass(frozen=True)
class Probe:
    """One question to a system: what was looked at, whether it is well, and the mend if not."""

    what: str
    ok: bool
    found: str
    mend: str = ""


def first_page(api: Lists, path: str, params: Params | None = None) -> Page:
    return next(iter(api.pages(path, params)))


def clock(api: Api, what: str = "clock") -> Probe:
    """How far the server's clock is off, where it told the time in an answer."""
    if api.server_time is None:
        return Probe(what, True, "the server does not tell its time")
    skew = abs(datetime.now(UTC) - api.server_time)
    mend = "set the clock of this machine or of the server; tokens are dated."
    return Probe(what, skew <= _SKEW, f"{skew.total_seconds():.0f} s apart", mend)


def seen(page: Page, path: str) -> Probe:
    """Whether anything at all is in the first page of a list."""
    found = str(page.total or "some") if page.records else "none"
    return Probe(f"{path} seen", bool(page.records), found, "look at the rights of this client.")


def rights(listings: Iterable[Listing]) -> Iterator[Probe]:
    """Which of the lists that a reading asks for are refused, by the first page of each."""
    refused = False
    for listing in listings:
        for path, params in islice(listing.asks, 1):
            size = ODD_PAGES if listing.page_size else {}
            try:
                first_page(listing.api, path, {**params, **size})
            except SourceError as error:
                refused = True
                said, _, mend = str(error).partition("\n  Mend: ")
                found = said.removeprefix(f"sources.{listing.api.source}: ").rstrip(".")
                yield Probe("rights", False, found, mend)
    if not refused:
        yield Probe("rights", True, "every list may be read")


def page_size(page: Page) -> Probe:
    """Whether a page that was asked with `ODD_PAGES` has that size."""
    is_kept = len(page.records) <= _ODD_SIZE
    return Probe(
        "page size",
        is_kept,
        f"asked {_ODD_SIZE}, got {len(page.records)}",
        "set `profile: vng-1.5`; this server has pages of its own size.",
    )


def order_of(api: Lists, path: str, stamp: str) -> Probe:
    """Whether a list runs newest first, so that it need not be read whole."""
    stamps = [stamp_of(record, stamp) or _NEVER for record in first_page(api, path).records]
    is_down = all(a >= b for a, b in pairwise(stamps))
    found = "newest first" if is_down else "not newest first, so it is read whole in every run"
    return Probe(f"order of {path}", True, found)
