"""Names of records: uuids that are the same for the same seed, and links that know no host.

A link starts with `@`, which the server replaces by the address that it was asked at.
"""

from __future__ import annotations

from uuid import UUID, uuid5

_SPACE = UUID("6c696e64-6576-454c-8e74-000000000000")
ZAKEN, CATALOGI, KLANTINTERACTIES = (
    f"/{name}/api/v1" for name in ("zaken", "catalogi", "klantinteracties")
)
KISS = "/kiss/api"
_OF_CATALOGI = ("catalogussen", "zaaktypen", "statustypen", "resultaattypen", "roltypen")
_OF_ZAKEN = ("zaken", "statussen", "rollen", "resultaten", "substatussen", "zaakobjecten")


def uuid_for(*names: object) -> str:
    """The uuid of the thing with these names; the same names, the same uuid."""
    return str(uuid5(_SPACE, "/".join(map(str, names))))


def base_of(resource: str) -> str:
    """The API that a resource belongs to."""
    if resource in _OF_CATALOGI:
        return CATALOGI
    return ZAKEN if resource in _OF_ZAKEN else KLANTINTERACTIES


def link(resource: str, uuid: str) -> str:
    return f"@{base_of(resource)}/{resource}/{uuid}"


def reference(resource: str, uuid: str) -> dict[str, str]:
    """How Klantinteracties points to a record."""
    return {"uuid": uuid, "url": link(resource, uuid)}


def last_part(url: str) -> str:
    return url.rsplit("/", 1)[-1]
