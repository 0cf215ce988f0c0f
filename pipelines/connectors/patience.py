"""How often and how long a server that does not answer well is asked again.

What belongs here: what passes by itself, the pause before the next try, and the time that all
waiting together may take. What does not: requests and what errors say (`asking.py`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

MOST_TRIES, FIRST_PAUSE_S, LONGEST_PAUSE_S = 6, 0.5, 60.0
MOST_WAITING_S = 3600.0
BUSY = (429, 500, 502, 503, 504)
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class OutOfPatienceError(Exception):
    """The server asks for a longer wait than all waiting may still take."""


class Patience:
    """What one pull may wait for one API: pauses, and the tries that came to nothing."""

    def __init__(self) -> None:
        self.left_s = MOST_WAITING_S

    def pause(self, attempt: int, spent_s: float, asked_s: float | None) -> None:
        """Wait after try `attempt`, the first being 1, which took `spent_s` seconds.

        The pause doubles with each try and is never shorter than the server asks. Raises
        OutOfPatienceError, without waiting, where that is more than is left.
        """
        own = min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S)
        pause = max(own, asked_s or 0.0)
        self.left_s -= spent_s + pause
        if self.left_s < 0:
            raise OutOfPatienceError(f"{pause:.0f}")
        time.sleep(pause)


def asked_pause(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or as a date by the server's clock.

    `now` stands in for the server's clock where it does not tell. Null for no such header.
    """
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    until = http_date(said)
    if until is None:
        return None
    return max(0.0, (until - (http_date(headers.get("Date", "")) or now)).total_seconds())


def http_date(text: str) -> datetime | None:
    """An instant as HTTP headers write it; null for anything else."""
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
