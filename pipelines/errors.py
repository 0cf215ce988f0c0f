"""Errors whose message is for people, for modules that both raise and catch them."""

from __future__ import annotations

from collections.abc import Iterator


class PlainError(Exception):
    """An error that a person can act on; the message says where, what and how to mend it."""


class ConfigurationError(PlainError):
    """A configuration that cannot be used."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what caused it, each once: raised anew, one can be a cause of its own cause."""
    cause: BaseException | None = error
    seen = set[int]()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__
