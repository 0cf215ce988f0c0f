"""Logs for a collector: JSON, a line each, without what belongs to a person."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from pipelines.logs import JsonFormatter, without_addresses


def record(message: str, *arguments: object, error: bool = False) -> logging.LogRecord:
    information = sys.exc_info() if error else None
    return logging.LogRecord("a.b", logging.WARNING, "f.py", 1, message, arguments, information)


def test_a_line_is_an_object() -> None:
    said = json.loads(JsonFormatter().format(record("Run %s of\ntoday", "x")))
    assert (said["level"], said["logger"], said["message"]) == ("warning", "a.b", "Run x of\ntoday")
    assert said["at"].endswith("+00:00")


def test_an_error_tells_its_kind_and_place_and_not_what_it_quotes() -> None:
    try:
        raise ValueError("Jansen, 1970-01-01")
    except ValueError:
        line = JsonFormatter().format(record("It failed", error=True))
    said = json.loads(line)
    assert said["error"] == "builtins.ValueError"
    assert "test_an_error_tells" in said["places"]
    assert "Jansen" not in line


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("Invalid request from ip=203.0.113.9: x", "Invalid request from ip=[address]: x"),
        ("from 2001:db8::7 now", "from [address] now"),
        ("on http://127.0.0.1:8789/ and ::1", "on http://127.0.0.1:8789/ and ::1"),
        ("at 12:34:56 of 2026-01-05T09:00:00+01:00", "at 12:34:56 of 2026-01-05T09:00:00+01:00"),
    ],
)
def test_addresses_of_others_are_left_out(said: str, logged: str) -> None:
    assert without_addresses(said) == logged
