"""Contact systems by the Klantinteracties API of Open Klant 2, and what is kept of them.

The texts of questions never land: a subject does by its hash, and by its own words only where the
configuration lists it as a topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from pipelines.connectors import kiss, probing
from pipelines.connectors import klantinteracties_tables as tables
from pipelines.connectors.connector import ApiConnector
from pipelines.connectors.probing import Probe
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
from pipelines.connectors.rest import Api, fixed_token, timed_token
from pipelines.connectors.walk import Keep, Listing
from pipelines.settings import source_secret
from pipelines.sources import ADDRESS, ApiSource

if TYPE_CHECKING:
    from pipelines.municipality import Municipality

Json = Mapping[str, Any]
AUTOMATED, EMPLOYEE, DEPARTMENT = (
    "geautomatiseerde_actor",
    "medewerker",
    "organisatorische_eenheid",
)
_TAIL, _SPACES = re.compile(r"\s*\([^()]*\)\s*$"), re.compile(r"\s+")


class KlantinteractiesSource(ApiSource):
    """A contact system by the Klantinteracties API, such as Open Klant 2, with KISS beside it.

    The token comes from HARTSLAG_<SOURCE>_TOKEN; that of KISS from HARTSLAG_<SOURCE>_KISS_SECRET.
    """

    kind: Literal["klantinteracties"]
    address: str = Field(pattern=ADDRESS, description="Address of the API, up to /api/v1.")
    kiss: str | None = Field(
        default=None,
        pattern=ADDRESS,
        description="Address of KISS, up to and with /api, for results and handling times.",
    )
    outbound_channels: tuple[str, ...] = Field(
        default=("email", "sms"),
        description="Channels that the municipality itself sends by; whole values, case ignored.",
    )
    resolved_results: tuple[str, ...] = Field(
        default=("Zelfstandig afgehandeld", "Afgehandeld na ruggespraak"),
        description="Results of a conversation that mean that the question was answered.",
    )
    topics: tuple[str, ...] = Field(
        default=(), description="Subjects that may be kept by their own words; others are hashed."
    )

    @property
    def outbound_words(self) -> tuple[str, ...]:
        return self.outbound_channels

    @property
    def answering_results(self) -> tuple[str, ...]:
        return self.resolved_results


def _api(source: KlantinteractiesSource) -> Api:
    return Api(source.id, source.address, fixed_token(source_secret(source.id, "token")))


def _kiss_api(source: KlantinteractiesSource, address: str) -> Api:
    return Api(source.id, address, timed_token(source_secret(source.id, "kiss_secret")))


def _listings(source: KlantinteractiesSource, reading: Reading, now: datetime) -> Iterator[Listing]:
    """The lists of one pull, those of KISS last."""
    yield from _own_listings(source, reading)
    if source.kiss is not None:
        yield kiss.listing(_kiss_api(source, source.kiss), reading, now, source.overlap_days)


def _own_listings(source: KlantinteractiesSource, reading: Reading) -> Iterator[Listing]:
    """Only contacts run by a date; the others are read whole, daily."""
    api = _api(source)
    is_sweep = reading.is_sweep
    yield Listing(
        api,
        tables.KLANTCONTACTEN,
        _contact_keeper(source.topics),
        (("klantcontacten", {}),),
        within=None if is_sweep else tables.KLANTCONTACTEN.key,
        newest_by=None if is_sweep else "plaatsgevondenOp",
        until=reading.back_to(source.overlap_days),
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


def _probes(source: KlantinteractiesSource, _: Municipality) -> Iterator[Probe]:
    api = _api(source)
    page = probing.first_page(api, "klantcontacten", probing.ODD_PAGES)
    yield probing.clock(api)
    yield probing.seen(page, "klantcontacten")
    yield from probing.rights(_own_listings(source, Reading("weekly")))
    yield probing.page_size(page)
    yield probing.order_of(api, "klantcontacten", "plaatsgevondenOp")
    if source.kiss is not None:
        yield from kiss.probes(_kiss_api(source, source.kiss), api)


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


CONNECTOR = ApiConnector(
    model=KlantinteractiesSource,
    tables=(*tables.TABLES, kiss.GESPREKKEN),
    counted=tables.KLANTCONTACTEN,
    listings=_listings,
    probes=_probes,
)
