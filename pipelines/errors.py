"""Errors whose message is for people, for modules that both raise and catch them."""

from __future__ import annotations


class PlainError(Exception):
    """An error that a person can act on; the message says where, what and how to mend it."""


class ConfigurationError(PlainError):
    """A configuration that cannot be used."""
