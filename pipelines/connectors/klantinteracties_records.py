"""What is kept of the records of a contact system by the Klantinteracties API.

The texts of questions never land: a subject does by its hash, and by its own words only where the
configuration lists it as a topic. Fields that are not named here are dropped before anything is
written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.connectors.records import (
    Door,
    Row,
    flag,
    instant,
    needed,
    nested,
    one_of,
    several,
    text,
    uuid,
    uuid_of,
)
from pipelines.connectors.walk import Keep

Json = Mapping[str, Any]
ACTORS = AUTOMATED, EMPLOYEE, DEPARTMENT = (
    "geautomatiseerde_actor",
    "medewerker",
    "organisatorische_eenheid",
)
ROLES, STATUSES = ("klant", "vertegenwoordiger"), ("te_verwerken", "verwerkt")
NUMBERS = ("bsn", "vestigingsnummer", "kvk_nummer", "rsin")
_TAIL, _SPACES = re.compile(r"\s*\([^()]*\)\s*$"), re.compile(r"\s+")


def normal_subject(words: str | None) -> str | None:
    """A subject without one trailing remark in brackets, its spaces and its capitals."""
    if not words:
        return None
    return _SPACES.sub(" ", _TAIL.sub("", words)).strip().casefold() or None


def contact_keeper(topics: tuple[str, ...]) -> Keep:
    listed = {normal_subject(topic): topic for topic in topics}

    def keep(record: Json, door: Door) -> Row:
        subject, kind = normal_subject(text(record, "onderwerp")), "hoofdOnderwerpType"
        actors = [(_kind(actor), actor) for actor in several(record, "hadBetrokkenActoren")]
        followed = "verdereActieOndernomen"
        return {
            "klantcontact": door.record(uuid(record)),
            "kanaal": text(record, "kanaal"),
            "onderwerp": listed.get(subject),
            "onderwerp_hash": door("subject", subject),
            "hoofd_onderwerp_type": uuid_of(text(record, kind)) if kind in record else None,
            "is_gelukt": flag(record, "indicatieContactGelukt"),
            "is_verdere_actie": flag(record, followed) if followed in record else None,
            "plaatsgevonden_op": needed("plaatsgevondenOp", instant(record, "plaatsgevondenOp")),
            "is_geautomatiseerd": any(kind == AUTOMATED for kind, _ in actors),
            "medewerker": _first(_employee(actor, door) for _, actor in actors),
            "afdeling": _first(_department(actor) for _, actor in actors),
        }

    return keep


def _first(values: Iterable[str | None]) -> str | None:
    return next(filter(None, values), None)


def _kind(actor: Json) -> str:
    return one_of(actor, "soortActor", ACTORS)


def _employee(actor: Json, door: Door) -> str | None:
    if _kind(actor) != EMPLOYEE:
        return None
    known = nested(actor, "actoridentificator")
    return door("person", text(known, "objectId") if known else None) or door.record(uuid(actor))


def _department(actor: Json) -> str | None:
    return text(actor, "naam") if _kind(actor) == DEPARTMENT else None


def involved(record: Json, door: Door) -> Row:
    return {
        "betrokkene": door.record(uuid(record)),
        "klantcontact": door.record(_link(record, "hadKlantcontact")),
        "partij": door("party", _link(record, "wasPartij")),
        "rol": one_of(record, "rol", ROLES),
        "is_initiator": flag(record, "initiator"),
    }


def identifier(record: Json, door: Door) -> Row:
    said = nested(record, "partijIdentificator")
    return {
        "identificator": door.record(uuid(record)),
        "partij": door("party", _link(record, "identificeerdePartij")),
        "soort": one_of(said, "codeSoortObjectId", NUMBERS) if said else None,
        "client": door("client", text(said, "objectId") if said else None),
    }


def actor(record: Json, door: Door) -> Row:
    return {
        "actor": door.record(uuid(record)),
        "soort": _kind(record),
        "medewerker": _employee(record, door),
        "afdeling": _department(record),
    }


def callback(record: Json, door: Door) -> Row:
    actors = [uuid(actor) for actor in several(record, "toegewezenAanActoren")]
    return {
        "internetaak": door.record(uuid(record)),
        "klantcontact": door.record(_link(record, "aanleidinggevendKlantcontact")),
        "status": one_of(record, "status", STATUSES),
        "toegewezen_op": instant(record, "toegewezenOp"),
        "afgehandeld_op": instant(record, "afgehandeldOp"),
        "actor": door.record(actors[0]) if actors else None,
    }


def subject(record: Json, door: Door) -> Row:
    said = nested(record, "onderwerpobjectidentificator")
    return {
        "onderwerpobject": door.record(uuid(record)),
        "klantcontact": door.record(_link(record, "klantcontact")),
        "was_klantcontact": door.record(_link(record, "wasKlantcontact")),
        "zaak": door.case(text(said, "objectId") if said else None),
    }


def _link(record: Json, name: str) -> str | None:
    """The uuid of what a field points to; null where it points to nothing."""
    linked = nested(record, name)
    return uuid(linked) if linked else None
