"""From what an API answers to what may be kept: read by name, hashed at once, all else dropped.

What belongs here: reading one field of a JSON record and the door that makes pseudonyms. What does
not: which fields a resource has (`zgw_records.py` and its like), or the network (`rest.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from transforms.privacy import pseudonym

Row = dict[str, Any]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHAPE = ((re.compile(r"\d"), "9"), (re.compile(r"[^\W\d_]"), "a"))


class UnusableRecordError(Exception):
    """One record that cannot be kept: its field, why, and the form of the value."""

    def __init__(self, field: str, reason: str, value: Any = "") -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason, self.shape = field, reason, _shape_of(value)


class MissingFieldError(Exception):
    """A field that the API should give is not there at all: the server speaks another version."""


@dataclass(frozen=True)
class Door:
    """Makes pseudonyms with the municipality's key; nothing passes it by its own name.

    `known_organisations` maps the registration number of a chain partner to the partner's
    identifier: those alone keep a name.
    """

    key: bytes
    known_organisations: Mapping[str, str]

    def __call__(self, kind: str, value: str | None) -> str | None:
        return pseudonym(value, self.key, kind) if value else None

    def case(self, link: str | None) -> str | None:
        """The pseudonym of a case, from its URL or uuid."""
        return self("case", uuid_of(link))

    def record(self, link: str | None) -> str | None:
        """The pseudonym of any other record, from its URL or uuid."""
        return self("record", uuid_of(link))

    def organisation(self, number: str | None) -> str | None:
        """A known chain partner by its identifier, any other organisation by pseudonym."""
        if not number:
            return None
        return self.known_organisations.get(number) or self("client", number)


def uuid_of(link: Any) -> str | None:
    """The last uuid in a URL, which is what a record is known by; null for none."""
    found = UUID.findall(link.lower()) if isinstance(link, str) else []
    return found[-1] if found else None


def field(record: Mapping[str, Any], name: str) -> Any:
    """A field that must be there; its value may be null. Raises MissingFieldError."""
    try:
        return record[name]
    except KeyError:
        raise MissingFieldError(name) from None


def text(record: Mapping[str, Any], name: str) -> str | None:
    """A text without the spaces around it; null for an empty one."""
    value = field(record, name)
    return (str(value).strip() or None) if value is not None else None


def one_of(record: Mapping[str, Any], name: str, known: Collection[str]) -> str:
    """A word of a closed list; another word means something that nobody here has thought of."""
    value = text(record, name)
    if value is None or value not in known:
        raise UnusableRecordError(name, "has a value that is not known.", value)
    return value


def nested(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object in a record; empty for null."""
    value = field(record, name)
    if value is not None and not isinstance(value, Mapping):
        raise UnusableRecordError(name, "is no JSON object.", value)
    return value or {}


def several(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list in a record."""
    values = field(record, name) or []
    if not isinstance(values, list) or not all(isinstance(v, Mapping | None) for v in values):
        raise UnusableRecordError(name, "is no list of JSON objects.", values)
    return [value for value in values if value is not None]


def uuid(record: Mapping[str, Any], name: str = "uuid") -> str:
    """A uuid that must be there, from a uuid or a URL."""
    value = field(record, name)
    found = uuid_of(value if isinstance(value, str) else None)
    if found is None:
        raise UnusableRecordError(name, "holds no uuid.", value)
    return found


def flag(record: Mapping[str, Any], name: str) -> bool | None:
    value = field(record, name)
    if value is not None and not isinstance(value, bool):
        raise UnusableRecordError(name, "is neither true nor false.", value)
    return value


def number(record: Mapping[str, Any], name: str) -> int | None:
    """A whole number, or null."""
    value = field(record, name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise UnusableRecordError(name, "is no whole number.", value)
    return value


def day(record: Mapping[str, Any], name: str) -> date | None:
    """A calendar date, or null."""
    value = field(record, name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnusableRecordError(name, "is no date.", value) from None


def instant(record: Mapping[str, Any], name: str) -> datetime | None:
    """An instant in UTC, or null."""
    value = field(record, name)
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise UnusableRecordError(name, "is no date and time.", value) from None
    if at.tzinfo is None:
        raise UnusableRecordError(name, "has no offset.", value)
    return at.astimezone(UTC)


def needed(name: str, value: Any) -> Any:
    """A value without which the record says nothing."""
    if value is None:
        raise UnusableRecordError(name, "is missing; without it the record says nothing.")
    return value


def _shape_of(value: Any) -> str:
    shape = str(value)[:40]
    for pattern, letter in _SHAPE:
        shape = pattern.sub(letter, shape)
    return shape
