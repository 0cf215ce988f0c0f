"""Talking to an API: who asks, and lists page after page, whole though they move meanwhile.

What belongs here: tokens and paging. What does not: one request and what can go wrong with it
(`asking.py`), which lists are read (`zgw.py`, `klantinteracties.py`) and what of a record is kept
(`records.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt

from pipelines.connectors.asking import Asker

PAGE_SIZE = 500
MOST_STEPS_BACK = 100

Params = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One answer of a list: its records, the number in all where the server counts them, and
    whether it stands where one was read before."""

    records: list[dict[str, Any]]
    total: int | None
    is_again: bool = False


def zgw_token(client_id: str, secret: str) -> Callable[[], str]:
    """Makes a fresh `Bearer` header per request, as the ZGW authorisation asks."""

    def header() -> str:
        claims = {
            "iss": client_id,
            "iat": int(time.time()),
            "client_id": client_id,
            "user_id": "",
            "user_representation": "",
        }
        return f"Bearer {jwt.encode(claims, secret, 'HS256')}"

    return header


def fixed_token(token: str) -> Callable[[], str]:
    """The `Token` header of Open Klant."""
    return lambda: f"Token {token}"


def timed_token(secret: str, seconds: int = 300) -> Callable[[], str]:
    """A short-lived `Bearer` header, as the management API of KISS asks."""

    def header() -> str:
        now = int(time.time())
        return f"Bearer {jwt.encode({'iat': now, 'exp': now + seconds}, secret, 'HS256')}"

    return header


class Api:
    """One API of one source. `base` has no slash at its end.

    Every read raises SourceError where the server stays unreachable, refuses, or answers in a form
    that cannot be read; what it says never holds the body of an answer, which may name people.
    """

    def __init__(
        self,
        source: str,
        base: str,
        authorization: Callable[[], str],
        headers: Params | None = None,
    ) -> None:
        self.source, self.base = source, base.rstrip("/")
        self._asker = Asker(source, authorization, headers or {})

    @property
    def server_time(self) -> datetime | None:
        """What the server's clock said at its last answer; null where it does not tell."""
        return self._asker.server_time

    def pages(self, path: str, params: Params | None = None) -> Iterator[Page]:
        """A list, page after page until the server names no next one.

        Pages are counted from the front. Where the list grew shorter between two of them, what
        stood behind their edge has moved before it; the reading then goes back as far as that can
        be. So every record is met that was there all the time, some of them twice, as long as new
        ones come in front or more come than go.
        """
        urls, at, furthest, size, steps_back = [_with(f"{self.base}/{path}", params)], 0, -1, 1, 0
        known: int | None = None
        while at < len(urls):
            answer = self._list(urls[at], may_be_gone=at > 0)
            page = Page(answer["results"], _count(answer), at <= furthest) if answer else None
            if page:
                yield page
                furthest, size = max(furthest, at), max(size, len(page.records))
            back = _pages_back(known, page, size)
            known = page.total if page and page.total is not None else known
            if at and back:
                steps_back += 1
                if steps_back > MOST_STEPS_BACK:
                    what = f"the list went on growing shorter, {steps_back} times in one reading."
                    raise self._asker.error(
                        urls[at], what, "read it at an hour when less is deleted."
                    )
                at = max(0, at - back)
                continue
            at += 1
            del urls[at:]
            if answer and answer.get("next"):
                urls.append(self._after(urls, answer["next"]))

    def unpaged(self, path: str) -> list[dict[str, Any]] | None:
        """A list that the server does not page; null where what it belongs to is gone."""
        url = f"{self.base}/{path}"
        answer = self._asker.read(url, may_be_gone=True)
        if answer is None:
            return None
        if not isinstance(answer, list):
            raise self._asker.error(url, "the answer is no bare list.", _OTHER_API)
        return answer

    def status(self, path: str, params: Params | None = None) -> int:
        """The HTTP status that a request gives, whichever it is."""
        return self._asker.get(_with(f"{self.base}/{path}", params))[0].status_code

    def _list(self, url: str, *, may_be_gone: bool) -> dict[str, Any] | None:
        """One page as the server gives it; null for one beyond the end, where that may be."""
        answer = self._asker.read(url, may_be_gone=may_be_gone)
        if answer is None and may_be_gone:
            return None
        if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
            raise self._asker.error(url, "the answer is no list with `results`.", _OTHER_API)
        return answer

    def _after(self, urls: list[str], following: Any) -> str:
        """The next page: the list that was asked, whatever address the server gives itself."""
        url = urlsplit(urls[-1])._replace(query=urlsplit(str(following)).query).geturl()
        if url in urls:
            what = "the server names a next page that was read before."
            raise self._asker.error(
                url, what, "look whether a proxy drops the parameters of requests."
            )
        return url


@dataclass(frozen=True)
class BareLists:
    """The lists of an API that are not paged; no page for one whose owner is gone."""

    api: Api

    @property
    def source(self) -> str:
        return self.api.source

    def pages(self, path: str, _: Params | None = None) -> Iterator[Page]:
        records = self.api.unpaged(path)
        if records is not None:
            yield Page(records, None)


_OTHER_API = "look whether the address in the configuration is that of this API."


def _with(url: str, params: Params | None) -> str:
    return f"{url}?{urlencode(params)}" if params else url


def _count(answer: Mapping[str, Any]) -> int | None:
    total = answer.get("count")
    return total if isinstance(total, int) else None


def _pages_back(known: int | None, page: Page | None, size: int) -> int:
    """How far a record behind the edge can have moved since the list was `known` long, in pages.

    One for a page that is beyond the end now: the one before it tells how long the list is.
    """
    if page is None:
        return 1
    if known is None or page.total is None:
        return 0
    return -(-max(0, known - page.total) // size)
