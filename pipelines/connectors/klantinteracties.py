"""Contact systems by the Klantinteracties API of Open Klant 2.

What belongs here: the model of such a source, which lists are read and what is asked beforehand.
What does not: what is kept of a record (`klantinteracties_records.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from pipelines.connectors import kiss, probing
from pipelines.connectors import klantinteracties_records as kept
from pipelines.connectors import klantinteracties_tables as tables
from pipelines.connectors.connector import ApiConnector
from pipelines.connectors.probing import Probe
from pipelines.connectors.reading import Reading
from pipelines.connectors.rest import Api, fixed_token, timed_token
from pipelines.connectors.walk import Listing
from pipelines.settings import source_secret
from pipelines.sources import ADDRESS, ApiSource

if TYPE_CHECKING:
    from pipelines.municipality import Municipality


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
        kept.contact_keeper(source.topics),
        (("klantcontacten", {}),),
        within=None if is_sweep else tables.KLANTCONTACTEN.key,
        newest_by=None if is_sweep else "plaatsgevondenOp",
        until=reading.back_to(source.overlap_days),
    )
    if not is_sweep and reading.cadence == "front":
        return
    for table, keep, path in (
        (tables.BETROKKENEN, kept.involved, "betrokkenen"),
        (tables.PARTIJEN, kept.identifier, "partij-identificatoren"),
        (tables.ACTOREN, kept.actor, "actoren"),
        (tables.INTERNETAKEN, kept.callback, "internetaken"),
        (tables.ONDERWERPOBJECTEN, kept.subject, "onderwerpobjecten"),
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


CONNECTOR = ApiConnector(
    model=KlantinteractiesSource,
    tables=(*tables.TABLES, kiss.GESPREKKEN),
    counted=tables.KLANTCONTACTEN,
    listings=_listings,
    probes=_probes,
)
