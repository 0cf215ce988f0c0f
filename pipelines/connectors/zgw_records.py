"""What is kept of the records of a case system by the ZGW standards.

Fields that are not named here are dropped before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from pipelines.connectors.walk import Keep

Json = Mapping[str, Any]
PARTY_TYPES = (
    "natuurlijk_persoon",
    "niet_natuurlijk_persoon",
    "vestiging",
    "organisatorische_eenheid",
    "medewerker",
)
_RELATIONS = ("vervolg", "onderwerp", "bijdrage", "overig")
_AUDITED = ("zaak", "rol", "status")


def zaaktype(record: Json, _: Door) -> Row:
    return {
        "zaaktype": uuid(record, "url"),
        "identificatie": text(record, "identificatie"),
        "omschrijving": text(record, "omschrijving"),
        "doorlooptijd": text(record, "doorlooptijd"),
        "servicenorm": text(record, "servicenorm"),
        "begin_geldigheid": day(record, "beginGeldigheid"),
        "einde_geldigheid": day(record, "eindeGeldigheid"),
    }


def statustype(record: Json, _: Door) -> Row:
    return {
        "statustype": uuid(record, "url"),
        "zaaktype": uuid(record, "zaaktype"),
        "omschrijving": needed("omschrijving", text(record, "omschrijving")),
        "volgnummer": field(record, "volgnummer"),
        "is_eindstatus": flag(record, "isEindstatus"),
    }


def resultaattype(record: Json, _: Door) -> Row:
    return {
        "resultaattype": uuid(record, "url"),
        "omschrijving": text(record, "omschrijving"),
    }


def zaak_keeper(links: list[str]) -> Keep:
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
        "andere_zaken": _other_cases(record, door),
    }


def _other_cases(record: Json, door: Door) -> str | None:
    """The kind and pseudonym of each related case, as `vervolg:1f.. gerelateerd:2a..`, sorted.

    The words in which somebody described a relation are dropped; Open Zaak alone gives the cases
    that are related without a kind.
    """
    found = set()
    for said in field(record, "relevanteAndereZaken") or ():
        kind = text(said, "aardRelatie")
        found.add(f"{kind if kind in _RELATIONS else 'overig'}:{_other_case(said, door)}")
    for said in record.get("gerelateerdeZaken") or ():
        found.add(f"gerelateerd:{_other_case(said, door)}")
    return " ".join(sorted(found)) or None


def _other_case(said: Json, door: Door) -> str | None:
    """By its uuid, or by the whole link where another system names its cases otherwise."""
    link = needed("url", text(said, "url"))
    return door.case(link) or door("case", link)


def status(record: Json, door: Door) -> Row:
    return {
        "status": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "zaak")),
        "statustype": uuid(record, "statustype"),
        "datum_status_gezet": needed("datumStatusGezet", instant(record, "datumStatusGezet")),
        "gezet_door": door.record(text(record, "gezetdoor")),
    }


def rol(record: Json, door: Door) -> Row:
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


def resultaat(record: Json, door: Door) -> Row:
    return {
        "resultaat": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "zaak")),
        "resultaattype": uuid(record, "resultaattype"),
    }


def audit_row(record: Json, door: Door) -> Row | None:
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
