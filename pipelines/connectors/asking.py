"""Asking a server until its answer stands: patient with faults, plain about what stays wrong.

What belongs here: one request with its tries, the clocks on both sides, and errors as people can
act on them. What does not: how long to be patient (`patience.py`), tokens and lists (`rest.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests

from pipelines.connectors.patience import (
    BROKEN,
    BUSY,
    MOST_TRIES,
    OutOfPatienceError,
    Patience,
    asked_pause,
    http_date,
)
from pipelines.connectors.raw_log import PassingSourceError, SourceError
from pipelines.connectors.records import UUID

TIMEOUT_S = 60.0
# Watermarks come from this machine's clock, and readings overlap by a day at the least.
_MOST_SKEW, _SKEW_THAT_MATTERS_TO_TOKENS = timedelta(hours=12), timedelta(minutes=1)


class Asker:
    """Asks one server in the name of one source.

    Raises SourceError where it stays unreachable or refuses; what is said never holds the body of
    an answer, which may name people.
    """

    def __init__(
        self, source: str, authorization: Callable[[], str], headers: Mapping[str, str]
    ) -> None:
        self._source, self._authorization = source, authorization
        self._headers = {"Accept": "application/json", **headers}
        self._session, self._patience = requests.Session(), Patience()
        self.server_time: datetime | None = None
        self._apart = timedelta()

    def read(self, url: str, *, may_be_gone: bool = False) -> Any:
        response, answer = self.get(url)
        if response.status_code == requests.codes.ok:
            return answer
        if may_be_gone and response.status_code == requests.codes.not_found:
            return None
        code = _error_code(response)
        what = f"the server answers {response.status_code}{f' ({code})' if code else ''}."
        kind = PassingSourceError if response.status_code in BUSY else SourceError
        raise self.error(url, what, self._mend(response.status_code, code), kind)

    def get(self, url: str) -> tuple[requests.Response, Any]:
        """An answer that stands, with its JSON where it is a good one."""
        for attempt in range(1, MOST_TRIES + 1):
            began = time.monotonic()
            response, asked_s = None, None
            try:
                response = self._session.get(url, headers=self._sent(), timeout=TIMEOUT_S)
                self._look_at_clock(url, response)
                if response.status_code == requests.codes.ok:
                    return response, orjson.loads(response.content)
                if response.status_code not in BUSY:
                    return response, None
                trouble = ""
                asked_s = asked_pause(response.headers, datetime.now(UTC))
            except orjson.JSONDecodeError:
                trouble = "the answer is cut off or no JSON"
            except BROKEN as error:
                trouble = f"no answer ({type(error).__name__})"
            except requests.RequestException as error:
                what = f"it cannot be asked ({type(error).__name__})."
                raise self.error(url, what, _UNREACHED) from None
            if attempt < MOST_TRIES:
                self._wait(url, attempt, time.monotonic() - began, asked_s)
        if response is not None and not trouble:
            return response, None
        mend = _CUT if response is not None else _UNREACHED
        what = f"{trouble}, {MOST_TRIES} times in a row."
        raise self.error(url, what, mend, PassingSourceError)

    def _sent(self) -> dict[str, str]:
        """The headers of one try; tokens are dated, so each has its own."""
        return {**self._headers, "Authorization": self._authorization()}

    def _wait(self, url: str, attempt: int, spent_s: float, asked_s: float | None) -> None:
        try:
            self._patience.pause(attempt, spent_s, asked_s)
        except OutOfPatienceError as error:
            what = f"it is to be asked again in {error} s, longer than a reading may still wait."
            raise self.error(url, what, _MENDS[429], PassingSourceError) from None

    def _look_at_clock(self, url: str, response: requests.Response) -> None:
        """Raises SourceError where a watermark by this clock would leave out what is to come."""
        at = http_date(response.headers.get("Date", ""))
        if at is None or "Age" in response.headers:  # kept by a proxy, so of another hour
            return
        self.server_time, self._apart = at, datetime.now(UTC) - at
        if abs(self._apart) > _MOST_SKEW:
            side = "behind" if self._apart > timedelta() else "ahead of"
            what = f"the server's clock is {abs(self._apart)} {side} the one of this machine."
            raise self.error(url, what, _CLOCK)

    def _mend(self, status: int, code: str) -> str:
        """What to do; tokens are dated, so a refusal while the clocks differ comes from that."""
        is_dated = code.startswith("jwt-") and code != "jwt-decode-error"
        if status in (401, 403) and (is_dated or abs(self._apart) > _SKEW_THAT_MATTERS_TO_TOKENS):
            return f"{_CLOCK} They are {abs(self._apart).total_seconds():.0f} s apart."
        return _MENDS.get(status, "look at the log of the server; what arrived before stays.")

    def error(
        self, url: str, what: str, mend: str, kind: type[SourceError] = SourceError
    ) -> SourceError:
        """What went wrong with the list, without the record that was asked for: logs keep this."""
        path = UUID.sub("<uuid>", urlsplit(url).path)
        return kind(f"sources.{self._source}: {path}: {what}\n  Mend: {mend}")


_CODE = re.compile(r"[a-z][a-z_-]{1,48}")
_UNREACHED = "look whether the server runs and can be reached."
_CUT = "look whether a proxy cuts long answers."
_CLOCK = "set the clock of this machine, or that of the server."
_MENDS = {
    400: "the server knows another version of this list; look at `profile:` of this source.",
    401: "renew the token of this source in the environment.",
    403: "look at the client id, the secret and the rights of this client at the server.",
    404: "correct the address of this source; it ends in /api/v1.",
    412: "look whether a gateway drops the header Accept-Crs.",
    429: "ask for a higher limit at the gateway, or run at another hour.",
}


def _error_code(response: requests.Response) -> str:
    """The machine-readable code of an error; never its words, which can repeat the question."""
    try:
        code = response.json().get("code", "")
    except (requests.exceptions.JSONDecodeError, AttributeError):
        return ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
