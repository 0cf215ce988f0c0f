"""The `raw` tables of a case system by the ZGW standards."""

from __future__ import annotations

from pipelines.connectors.api_tables import api_table

ZAAKTYPEN = api_table(
    "zgw_zaaktypen",
    zaaktype="text",
    identificatie="text",
    omschrijving="text",
    doorlooptijd="text",
    servicenorm="text",
    begin_geldigheid="date",
    einde_geldigheid="date",
)
STATUSTYPEN = api_table(
    "zgw_statustypen",
    statustype="text",
    zaaktype="text",
    omschrijving="text",
    volgnummer="bigint",
    is_eindstatus="bool",
)
RESULTAATTYPEN = api_table("zgw_resultaattypen", resultaattype="text", omschrijving="text")
ZAKEN = api_table(
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
    andere_zaken="text",
)
STATUSSEN = api_table(
    "zgw_statussen",
    status="text",
    zaak="text",
    statustype="text",
    datum_status_gezet="timestamp",
    gezet_door="text",
)
ROLLEN = api_table(
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
RESULTATEN = api_table("zgw_resultaten", resultaat="text", zaak="text", resultaattype="text")
AUDIT = api_table(
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
NOTICES = api_table(
    "zgw_notices",
    notice="text",
    zaak="text",
    resource="text",
    object="text",
    actie="text",
    aanmaakdatum="timestamp",
)

TABLES = (
    ZAAKTYPEN,
    STATUSTYPEN,
    RESULTAATTYPEN,
    ZAKEN,
    STATUSSEN,
    ROLLEN,
    RESULTATEN,
    AUDIT,
    NOTICES,
)
