"""The audit trail of Open Zaak from its database: every case at once, by a user that may only read.

The API gives the trail to a client that may also write and delete everything. A user of the
database can be given one view, from which the municipality has already left out the names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from pipelines.connectors import zgw_records as kept
from pipelines.connectors.database_session import answers
from pipelines.connectors.records import Door, Row, uuid_of
from pipelines.connectors.rest import Page, Params
from pipelines.connectors.walk import Listing
from pipelines.connectors.zgw_tables import AUDIT
from pipelines.settings import source_secret

AUDIT_TABLE = "audittrails_audittrail"
_COLUMNS = (
    *("uuid", "hoofd_object", "resource", "resource_url", "actie", "aanmaakdatum"),
    *("oud", "nieuw"),
)


def audit_listing(
    source: str, table: str, since: datetime | None, cases: Collection[str] | None
) -> Listing:
    """The rows of the trail since a moment, else all; of some cases, by uuid, where they are given.

    Rows are never edited, and what goes with a destroyed case is left out with it in `core`.
    """
    trail = AuditDatabase(source, source_secret(source, "audit_url"))
    asks = ((table, {"since": since.isoformat()} if since else {}),)

    def keep(record: Mapping[str, Any], door: Door) -> Row | None:
        is_asked = cases is None or uuid_of(record["hoofdObject"]) in cases
        return kept.audit_row(record, door) if is_asked else None

    return Listing(trail, AUDIT, keep, asks, within=AUDIT.key, page_size=None)


@dataclass(frozen=True)
class AuditDatabase:
    """The trail as the API would give it, out of a database."""

    source: str
    url: str

    def pages(self, path: str, params: Params | None = None) -> Iterator[Page]:
        """Rows of the table `path`, from the moment `since` of `params` on where it is there."""
        query = _query(path, (params or {}).get("since"))
        for names, rows in answers(f"sources.{self.source}: {path}", self.url, query):
            yield Page([_record(dict(zip(names, row, strict=True))) for row in rows], None)


def _query(table: str, since: str | None) -> str:
    from sqlglot import exp

    query = exp.select(*_COLUMNS).from_(exp.to_table(table))
    query = query.where(exp.column("resource").isin("zaak", "rol", "status"))
    if since:
        query = query.where(exp.column("aanmaakdatum") >= exp.Literal.string(since))
    return query.sql("postgres")


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "uuid": str(row["uuid"]),
        "hoofdObject": row["hoofd_object"],
        "resource": row["resource"],
        "resourceUrl": row["resource_url"],
        "actie": row["actie"],
        "aanmaakdatum": row["aanmaakdatum"].isoformat(),
        "wijzigingen": {"oud": _body(row["oud"]), "nieuw": _body(row["nieuw"])},
    }


def _body(value: Any) -> Any:
    """A stored body; text where the column is no jsonb."""
    return orjson.loads(value) if isinstance(value, str) else value
