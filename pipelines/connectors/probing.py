"""Questions to a system before anything is read, shared by the connectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from pipelines.connectors.rest import Api, Page, Params

_SKEW = timedelta(minutes=1)
_ODD_SIZE = 7
ODD_PAGES = {"pageSize": str(_ODD_SIZE)}


@dataclass(frozen=True)
class Probe:
    """One question to a system: what was looked at, whether it is well, and the mend if not."""

    what: str
    ok: bool
    found: str
    mend: str = ""


def first_page(api: Api, path: str, params: Params | None = None) -> Page:
    return next(iter(api.pages(path, params)))


def clock(api: Api) -> Iterator[Probe]:
    """How far the server's clock is off, where it told the time in an answer."""
    if api.server_time is None:
        return
    skew = abs(datetime.now(UTC) - api.server_time)
    mend = "set the clock of this machine or of the server; tokens are dated."
    yield Probe("clock", skew <= _SKEW, f"{skew.total_seconds():.0f} s apart", mend)


def own_address(api: Api, page: Page, path: str) -> Iterator[Probe]:
    """A filter by an address that the server does not call itself finds nothing, without a word."""
    if not page.records:
        yield Probe(f"{path} seen", False, "none", "look at the rights of this client.")
        return
    said, asked = urlsplit(page.records[0]["url"]), urlsplit(api.base)
    is_same = (said.scheme, said.netloc) == (asked.scheme, asked.netloc)
    mend = f"write the address as {said.scheme}://{said.netloc}, or mend the proxy's Host header."
    yield Probe("address", is_same, f"the server calls itself {said.netloc}", mend)


def page_size(page: Page) -> Probe:
    """Whether a page that was asked with `ODD_PAGES` has that size."""
    is_kept = len(page.records) <= _ODD_SIZE
    return Probe(
        "page size",
        is_kept,
        f"asked {_ODD_SIZE}, got {len(page.records)}",
        "set `profile: vng-1.5`; this server has pages of its own size.",
    )


def order_of(api: Api, path: str, stamp: str) -> Probe:
    """Whether a list runs newest first, so that it need not be read whole."""
    stamps = [record.get(stamp) or "" for record in first_page(api, path).records]
    is_down = all(a >= b for a, b in pairwise(stamps))
    found = "newest first" if is_down else "not newest first, so it is read whole in every run"
    return Probe(f"order of {path}", True, found)
