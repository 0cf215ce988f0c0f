"""The management API of KISS: how long a conversation took, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.connectors.api_tables import api_table
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import Door, Row, instant, text, uuid
from pipelines.connectors.rest import Api
from pipelines.connectors.walk import Listing

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"  # the only form that its dates may have
_FIRST, _BEYOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)
PAGE_SIZE = 5000
GESPREKKEN = api_table(
    "kiss_gesprekken",
    klantcontact="text",
    begonnen_op="timestamp",
    geeindigd_op="timestamp",
    gespreksresultaat="text",
    afdeling="text",
)


def listing(api: Api, reading: Reading, now: datetime, overlap_days: int) -> Listing:
    """The conversations of the range that this pull reads; rows can change, so it overlaps."""
    first = reading.back_to(overlap_days) or _FIRST
    asked = {"from": first.strftime(_FORMAT), "to": (now + _BEYOND).strftime(_FORMAT)}
    return Listing(
        api,
        GESPREKKEN,
        _conversation,
        (("contactmomentendetails", asked),),
        within=None if reading.is_sweep else GESPREKKEN.key,
        page_size=PAGE_SIZE,
    )


def _conversation(record: Mapping[str, Any], door: Door) -> Row:
    return {
        "klantcontact": door.record(uuid(record, "id")),
        "begonnen_op": instant(record, "startdatum"),
        "geeindigd_op": instant(record, "einddatum"),
        "gespreksresultaat": text(record, "gespreksresultaat"),
        "afdeling": text(record, "verantwoordelijkeAfdeling"),
    }
