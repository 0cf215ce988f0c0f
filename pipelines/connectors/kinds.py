"""The kinds of source that there are: an entry each, from which all else is derived.

The models of `municipality.yaml` and its schema, the tables of `raw`, the assets, the readings and
`hartslag check` follow from these entries; docs/connectors.md shows how one is added.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, get_origin, overload

from pipelines.connectors import (
    case_export,
    contact_export,
    database,
    event_log,
    klantinteracties,
    zgw,
)
from pipelines.connectors.api_tables import REFUSED, ApiTable
from pipelines.connectors.connector import ApiConnector, RowConnector
from pipelines.sources import ApiSource, RowSource

CONNECTORS: Mapping[str, RowConnector | ApiConnector[Any]] = {
    "event_log": event_log.CONNECTOR,
    "case_export": case_export.CONNECTOR,
    "database": database.CONNECTOR,
    "zgw": zgw.CONNECTOR,
    "klantinteracties": klantinteracties.CONNECTOR,
    "contact_export": contact_export.CONTACTS,
    "callback_export": contact_export.CALLBACKS,
}


@overload
def connector_of(source: RowSource) -> RowConnector: ...
@overload
def connector_of(source: ApiSource) -> ApiConnector[Any]: ...
def connector_of(source: RowSource | ApiSource) -> Any:
    """How a source is read, by its kind."""
    return CONNECTORS[source.kind]


def api_tables() -> tuple[ApiTable, ...]:
    """Every table of `raw` that systems fill, and the one for what was refused of them."""
    apis = [found for found in CONNECTORS.values() if isinstance(found, ApiConnector)]
    return (*(table for api in apis for table in api.tables), REFUSED)


def has_variants(kind: str) -> bool:
    """Whether the model of a kind is one of several, told apart by a second key."""
    return get_origin(CONNECTORS[kind].model) is Annotated
