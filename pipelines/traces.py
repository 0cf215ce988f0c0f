"""Where in `raw` a resident stands, and whose the cases and contacts are.

What belongs here: per table, the columns with pseudonyms of residents, cases and contacts. What
does not: removing anything (`removing.py`). A table that is not named here belongs to a connector
of someone else; there every column of text counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Trace:
    """A row goes with the resident, case, contact or record that one of `names` says; one of
    `links` only points there and is emptied; `lists` hold several links, as `kind:pseudonym`."""

    names: tuple[str, ...]
    links: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


TRACES = {
    "cases": Trace(("case_id",), ("client",)),
    "events": Trace(("case_id",)),
    "contacts": Trace(("contact_id",), ("client", "case_id", "follows")),
    "callbacks": Trace(("contact_id",)),
    "zgw_zaken": Trace(("zaak",), ("hoofdzaak",), ("andere_zaken",)),
    "zgw_statussen": Trace(("zaak",), ("gezet_door",)),
    "zgw_rollen": Trace(("zaak", "betrokkene", "rol")),
    "zgw_resultaten": Trace(("zaak",)),
    "zgw_audit": Trace(("zaak", "object", "oud_betrokkene", "nieuw_betrokkene"), ("gezet_door",)),
    "zgw_notices": Trace(("zaak", "object")),
    "ki_klantcontacten": Trace(("klantcontact",)),
    "ki_betrokkenen": Trace(("klantcontact", "partij")),
    "ki_partij_identificatoren": Trace(("partij", "client", "identificator")),
    "ki_internetaken": Trace(("klantcontact",)),
    "ki_onderwerpobjecten": Trace(("klantcontact", "was_klantcontact", "zaak")),
    "kiss_gesprekken": Trace(("klantcontact",)),
    "api_refused": Trace(("record",)),
}
# Tables of `raw` that say nothing of any one resident.
OF_NOBODY = frozenset(
    {
        *("files", "quarantine", "owner_statistics", "findings", "erased", "removals"),
        *("api_pulls", "zgw_zaaktypen", "zgw_statustypen", "zgw_resultaattypen", "ki_actoren"),
    }
)

# Who is the resident of a case or contact: the client of a case system and a contact system, the
# initiator of a case by the ZGW standards, and the customer of a conversation. `is_current` says
# whether the source still says so, not whether the case is there.
OWNERS = """
create or replace temp table owners as from (
select 'case' as kind, source, case_id as id, client as person,
  sequence = max(sequence) filter (where client is not null) over (partition by source, case_id)
    as is_current
from raw.cases
union all
select 'contact', source, contact_id, client, true from raw.contacts
union all
select 'case', source, zaak, betrokkene, observed_to is null from raw.zgw_rollen
where omschrijving_generiek = 'initiator'
  and betrokkene_type in ('natuurlijk_persoon', 'niet_natuurlijk_persoon', 'vestiging')
union all
select 'case', source, zaak, oud_betrokkene, false from raw.zgw_audit
where oud_omschrijving_generiek = 'initiator'
union all
select 'case', source, zaak, nieuw_betrokkene, false from raw.zgw_audit
where nieuw_omschrijving_generiek = 'initiator'
union all
select 'contact', source, klantcontact, partij, observed_to is null from raw.ki_betrokkenen
where rol = 'klant'
) where person is not null
"""

# A contact system knows a resident by a party of its own, which the number leads to.
NUMBERS_OF_PARTIES = """
create or replace temp table numbers as
select source, partij, client from raw.ki_partij_identificatoren where client is not null
"""


def traced(connection: duckdb.DuckDBPyConnection) -> dict[str, Trace]:
    """The trace of every table of `raw` that can speak of residents."""
    found: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select c.table_name, c.column_name from information_schema.columns as c"
        " where c.table_catalog = current_database() and c.table_schema = 'raw'"
        " and c.data_type = 'VARCHAR' and c.table_name not like '\\_dlt%' escape '\\'"
        " and c.column_name not like '\\_dlt%' escape '\\'"
        " order by c.table_name, c.ordinal_position"
    ).fetchall():
        found.setdefault(table, []).append(column)
    return {
        table: TRACES.get(table) or Trace(tuple(name for name in columns if name != "source"))
        for table, columns in found.items()
        if table not in OF_NOBODY and "source" in columns
    }
