"""Notifications of a case system: when a role or a case changed, without who or what.

What belongs here: what is kept of a notification, and the list of those that were kept. What does
not: receiving them (`pipelines/receiving.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.records import Door, Row, instant, needed, one_of, text, uuid
from pipelines.connectors.rest import Api
from pipelines.connectors.walk import Listing
from pipelines.connectors.zgw_records import ACTIONS
from pipelines.connectors.zgw_tables import NOTICES
from pipelines.settings import source_secret
from transforms.privacy import fingerprint

SUSPENDED = "opgeschort"
_SUSPENSION = "nl.overheid.zaken.zaak-opgeschort"  # for the start of a suspension and for its end
_WANTED = ("zaak", "rol")


def notice(body: Mapping[str, Any], door: Door) -> Row | None:
    """What is kept of a notification or cloud event; null for one that tells nothing of use.

    A row has the columns of `zgw_notices`. Raises UnusableRecordError and MissingFieldError.
    """
    if "specversion" in body:
        if text(body, "type") != _SUSPENSION:
            return None
        case = uuid(body, "subject")
        return _row(door, case, "zaak", case, SUSPENDED, instant(body, "time"))
    resource = text(body, "resource")
    if text(body, "kanaal") != "zaken" or resource not in _WANTED:
        return None
    case, record = uuid(body, "hoofdObject"), uuid(body, "resourceUrl")
    action = one_of(body, "actie", ACTIONS)
    return _row(door, case, resource, record, action, instant(body, "aanmaakdatum"))


def _row(
    door: Door, case: str, resource: str, record: str, action: str, at: datetime | None
) -> Row:
    at = needed("aanmaakdatum", at)
    return {
        "notice": door("record", f"{case} {resource} {record} {action} {at.isoformat()}"),
        "zaak": door.case(case),
        "resource": resource,
        "object": door.record(record),
        "actie": action,
        "aanmaakdatum": at,
    }


def notices_listing(source: str, address: str, since: datetime | None) -> Listing:
    """What `hartslag listen` kept, newest first; a notification is never edited."""
    token = source_secret(source, "notifications_token")
    api = Api(source, address, lambda: f"Bearer {token}")
    asks = ((source, dict[str, str]()),)

    def keep(record: Mapping[str, Any], door: Door) -> Row:
        if text(record, "key_fingerprint") != fingerprint(door.key):
            raise SourceError(
                f"sources.{source}: `hartslag listen` hashes with another key than this run.\n"
                "  Mend: give both the same HARTSLAG_KEY, and start it again."
            )
        row: Row = {name: text(record, name) for name in NOTICES.columns}
        return row | {"aanmaakdatum": instant(record, "aanmaakdatum")}

    return Listing(api, NOTICES, keep, asks, NOTICES.key, "aanmaakdatum", since)
