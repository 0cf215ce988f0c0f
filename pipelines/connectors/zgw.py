"""Case systems by the VNG ZGW standards: the Zaken and Catalogi APIs, and what is kept of them.

Flat lists are read and joined in the warehouse; nothing is expanded. Fields that are not named
here are dropped before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pipelines.connectors import api_tables as tables
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import (
    Door,
    Row,
    UnusableRecordError,
    day,
    field,
    flag,
    instant,
    needed,
    text,
    uuid,
)
from pipelines.connectors.rest import PAGE_SIZE, Api, Params
from pipelines.connectors.walk import Keep, Listing
from pipelines.sources import ZgwSource

Json = Mapping[str, Any]
PARTY_TYPES = (
    "natuurlijk_persoon",
    "niet_natuurlijk_persoon",
    "vestiging",
    "organisatorische_eenheid",
    "medewerker",
)
_ALL = {"status": "alles"}
_NOTHING: dict[str, str] = {}
_AUDITED = ("zaak", "rol", "status")


def listings(source: ZgwSource, zaken: Api, catalogi: Api, reading: Reading) -> Iterator[Listing]:
    """The lists of one pull, types first, and what asks case by case last."""
    yield Listing(catalogi, tables.ZAAKTYPEN, _zaaktype, (("zaaktypen", _ALL),))
    yield Listing(catalogi, tables.STATUSTYPEN, _statustype, (("statustypen", _ALL),))
    yield Listing(catalogi, tables.RESULTAATTYPEN, _resultaattype, (("resultaattypen", _ALL),))
    links: list[str] = []
    size = PAGE_SIZE if source.profile == "openzaak" else None
    since = None if reading.since is None else reading.since - timedelta(days=source.overlap_days)
    yield Listing(
        zaken,
        tables.ZAKEN,
        _zaak_keeper(links),
        _zaken_asks(reading, since),
        within=None if reading.is_sweep else tables.ZAKEN.key,
        page_size=size,
    )
    if reading.period is None:
        found = _flat_lists(zaken, reading, since, size)
    else:
        found = _lists_of_cases(zaken, links, size)
    yield from found
    if source.audit_trail:
        trails = ((f"zaken/{link}/audittrail", _NOTHING) for link in links)
        key = tables.AUDIT.key
        yield Listing(zaken, tables.AUDIT, _audit_row, trails, within=key, is_paged=False)


def _zaken_asks(reading: Reading, since: datetime | None) -> list[tuple[str, dict[str, str]]]:
    if reading.period is not None:
        first, last = (day.isoformat() for day in reading.period)
        return [("zaken", {"startdatum__gte": first, "startdatum__lte": last})]
    if reading.is_sweep or since is None:
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


def _lists_of_cases(zaken: Api, links: list[str], size: int | None) -> Iterator[Listing]:
    """What belongs to the cases that this pull has seen, case by case."""
    for table, keep, path, _ in _OF_CASES:
        asks = _asks_by_case(path, zaken, links)
        yield Listing(zaken, table, keep, asks, within="zaak", page_size=size)


def _asks_by_case(path: str, zaken: Api, links: list[str]) -> Iterator[tuple[str, Params]]:
    for link in links:
        yield path, {"zaak": f"{zaken.base}/zaken/{link}"}


def _zaaktype(record: Json, _: Door) -> Row:
    return {
        "zaaktype": uuid(record, "url"),
        "identificatie": text(record, "identificatie"),
        "omschrijving": text(record, "omschrijving"),
        "doorlooptijd": text(record, "doorlooptijd"),
        "servicenorm": text(record, "servicenorm"),
        "begin_geldigheid": day(record, "beginGeldigheid"),
        "einde_geldigheid": day(record, "eindeGeldigheid"),
    }


def _statustype(record: Json, _: Door) -> Row:
    return {
        "statustype": uuid(record, "url"),
        "zaaktype": uuid(record, "zaaktype"),
        "omschrijving": needed("omschrijving", text(record, "omschrijving")),
        "volgnummer": field(record, "volgnummer"),
        "is_eindstatus": flag(record, "isEindstatus"),
    }


def _resultaattype(record: Json, _: Door) -> Row:
    return {
        "resultaattype": uuid(record, "url"),
        "omschrijving": text(record, "omschrijving"),
    }


def _zaak_keeper(links: list[str]) -> Keep:
    """Keeps cases, and their uuids in `links` for what must be asked case by case."""

    def keep(record: Json, door: Door) -> Row:
        links.append(uuid(record))
        return _zaak(record, door)

    return keep


def _zaak(record: Json, door: Door) -> Row:
    suspension, extension = field(record, "opschorting") or {}, field(record, "verlenging") or {}
    channel = record.get("communicatiekanaalNaam") or field(record, "communicatiekanaal")
    return {
        "zaak": door.case(uuid(record)),
        "zaaktype": uuid(record, "zaaktype"),
        "startdatum": needed("startdatum", day(record, "startdatum")),
        "registratiedatum": day(record, "registratiedatum"),
        "einddatum": day(record, "einddatum"),
        "einddatum_gepland": day(record, "einddatumGepland"),
        "uiterlijke_einddatum_afdoening": day(record, "uiterlijkeEinddatumAfdoening"),
        "is_opgeschort": bool(suspension.get("indicatie")),
        "is_eerder_opgeschort": suspension.get("eerdereOpschorting"),
        "verlenging_duur": extension.get("duur") or None,
        "kanaal": channel or None,
        "hoofdzaak": door.case(text(record, "hoofdzaak")),
    }


def _status(record: Json, door: Door) -> Row:
    return {
        "status": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "zaak")),
        "statustype": uuid(record, "statustype"),
        "datum_status_gezet": needed("datumStatusGezet", instant(record, "datumStatusGezet")),
        "gezet_door": door.record(text(record, "gezetdoor")),
    }


def _rol(record: Json, door: Door) -> Row:
    return {
        "rol": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "zaak")),
        **_party(record, door),
        "registratiedatum": instant(record, "registratiedatum"),
        "begin_geldigheid": day(record, "beginGeldigheid") if "beginGeldigheid" in record else None,
        "einde_geldigheid": _ends_on(record),
    }


def _ends_on(record: Json) -> Any:
    """Open Zaak alone tells until when a role holds."""
    return day(record, "eindeGeldigheid") if "eindeGeldigheid" in record else None


def _party(record: Json, door: Door) -> Row:
    """Who has the role: departments by name, persons and unknown organisations by pseudonym."""
    kind = text(record, "betrokkeneType")
    if kind not in PARTY_TYPES:
        raise UnusableRecordError("betrokkeneType", "has a value that is not known.", kind)
    said = field(record, "betrokkeneIdentificatie") or {}
    is_department = kind == "organisatorische_eenheid"
    return {
        "betrokkene_type": kind,
        "omschrijving_generiek": text(record, "omschrijvingGeneriek"),
        "betrokkene": _identity(kind, said, door),
        "naam": (said.get("naam") or None) if is_department else None,
    }


def _identity(kind: str, said: Json, door: Door) -> str | None:
    if kind == "organisatorische_eenheid":
        return said.get("identificatie") or None
    if kind == "medewerker":
        return door("person", said.get("identificatie"))
    if kind == "natuurlijk_persoon":
        number = said.get("inpBsn") or said.get("anpIdentificatie") or said.get("inpA_nummer")
        return door("client", number)
    numbers = ("kvkNummer", "vestigingsNummer", "innNnpId", "annIdentificatie")
    return door.organisation(next((said[name] for name in numbers if said.get(name)), None))


def _resultaat(record: Json, door: Door) -> Row:
    return {
        "resultaat": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "zaak")),
        "resultaattype": uuid(record, "resultaattype"),
    }


def _audit_row(record: Json, door: Door) -> Row | None:
    """What the trail tells of roles, suspensions and statuses; null for any other row."""
    resource = text(record, "resource")
    if resource not in _AUDITED:
        return None
    changes = field(record, "wijzigingen") or {}
    old, new = changes.get("oud") or {}, changes.get("nieuw") or {}
    is_role, is_case, is_status = (resource == name for name in ("rol", "zaak", "status"))
    return {
        "regel": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "hoofdObject")),
        "resource": resource,
        "object": door.record(uuid(record, "resourceUrl")),
        "actie": text(record, "actie"),
        "aanmaakdatum": needed("aanmaakdatum", instant(record, "aanmaakdatum")),
        **_audited_party("oud", old if is_role else {}, door),
        **_audited_party("nieuw", new if is_role else {}, door),
        "was_opgeschort": _suspended(old) if is_case else None,
        "is_opgeschort": _suspended(new) if is_case else None,
        "statustype": uuid(new, "statustype") if is_status and new else None,
        "datum_status_gezet": instant(new, "datumStatusGezet") if is_status and new else None,
        "gezet_door": door.record(new.get("gezetdoor")) if is_status else None,
    }


def _audited_party(prefix: str, body: Json, door: Door) -> Row:
    party = _party(body, door) if body else {}
    return {
        f"{prefix}_betrokkene_type": party.get("betrokkene_type"),
        f"{prefix}_omschrijving_generiek": party.get("omschrijving_generiek"),
        f"{prefix}_betrokkene": party.get("betrokkene"),
        f"{prefix}_naam": party.get("naam"),
        f"{prefix}_einde_geldigheid": _ends_on(body) if body else None,
    }


def _suspended(body: Json) -> bool:
    return bool((body.get("opschorting") or {}).get("indicatie"))


_OF_CASES: tuple[tuple[tables.ApiTable, Keep, str, str | None], ...] = (
    (tables.STATUSSEN, _status, "statussen", "datumStatusGezet"),
    (tables.ROLLEN, _rol, "rollen", "registratiedatum"),
    (tables.RESULTATEN, _resultaat, "resultaten", None),
)
