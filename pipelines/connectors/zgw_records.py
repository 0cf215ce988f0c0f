"""What is kept of the records of a case system by the ZGW standards.

Fields that are not named here are dropped before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.connectors.records import (
    Door,
    Row,
    day,
    field,
    flag,
    instant,
    needed,
    nested,
    number,
    one_of,
    several,
    text,
    uuid,
)
from pipelines.connectors.walk import Keep

Json = Mapping[str, Any]
DEPARTMENT = "organisatorische_eenheid"
PARTY_TYPES = (
    "natuurlijk_persoon",
    "niet_natuurlijk_persoon",
    "vestiging",
    DEPARTMENT,
    "medewerker",
)
ROLES = (
    "adviseur",
    "behandelaar",
    "belanghebbende",
    "beslisser",
    "initiator",
    "klantcontacter",
    "zaakcoordinator",
    "mede_initiator",
)
ACTIONS = ("create", "update", "partial_update", "destroy", "list", "retrieve")
_PERSON_NUMBERS = ("inpBsn", "anpIdentificatie", "inpA_nummer")
_ORGANISATION_NUMBERS = ("kvkNummer", "vestigingsNummer", "innNnpId", "annIdentificatie")
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
        "volgnummer": number(record, "volgnummer"),
        "is_eindstatus": flag(record, "isEindstatus"),
    }


def resultaattype(record: Json, _: Door) -> Row:
    return {
        "resultaattype": uuid(record, "url"),
        "omschrijving": text(record, "omschrijving"),
    }


def zaak_keeper(links: dict[str, None]) -> Keep:
    """Keeps cases, and their uuids in `links`, each once, for what is asked case by case."""

    def keep(record: Json, door: Door) -> Row:
        links[uuid(record)] = None
        return zaak(record, door)

    return keep


def zaak(record: Json, door: Door) -> Row:
    suspension, extension = nested(record, "opschorting"), nested(record, "verlenging")
    earlier = "eerdereOpschorting"
    named, linked = "communicatiekanaalNaam", "communicatiekanaal"
    channel = (text(record, named) if named in record else None) or text(record, linked)
    return {
        "zaak": door.case(uuid(record)),
        "zaaktype": uuid(record, "zaaktype"),
        "startdatum": needed("startdatum", day(record, "startdatum")),
        "registratiedatum": day(record, "registratiedatum"),
        "einddatum": day(record, "einddatum"),
        "einddatum_gepland": day(record, "einddatumGepland"),
        "uiterlijke_einddatum_afdoening": day(record, "uiterlijkeEinddatumAfdoening"),
        "is_opgeschort": _is_suspended(record),
        "is_eerder_opgeschort": flag(suspension, earlier) if earlier in suspension else None,
        "verlenging_duur": text(extension, "duur") if extension else None,
        "kanaal": channel,
        "hoofdzaak": door.case(text(record, "hoofdzaak")),
        "andere_zaken": _other_cases(record, door),
    }


def _other_cases(record: Json, door: Door) -> str | None:
    """The kind and pseudonym of each related case, as `vervolg:1f.. gerelateerd:2a..`, sorted.

    The words in which somebody described a relation are dropped; Open Zaak alone gives the cases
    that are related without a kind.
    """
    found, related = set(), "gerelateerdeZaken"
    for said in several(record, "relevanteAndereZaken"):
        kind = text(said, "aardRelatie")
        found.add(f"{kind if kind in _RELATIONS else 'overig'}:{_other_case(said, door)}")
    for said in several(record, related) if related in record else ():
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
    kind = one_of(record, "betrokkeneType", PARTY_TYPES)
    said, is_department = nested(record, "betrokkeneIdentificatie"), kind == DEPARTMENT
    return {
        "betrokkene_type": kind,
        "omschrijving_generiek": one_of(record, "omschrijvingGeneriek", ROLES),
        "betrokkene": _identity(kind, said, door) if said else None,
        "naam": text(said, "naam") if is_department and said else None,
    }


def _identity(kind: str, said: Json, door: Door) -> str | None:
    if kind == DEPARTMENT:
        return text(said, "identificatie")
    if kind == "medewerker":
        return door("person", text(said, "identificatie"))
    if kind == "natuurlijk_persoon":
        return door("client", _first_of(said, _PERSON_NUMBERS, "inpBsn"))
    always = "vestigingsNummer" if kind == "vestiging" else "innNnpId"
    return door.organisation(_first_of(said, _ORGANISATION_NUMBERS, always))


def _first_of(said: Json, names: tuple[str, ...], always: str) -> str | None:
    """The first number that is filled in; `always` is there on every server, the others not."""
    field(said, always)
    return next(filter(None, (text(said, name) for name in names if name in said)), None)


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
    changes = nested(record, "wijzigingen")
    old, new = nested(changes, "oud"), nested(changes, "nieuw")
    is_role, is_case, is_status = (resource == name for name in ("rol", "zaak", "status"))
    return {
        "regel": door.record(uuid(record)),
        "zaak": door.case(uuid(record, "hoofdObject")),
        "resource": resource,
        "object": door.record(uuid(record, "resourceUrl")),
        "actie": one_of(record, "actie", ACTIONS),
        "aanmaakdatum": needed("aanmaakdatum", instant(record, "aanmaakdatum")),
        **_audited_party("oud", old if is_role else {}, door),
        **_audited_party("nieuw", new if is_role else {}, door),
        "was_opgeschort": _is_suspended(old) if is_case else None,
        "is_opgeschort": _is_suspended(new) if is_case else None,
        "statustype": uuid(new, "statustype") if is_status and new else None,
        "datum_status_gezet": instant(new, "datumStatusGezet") if is_status and new else None,
        "gezet_door": door.record(text(new, "gezetdoor")) if is_status and new else None,
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


def _is_suspended(case: Json) -> bool:
    """Whether a case waits; no case at all, before it was made and after it went, does not."""
    suspension = nested(case, "opschorting") if case else {}
    return bool(flag(suspension, "indicatie")) if suspension else False
