"""The management API of KISS: how long a conversation took, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.connectors import probing
from pipelines.connectors.api_tables import api_table
from pipelines.connectors.probing import Probe
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import Door, Row, instant, text, uuid, uuid_of
from pipelines.connectors.rest import Api
from pipelines.connectors.walk import Listing

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"  # the only form that its dates may have
_FIRST, _BEYOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=1)
PATH, PAGE_SIZE = "contactmomentendetails", 5000
_LATELY = timedelta(days=90)
_MENDS = {
    400: "this KISS takes dates in another form; look which version it is.",
    401: "renew HARTSLAG_<SOURCE>_KISS_SECRET: the key that KISS holds for management information.",
    404: "correct `kiss:` of this source; it ends in /api.",
}
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
    return Listing(
        api,
        GESPREKKEN,
        _conversation,
        ((PATH, _between(first, now)),),
        within=None if reading.is_sweep else GESPREKKEN.key,
        page_size=PAGE_SIZE,
    )


def probes(talks: Api, contacts: Api) -> Iterator[Probe]:
    """Whether KISS takes the token and the one form of dates, and speaks of these contacts."""
    now = datetime.now(UTC)
    asked = {**_between(now - _LATELY, now), **probing.ODD_PAGES}
    status = talks.status(PATH, asked)
    mend = _MENDS.get(status, "look at the log of KISS.")
    yield Probe("KISS", status == 200, f"the server answers {status} to a range of dates", mend)
    yield probing.clock(talks, "KISS clock")
    if status != 200:
        return
    page = probing.first_page(talks, PATH, asked)
    if not page.records:
        yield Probe("KISS contacts", True, f"none in {_LATELY.days} days")
        return
    contact = uuid_of(page.records[0].get("id"))
    is_known = contacts.status(f"klantcontacten/{contact}") == 200
    found = "the latest conversation is" if is_known else "the latest conversation is not"
    mend = "look whether KISS and the contact system are of the same environment."
    yield Probe("KISS contacts", is_known, f"{found} in the contact system", mend)


def _between(first: datetime, now: datetime) -> dict[str, str]:
    """The question for all that began since `first`."""
    return {"from": first.strftime(_FORMAT), "to": (now + _BEYOND).strftime(_FORMAT)}


def _conversation(record: Mapping[str, Any], door: Door) -> Row:
    return {
        "klantcontact": door.record(uuid(record, "id")),
        "begonnen_op": instant(record, "startdatum"),
        "geeindigd_op": instant(record, "einddatum"),
        "gespreksresultaat": text(record, "gespreksresultaat"),
        "afdeling": text(record, "verantwoordelijkeAfdeling"),
    }
