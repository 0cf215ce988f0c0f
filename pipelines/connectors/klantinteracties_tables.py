"""The `raw` tables of a contact system by the Klantinteracties API."""

from __future__ import annotations

from pipelines.connectors.api_tables import api_table

KLANTCONTACTEN = api_table(
    "ki_klantcontacten",
    klantcontact="text",
    kanaal="text",
    onderwerp="text",
    onderwerp_hash="text",
    hoofd_onderwerp_type="text",
    is_gelukt="bool",
    is_verdere_actie="bool",
    plaatsgevonden_op="timestamp",
    is_geautomatiseerd="bool",
    medewerker="text",
    afdeling="text",
)
BETROKKENEN = api_table(
    "ki_betrokkenen",
    betrokkene="text",
    klantcontact="text",
    partij="text",
    rol="text",
    is_initiator="bool",
)
PARTIJEN = api_table(
    "ki_partij_identificatoren", identificator="text", partij="text", soort="text", client="text"
)
ACTOREN = api_table("ki_actoren", actor="text", soort="text", medewerker="text", afdeling="text")
INTERNETAKEN = api_table(
    "ki_internetaken",
    internetaak="text",
    klantcontact="text",
    status="text",
    toegewezen_op="timestamp",
    afgehandeld_op="timestamp",
    actor="text",
)
ONDERWERPOBJECTEN = api_table(
    "ki_onderwerpobjecten",
    onderwerpobject="text",
    klantcontact="text",
    was_klantcontact="text",
    zaak="text",
)

TABLES = (
    KLANTCONTACTEN,
    BETROKKENEN,
    PARTIJEN,
    ACTOREN,
    INTERNETAKEN,
    ONDERWERPOBJECTEN,
)
