"""What a reading no longer gives: what of it is gone, and what only seems so.

What belongs here: keeping what was listed but cannot be used, retiring lists that are empty now,
refusing a reading that lost too much, and finding what is gone for long. What does not: any other
record that is gone, which the loader sees by itself (`pull.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from pipelines.connectors.api_tables import TO, ApiTable
from pipelines.connectors.kinds import connector_of
from pipelines.connectors.klantinteracties_tables import KLANTCONTACTEN, PARTIJEN
from pipelines.connectors.raw_log import SourceError
from pipelines.connectors.records import Row
from pipelines.connectors.walk import Listing, Tally
from pipelines.connectors.zgw_tables import ZAKEN
from pipelines.sources import ApiSource

GONE_FOR = timedelta(days=30)  # as long as rights may be taken away by mistake
_GONE = ((ZAKEN, "case"), (KLANTCONTACTEN, "contact"), (PARTIJEN, "record"))
_FEW = 20  # cases or contacts that may go without a word in a small municipality


def as_known(
    connection: duckdb.DuckDBPyConnection, source: ApiSource, listing: Listing, tally: Tally
) -> list[Row]:
    """What is known of records that were listed but cannot be used now: unchanged, not gone."""
    table, keys = listing.table, sorted(tally.unusable[listing.table.name])
    if not keys or listing.within == table.key:
        return []
    names = list(table.columns)
    found = connection.execute(
        f"select {', '.join(names)} from raw.{table.name}"  # noqa: S608
        f" where source = ? and {TO} is null and {table.key} in (select unnest(?::varchar[]))",
        [source.id, keys],
    ).fetchall()
    tally.kept[table.name] += len(found)
    return [dict(zip(names, row, strict=True)) for row in found]


def retire_emptied(
    connection: duckdb.DuckDBPyConnection,
    source: ApiSource,
    began: datetime,
    tables: list[ApiTable],
    tally: Tally,
) -> None:
    """A whole list that is empty now: its rows are gone, which the loader, given none, cannot see.

    Where what is counted, such as the cases, is none itself, nothing is believed to be gone.
    """
    if not tally.read[connector_of(source).counted.name]:
        return
    for table in tables:
        if tally.read[table.name]:
            continue
        connection.execute(
            f"update raw.{table.name} set {TO} = ? where source = ? and {TO} is null",  # noqa: S608
            [began, source.id],
        )


def refuse_vanished(connection: duckdb.DuckDBPyConnection, source: ApiSource, tally: Tally) -> None:
    table = connector_of(source).counted
    [(known,)] = connection.execute(
        f"select count(*) from raw.{table.name} where source = ? and {TO} is null",  # noqa: S608
        [source.id],
    ).fetchall()
    listed = tally.kept[table.name]
    if known - listed > max(_FEW, source.max_vanished_share * known):
        raise SourceError(
            f"sources.{source.id}: {table.name} lists {listed:,} where {known:,} were known; more"
            f" than {source.max_vanished_share:.0%} (max_vanished_share) would be gone. Nothing was"
            " loaded.\n  Mend: look whether rights of this client were taken away; if so much was"
            " truly destroyed, raise max_vanished_share for one run."
        )


def gone_for_long(
    connection: duckdb.DuckDBPyConnection, now: datetime
) -> list[tuple[str, str, str]]:
    """(kind, source, id) of cases, contacts and numbers of parties that their system has given no
    longer for GONE_FOR: their earlier versions say nothing that any table is made of."""
    found = []
    for table, kind in _GONE:
        found += connection.execute(
            f"select ?, source, {table.key} from raw.{table.name} group by source, {table.key}"  # noqa: S608
            f" having bool_and({TO} is not null) and max({TO}) < ? order by all",
            [kind, now - GONE_FOR],
        ).fetchall()
    return found
