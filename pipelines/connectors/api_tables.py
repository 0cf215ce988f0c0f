"""The `raw` tables that APIs fill: their columns, once, for the warehouse and for the loader.

Every version of a record stays, with the moments from and until which it was seen so: that is
where handoffs and suspensions come from when there is no audit trail. All identifiers of cases,
persons and records are pseudonyms; those of types (case types, status types) are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FROM, TO = "observed_from", "observed_to"
_SQL = {"text": "varchar", "bigint": "bigint", "bool": "boolean", "date": "date"}
_SQL["timestamp"] = "timestamptz"


@dataclass(frozen=True)
class ApiTable:
    """`key` names a record within its source; `columns` maps each column to its type."""

    name: str
    key: str
    columns: Mapping[str, str]

    @property
    def ddl(self) -> str:
        """The table as the loader expects to find it."""
        columns = ", ".join(f"{name} {_SQL[kind]}" for name, kind in self.columns.items())
        return (
            f"create table if not exists raw.{self.name} (source varchar, {columns},"
            f" {FROM} timestamptz, {TO} timestamptz,"
            " _dlt_load_id varchar not null, _dlt_id varchar not null);"
        )


def _table(name: str, **columns: str) -> ApiTable:
    return ApiTable(name, next(iter(columns)), columns)


ZAAKTYPEN = _table(
    "zgw_zaaktypen",
    zaaktype="text",
    identificatie="text",
    omschrijving="text",
    doorlooptijd="text",
    servicenorm="text",
    begin_geldigheid="date",
    einde_geldigheid="date",
)
STATUSTYPEN = _table(
    "zgw_statustypen",
    statustype="text",
    zaaktype="text",
    omschrijving="text",
    volgnummer="bigint",
    is_eindstatus="bool",
)
RESULTAATTYPEN = _table("zgw_resultaattypen", resultaattype="text", omschrijving="text")
ZAKEN = _table(
    "zgw_zaken",
    zaak="text",
    zaaktype="text",
    startdatum="date",
    registratiedatum="date",
    einddatum="date",
    einddatum_gepland="date",
    uiterlijke_einddatum_afdoening="date",
    is_opgeschort="bool",
    is_eerder_opgeschort="bool",
    verlenging_duur="text",
    kanaal="text",
    hoofdzaak="text",
)
STATUSSEN = _table(
    "zgw_statussen",
    status="text",
    zaak="text",
    statustype="text",
    datum_status_gezet="timestamp",
    gezet_door="text",
)
ROLLEN = _table(
    "zgw_rollen",
    rol="text",
    zaak="text",
    betrokkene_type="text",
    omschrijving_generiek="text",
    betrokkene="text",
    naam="text",
    registratiedatum="timestamp",
    begin_geldigheid="date",
    einde_geldigheid="date",
)
RESULTATEN = _table("zgw_resultaten", resultaat="text", zaak="text", resultaattype="text")
AUDIT = _table(
    "zgw_audit",
    regel="text",
    zaak="text",
    resource="text",
    object="text",
    actie="text",
    aanmaakdatum="timestamp",
    oud_betrokkene_type="text",
    oud_omschrijving_generiek="text",
    oud_betrokkene="text",
    oud_naam="text",
    oud_einde_geldigheid="date",
    nieuw_betrokkene_type="text",
    nieuw_omschrijving_generiek="text",
    nieuw_betrokkene="text",
    nieuw_naam="text",
    nieuw_einde_geldigheid="date",
    was_opgeschort="bool",
    is_opgeschort="bool",
    statustype="text",
    datum_status_gezet="timestamp",
    gezet_door="text",
)
KLANTCONTACTEN = _table(
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
BETROKKENEN = _table(
    "ki_betrokkenen",
    betrokkene="text",
    klantcontact="text",
    partij="text",
    rol="text",
    is_initiator="bool",
)
PARTIJEN = _table(
    "ki_partij_identificatoren", identificator="text", partij="text", soort="text", client="text"
)
ACTOREN = _table("ki_actoren", actor="text", soort="text", medewerker="text", afdeling="text")
INTERNETAKEN = _table(
    "ki_internetaken",
    internetaak="text",
    klantcontact="text",
    status="text",
    toegewezen_op="timestamp",
    afgehandeld_op="timestamp",
    actor="text",
)
ONDERWERPOBJECTEN = _table(
    "ki_onderwerpobjecten",
    onderwerpobject="text",
    klantcontact="text",
    was_klantcontact="text",
    zaak="text",
)
GESPREKKEN = _table(
    "kiss_gesprekken",
    klantcontact="text",
    begonnen_op="timestamp",
    geeindigd_op="timestamp",
    gespreksresultaat="text",
    afdeling="text",
)
REFUSED = _table(
    "api_refused",
    record="text",
    resource="text",
    column_name="text",
    shape="text",
    reason="text",
)

API_TABLES = (
    ZAAKTYPEN,
    STATUSTYPEN,
    RESULTAATTYPEN,
    ZAKEN,
    STATUSSEN,
    ROLLEN,
    RESULTATEN,
    AUDIT,
    KLANTCONTACTEN,
    BETROKKENEN,
    PARTIJEN,
    ACTOREN,
    INTERNETAKEN,
    ONDERWERPOBJECTEN,
    GESPREKKEN,
    REFUSED,
)
