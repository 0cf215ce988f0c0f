"""Case systems by the VNG ZGW standards: the Zaken and Catalogi APIs.

What belongs here: the model of such a source, which lists are read and what is asked beforehand.
What does not: what is kept of a record (`zgw_records.py`). Flat lists are read and joined in the
warehouse; nothing is expanded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import Field

from pipelines.connectors import probing
from pipelines.connectors import zgw_records as kept
from pipelines.connectors import zgw_tables as tables
from pipelines.connectors.api_tables import ApiTable
from pipelines.connectors.connector import ApiConnector
from pipelines.connectors.probing import Probe
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import uuid_of
from pipelines.connectors.rest import PAGE_SIZE, Api, BareLists, Page, Params, zgw_token
from pipelines.connectors.walk import Keep, Listing
from pipelines.connectors.zgw_database import AUDIT_TABLE, audit_listing
from pipelines.connectors.zgw_notices import notices_listing
from pipelines.settings import source_secret
from pipelines.sources import ADDRESS, ApiSource

if TYPE_CHECKING:
    from pipelines.municipality import Municipality

_ALL = {"status": "alles"}
_NOTHING: dict[str, str] = {}
_CRS = {"Accept-Crs": "EPSG:4326"}


class ZgwSource(ApiSource):
    """A case system by the VNG ZGW standards, such as Open Zaak.

    The client id and the secret come from HARTSLAG_<SOURCE>_CLIENT_ID and HARTSLAG_<SOURCE>_SECRET.
    """

    kind: Literal["zgw"]
    zaken: str = Field(pattern=ADDRESS, description="Address of the Zaken API, up to /api/v1.")
    catalogi: str = Field(
        pattern=ADDRESS, description="Address of the Catalogi API, up to /api/v1."
    )
    profile: Literal["openzaak", "vng-1.5"] = Field(
        default="openzaak", description="What the server can do beyond the standard."
    )
    audit_trail: Literal["api", "database"] | None = Field(
        default=None,
        description="Read the audit trail: case by case by the API, which Open Zaak gives only to a"
        " client with all rights, so one that may also write and delete everything; or from its"
        " database, at HARTSLAG_<SOURCE>_AUDIT_URL, with a user that may read one table or view.",
    )
    audit_table: str = Field(
        default=AUDIT_TABLE,
        pattern=r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$",
        description="The table or view that holds the audit trail in the database.",
    )
    notifications: str | None = Field(
        default=None,
        pattern=ADDRESS,
        description="Address of `hartslag listen`, which gives the moment of changes that readings"
        " see only afterwards; the token is HARTSLAG_<SOURCE>_NOTIFICATIONS_TOKEN.",
    )
    waiting_statuses: tuple[str, ...] = Field(
        default=(),
        description="Statuses that mean that the case waits for the resident; they suspend.",
    )

    @property
    def suspending_statuses(self) -> tuple[str, ...]:
        return self.waiting_statuses


def _apis(source: ZgwSource) -> tuple[Api, Api]:
    """The Zaken and the Catalogi API."""
    token = zgw_token(source_secret(source.id, "client_id"), source_secret(source.id, "secret"))
    return Api(source.id, source.zaken, token, _CRS), Api(source.id, source.catalogi, token)


def _listings(source: ZgwSource, reading: Reading, _: datetime) -> Iterator[Listing]:
    """The lists of one pull, types first, and what asks case by case last."""
    zaken, catalogi = _apis(source)
    yield Listing(catalogi, tables.ZAAKTYPEN, kept.zaaktype, (("zaaktypen", _ALL),))
    yield Listing(catalogi, tables.STATUSTYPEN, kept.statustype, (("statustypen", _ALL),))
    yield Listing(catalogi, tables.RESULTAATTYPEN, kept.resultaattype, (("resultaattypen", _ALL),))
    links: dict[str, None] = {}
    is_by_case = source.audit_trail == "api" or reading.period is not None
    size = PAGE_SIZE if source.profile == "openzaak" else None
    since = reading.back_to(source.overlap_days)
    yield Listing(
        zaken,
        tables.ZAKEN,
        kept.zaak_keeper(links) if is_by_case else kept.zaak,
        _zaken_asks(reading, since),
        within=None if reading.is_sweep else tables.ZAKEN.key,
        page_size=size,
    )
    if reading.period is None:
        found = _flat_lists(zaken, reading, since, size)
    else:
        found = _lists_of_cases(zaken, links, size)
    yield from found
    if source.audit_trail == "api":
        trails, asks = BareLists(zaken), _trails(links)
        yield Listing(trails, tables.AUDIT, kept.audit_row, asks, tables.AUDIT.key, page_size=None)
    elif source.audit_trail == "database":
        of_cases = links if reading.period else None
        yield audit_listing(source.id, source.audit_table, since, of_cases)
    if source.notifications:
        yield notices_listing(source.id, source.notifications, since)


def _zaken_asks(reading: Reading, since: datetime | None) -> list[tuple[str, dict[str, str]]]:
    if reading.period is not None:
        first, last = (day.isoformat() for day in reading.period)
        return [("zaken", {"startdatum__gte": first, "startdatum__lte": last})]
    if since is None:
        return [("zaken", {})]
    day = since.date().isoformat()
    asks = [("zaken", {"registratiedatum__gt": day})]
    if reading.cadence != "front":
        asks.append(("zaken", {"einddatum__isnull": "true"}))
        asks.append(("zaken", {"einddatum__gt": day}))
    return asks


def _flat_lists(
    zaken: Api, reading: Reading, since: datetime | None, size: int | None
) -> Iterator[Listing]:
    """Statuses are never edited, so their front suffices but for the sweep; roles and results
    change and go, so they are read whole every day."""
    for table, keep, path, stamp in _OF_CASES:
        is_front = not reading.is_sweep and (
            reading.cadence == "front" or table is tables.STATUSSEN
        )
        if not is_front:
            yield Listing(zaken, table, keep, ((path, _NOTHING),), page_size=size)
        elif stamp is not None:
            asks = ((path, _NOTHING),)
            yield Listing(zaken, table, keep, asks, table.key, stamp, since, page_size=size)


def _lists_of_cases(zaken: Api, links: Iterable[str], size: int | None) -> Iterator[Listing]:
    """What belongs to the cases that this pull has seen, case by case."""
    for table, keep, path, _ in _OF_CASES:
        asks = _asks_by_case(path, zaken, links)
        yield Listing(zaken, table, keep, asks, within="zaak", page_size=size)


def _asks_by_case(path: str, zaken: Api, links: Iterable[str]) -> Iterator[tuple[str, Params]]:
    for link in links:
        yield path, {"zaak": f"{zaken.base}/zaken/{link}"}


def _trails(links: Iterable[str]) -> Iterator[tuple[str, Params]]:
    for link in links:
        yield f"zaken/{link}/audittrail", _NOTHING


def _probes(source: ZgwSource, municipality: Municipality) -> Iterator[Probe]:
    zaken, catalogi = _apis(source)
    has_sizes = source.profile == "openzaak"
    page = probing.first_page(zaken, "zaken", probing.ODD_PAGES if has_sizes else {})
    yield probing.clock(zaken)
    yield probing.seen(page, "zaken")
    yield from probing.rights(_listings(source, Reading("weekly"), datetime.now(UTC)))
    yield from _address(zaken)
    if has_sizes:
        yield probing.page_size(page)
    yield _case_types(catalogi, zaken, municipality)
    yield probing.order_of(zaken, "statussen", "datumStatusGezet")
    yield probing.order_of(zaken, "rollen", "registratiedatum")
    if source.audit_trail == "api":
        yield _audit_trail(zaken, page)


def _address(zaken: Api) -> Iterator[Probe]:
    """A filter by an address that the server does not call itself finds nothing, without a word."""
    statuses = probing.first_page(zaken, "statussen").records
    if not statuses:
        return
    case = statuses[0]["zaak"]
    said = urlsplit(case)
    asked = {"zaak": f"{zaken.base}/zaken/{uuid_of(case)}"}
    is_found = bool(probing.first_page(zaken, "statussen", asked).records)
    calls = f"; the server calls itself {said.scheme}://{said.netloc}"
    yield Probe(
        "address",
        is_found,
        "a case is found by its address" if is_found else f"no case is found by its address{calls}",
        f"write the address as {said.scheme}://{said.netloc}, or let the proxy pass on the header"
        " Host as it is.",
    )


def _case_types(catalogi: Api, zaken: Api, municipality: Municipality) -> Probe:
    """Lists are cut down to what a client may see, without a word."""
    asked = {name for journey in municipality.journeys for name in journey.case_types}
    versions: dict[str, set[str]] = {}
    for page in catalogi.pages("zaaktypen", _ALL):
        for record in page.records:
            versions.setdefault(record["identificatie"], set()).add(record["url"])
    unseen = sorted(
        name
        for name in asked
        if not any(
            probing.first_page(zaken, "zaken", {"zaaktype": url}).records
            for url in versions.get(name, ())
        )
    )
    return Probe(
        "case types",
        not unseen,
        f"no cases to be seen of {', '.join(unseen)}" if unseen else f"all {len(asked)} seen",
        "give the client `zaken.lezen` on these types and their confidentiality, or correct"
        " `case_types:` of the journeys.",
    )


def _audit_trail(zaken: Api, page: Page) -> Probe:
    status = zaken.status(f"zaken/{page.records[0]['uuid']}/audittrail") if page.records else 0
    return Probe(
        "audit trail",
        status == 200,
        f"the server answers {status}",
        "Open Zaak gives it to a client with all rights alone; else read it from the database, with"
        " `audit_trail: database`, or take out `audit_trail:`.",
    )


_OF_CASES: tuple[tuple[ApiTable, Keep, str, str | None], ...] = (
    (tables.STATUSSEN, kept.status, "statussen", "datumStatusGezet"),
    (tables.ROLLEN, kept.rol, "rollen", "registratiedatum"),
    (tables.RESULTATEN, kept.resultaat, "resultaten", None),
)

CONNECTOR = ApiConnector(
    model=ZgwSource,
    tables=tables.TABLES,
    counted=tables.ZAKEN,
    listings=_listings,
    probes=_probes,
    reads_periods=True,
)
