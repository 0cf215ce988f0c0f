"""The error of a configuration, for modules that `configuration.py` itself needs."""

from __future__ import annotations


class ConfigurationError(Exception):
    """A configuration that cannot be used; the message says where, what and how to mend it."""
