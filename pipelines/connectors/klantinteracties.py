"""Contact systems by the Klantinteracties API of Open Klant 2, and what is kept of them.

The texts of questions never land: a subject does by its hash, and by its own words only where the
configuration lists it as a topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pipelines.connectors import api_tables as tables
from pipelines.connectors.reading import Reading
from pipelines.connectors.records import (
    Door,
    Row,
    field,
    flag,
    instant,
    needed,
    text,
    uuid,
    uuid_of,
)
from pipelines.connectors.rest import Api
from pipelines.connectors.walk import Keep, Listing
from pipelines.sources import KlantinteractiesSource

Json = Mapping[str, Any]
AUTOMATED, EMPLOYEE, DEPARTMENT = (
    "geautomatiseerde_actor",
    "medewerker",
    "organisatorische_eenheid",
)
_TAIL, _SPACES = re.compile(r"\s*\([^()]*\)\s*$"), re.compile(r"\s+")


def listings(source: KlantinteractiesSource, api: Api, reading: Reading) -> Iterator[Listing]:
    """The lists of one pull. Only contacts run by a date; the others are read whole, daily."""
    since = None if reading.since is None else reading.since - timedelta(days=source.overlap_days)
    is_sweep = reading.is_sweep
    yield Listing(
        api,
        tables.KLANTCONTACTEN,
        _contact_keeper(source.topics),
        (("klantcontacten", {}),),
        within=None if is_sweep else tables.KLANTCONTACTEN.key,
        newest_by=None if is_sweep else "plaatsgevondenOp",
        until=None if is_sweep else since,
    )
    if not is_sweep and reading.cadence == "front":
        return
    for table, keep, path in (
        (tables.BETROKKENEN, _involved, "betrokkenen"),
        (tables.PARTIJEN, _identifier, "partij-identificatoren"),
        (tables.ACTOREN, _actor, "actoren"),
        (tables.INTERNETAKEN, _callback, "internetaken"),
        (tables.ONDERWERPOBJECTEN, _subject, "onderwerpobjecten"),
    ):
        yield Listing(api, table, keep, ((path, {}),))


def normal_subject(words: str | None) -> str | None:
    """A subject without one trailing remark in brackets, its spaces and its capitals."""
    if not words:
        return None
    return _SPACES.sub(" ", _TAIL.sub("", words)).strip().casefold() or None


def _contact_keeper(topics: tuple[str, ...]) -> Keep:
    listed = {normal_subject(topic): topic for topic in topics}

    def keep(record: Json, door: Door) -> Row:
        subject, kind = normal_subject(text(record, "onderwerp")), "hoofdOnderwerpType"
        actors = [actor for actor in field(record, "hadBetrokkenActoren") if actor]
        return {
            "klantcontact": door.record(uuid(record)),
            "kanaal": text(record, "kanaal"),
            "onderwerp": listed.get(subject),
            "onderwerp_hash": door("subject", subject),
            "hoofd_onderwerp_type": uuid_of(text(record, kind)) if kind in record else None,
            "is_gelukt": flag(record, "indicatieContactGelukt"),
            "is_verdere_actie": record.get("verdereActieOndernomen"),
            "plaatsgevonden_op": needed("plaatsgevondenOp", instant(record, "plaatsgevondenOp")),
            "is_geautomatiseerd": any(actor.get("soortActor") == AUTOMATED for actor in actors),
            "medewerker": next(filter(None, (_employee(actor, door) for actor in actors)), None),
            "afdeling": next(filter(None, map(_department, actors)), None),
        }

    return keep


def _employee(actor: Json, door: Door) -> str | None:
    if actor.get("soortActor") != EMPLOYEE:
        return None
    known = (actor.get("actoridentificator") or {}).get("objectId")
    return door("person", known) or door.record(actor.get("uuid"))


def _department(actor: Json) -> str | None:
    return (actor.get("naam") or None) if actor.get("soortActor") == DEPARTMENT else None


def _involved(record: Json, door: Door) -> Row:
    return {
        "betrokkene": door.record(uuid(record)),
        "klantcontact": door.record(_link(record, "hadKlantcontact")),
        "partij": door("party", _link(record, "wasPartij")),
        "rol": text(record, "rol"),
        "is_initiator": flag(record, "initiator"),
    }


def _identifier(record: Json, door: Door) -> Row:
    said = field(record, "partijIdentificator") or {}
    return {
        "identificator": door.record(uuid(record)),
        "partij": door("party", _link(record, "identificeerdePartij")),
        "soort": said.get("codeSoortObjectId"),
        "client": door("client", said.get("objectId")),
    }


def _actor(record: Json, door: Door) -> Row:
    return {
        "actor": door.record(uuid(record)),
        "soort": text(record, "soortActor"),
        "medewerker": _employee(record, door),
        "afdeling": _department(record),
    }


def _callback(record: Json, door: Door) -> Row:
    actors = [uuid_of(actor.get("uuid")) for actor in field(record, "toegewezenAanActoren")]
    return {
        "internetaak": door.record(uuid(record)),
        "klantcontact": door.record(_link(record, "aanleidinggevendKlantcontact")),
        "status": text(record, "status"),
        "toegewezen_op": instant(record, "toegewezenOp"),
        "afgehandeld_op": instant(record, "afgehandeldOp"),
        "actor": door.record(actors[0]) if actors else None,
    }


def _subject(record: Json, door: Door) -> Row:
    said = field(record, "onderwerpobjectidentificator") or {}
    return {
        "onderwerpobject": door.record(uuid(record)),
        "klantcontact": door.record(_link(record, "klantcontact")),
        "was_klantcontact": door.record(_link(record, "wasKlantcontact")),
        "zaak": door.case(said.get("objectId")),
    }


def _link(record: Json, name: str) -> str | None:
    """The uuid of what a field points to; null where it points to nothing."""
    return uuid_of((field(record, name) or {}).get("uuid"))
