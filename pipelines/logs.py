"""How a process logs for a collector of logs: an object a line, and no personal data.

What belongs here: the form of a line. What does not: what is logged; that is where it happens.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import ip_address


class LogFormat(StrEnum):
    """The forms that a log can have."""

    TEXT = "text"
    JSON = "json"


_FOUR = r"\b\d{1,3}(?:\.\d{1,3}){3}\b"
_SIX = r"(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])"
_ADDRESS = re.compile(f"{_FOUR}|{_SIX}")


def without_addresses(text: str) -> str:
    """The text without network addresses, which belong to persons; this machine's own stay."""
    return _ADDRESS.sub(lambda found: "[address]" if _is_of_another(found[0]) else found[0], text)


def _is_of_another(word: str) -> bool:
    try:
        address = ip_address(word)
    except ValueError:  # a time of day has colons too
        return False
    return not (address.is_loopback or address.is_unspecified)


class JsonFormatter(logging.Formatter):
    """Instant in UTC, level, logger, message, and of an error its kind and where it arose.

    What an error itself says is left out, because it may quote a value of a row.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_addresses(record.getMessage()),
        }
        kind, _, trace = record.exc_info or (None, None, None)
        if kind is not None:
            places = traceback.extract_tb(trace)
            said["error"] = f"{kind.__module__}.{kind.__qualname__}"
            said["places"] = " > ".join(f"{p.filename}:{p.lineno} {p.name}" for p in places)
        return json.dumps(said, ensure_ascii=False)


def log_as_json() -> None:
    """Let all of this process, from warnings up, be logged on standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
