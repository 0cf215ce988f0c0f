"""Talking to an API: one session per server, patient with faults, plain about what stays wrong.

What belongs here: tokens, retries, paging, and errors as people can act on them. What does not:
which lists are read (`zgw.py`, `klantinteracties.py`) and what of a record is kept (`records.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import jwt
import requests

from pipelines.connectors.raw_log import SourceError

PAGE_SIZE = 500
MOST_TRIES, FIRST_PAUSE_S, LONGEST_PAUSE_S = 6, 0.5, 60.0
TIMEOUT_S = 60.0
_BUSY = (429, 500, 502, 503, 504)
_BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)

Params = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """One answer of a list: its records, and the number in all where the server counts them."""

    records: list[dict[str, Any]]
    total: int | None


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
        self._authorization = authorization
        self._headers = {"Accept": "application/json", **(headers or {})}
        from dlt.sources.helpers.requests.retry import Client  # a second that others need not wait

        self._client = Client(
            request_timeout=TIMEOUT_S,
            raise_for_status=False,
            status_codes=_BUSY,
            exceptions=_BROKEN,
            request_max_attempts=MOST_TRIES,
            retry_condition=_is_cut_off,
            request_backoff_factor=FIRST_PAUSE_S,
            request_max_retry_delay=LONGEST_PAUSE_S,
        )
        self.server_time: datetime | None = None

    def pages(self, path: str, params: Params | None = None) -> Iterator[Page]:
        """A list, page after page until the server names no next one."""
        url: str | None = f"{self.base}/{path}"
        asked: Params | None = params
        while url is not None:
            answer = self._read(url, asked)
            if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
                raise self._error(url, "the answer is no list with `results`.", _OTHER_API)
            total = answer.get("count")
            yield Page(answer["results"], total if isinstance(total, int) else None)
            following = answer.get("next")
            url, asked = (self._here(following) if following else None), None

    def bare(self, path: str) -> list[dict[str, Any]]:
        """A list that the server does not page."""
        url = f"{self.base}/{path}"
        answer = self._read(url, None)
        if not isinstance(answer, list):
            raise self._error(url, "the answer is no bare list.", _OTHER_API)
        return answer

    def status(self, path: str, params: Params | None = None) -> int:
        """The HTTP status that a request gives, whichever it is."""
        return self._get(f"{self.base}/{path}", params).status_code

    def _here(self, following: str) -> str:
        """The next page on the configured host, whatever name the server gives itself."""
        base, said = urlsplit(self.base), urlsplit(following)
        if not said.path.startswith(base.path):
            tail = said.path.rsplit("/api/v1/", 1)[-1]
            said = said._replace(path=f"{base.path}/{tail}")
        return urlunsplit((base.scheme, base.netloc, said.path, said.query, ""))

    def _read(self, url: str, params: Params | None) -> Any:
        response = self._get(url, params)
        if response.status_code == requests.codes.ok:
            try:
                return response.json()
            except requests.exceptions.JSONDecodeError:
                what = f"the answer is cut off or no JSON, {MOST_TRIES} times in a row."
                raise self._error(url, what, "look whether a proxy cuts long answers.") from None
        code = _error_code(response)
        what = f"the server answers {response.status_code}{f' ({code})' if code else ''}."
        raise self._error(url, what, _mend(response.status_code, code))

    def _get(self, url: str, params: Params | None) -> requests.Response:
        headers = {**self._headers, "Authorization": self._authorization()}
        try:
            response: requests.Response = self._client.get(url, params=params, headers=headers)
        except (*_BROKEN, requests.RequestException) as error:
            what = f"no answer after {MOST_TRIES} tries ({type(error).__name__})."
            raise self._error(
                url, what, "look whether the server runs and can be reached."
            ) from None
        stamp = response.headers.get("Date")
        if stamp:
            self.server_time = parsedate_to_datetime(stamp).astimezone(UTC)
        return response

    def _error(self, url: str, what: str, mend: str) -> SourceError:
        path = urlsplit(url).path
        return SourceError(f"sources.{self.source}: {path}: {what}\n  Mend: {mend}")


_OTHER_API = "look whether the address in the configuration is that of this API."
_MENDS = {
    400: "the server knows another version of this list; look at `profile:` of this source.",
    401: "renew the token of this source in the environment.",
    403: "look at the client id, the secret and the rights of this client at the server.",
    404: "correct the address of this source; it ends in /api/v1.",
    412: "look whether a gateway drops the header Accept-Crs.",
    429: "ask for a higher limit at the gateway, or run at another hour.",
}


def _mend(status: int, code: str) -> str:
    if code in ("jwt-expired", "jwt-missing-iat-claim"):
        return "set the clock of this machine, or that of the server."
    return _MENDS.get(status, "look at the log of the server; what arrived before stays.")


def _error_code(response: requests.Response) -> str:
    """The machine-readable code of an error; never its words, which can repeat the question."""
    try:
        code = response.json().get("code", "")
    except (requests.exceptions.JSONDecodeError, AttributeError):
        return ""
    return code if isinstance(code, str) and len(code) < 50 else ""


def _is_cut_off(response: requests.Response | None, _: BaseException | None) -> bool:
    """Whether an answer that should be JSON ends before its end."""
    if response is None or response.status_code != requests.codes.ok:
        return False
    try:
        response.json()
    except requests.exceptions.JSONDecodeError:
        return True
    return False
