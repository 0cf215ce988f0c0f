"""Removing residents, cases and contacts from `raw`, with all that hangs from them.

What belongs here: what goes with what, and the deletion, on any connection that has the tables of
`raw`. What does not: why something goes (`erasing.py`, `retention.py`), and keeping it out when it
comes again (`tombstones.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb
import polars as pl

from pipelines.arrow import ArrowStream
from pipelines.landing import VERSION, version_of
from pipelines.traces import NUMBERS_OF_PARTIES, OWNERS, Trace, traced

NAMED = pl.Schema({"kind": pl.String(), "source": pl.String(), "id": pl.String()})
Removed = Counter[tuple[str, str]]
_AT_ONCE = 50_000

_PEOPLE = "create or replace temp table people as select id from named where kind = 'person'"
_STEPS = (
    OWNERS,
    NUMBERS_OF_PARTIES,
    # A resident who is given by a party has numbers; one who is given by a number has parties.
    _PEOPLE,
    "insert into named select distinct 'person', null, client from numbers semi join people"
    " on people.id = numbers.partij",
    _PEOPLE,
    "insert into named select distinct 'person', null, partij from numbers semi join people"
    " on people.id = numbers.client",
    _PEOPLE,
    "create or replace temp table others as select distinct kind, source, id from owners"
    " where is_current and person not in (from people)",
    # What is theirs alone; what someone else has too stays, without them.
    "create or replace temp table doomed as select distinct kind, source, id from owners"
    " anti join others using (kind, source, id) where person in (from people)",
    # A case is theirs in every system that does not say that it is someone else's.
    "insert into doomed select distinct d.kind, s.source, d.id from doomed as d cross join sources"
    " as s anti join others as x on x.kind = 'case' and x.source = s.source and x.id = d.id"
    " where d.kind = 'case'",
    # Callbacks are a source of their own, which has no contacts.
    "insert into doomed select distinct d.kind, s.source, d.id from doomed as d cross join sources"
    " as s where d.kind = 'contact' and s.source not in (select source from raw.contacts)",
    "insert into doomed select distinct n.kind, coalesce(n.source, s.source), n.id from named as n"
    " cross join sources as s anti join others as x"
    " on n.source is null and x.source = s.source and x.id = n.id",
    # Parts of a case go with it, and roles that the resident has in cases of someone else.
    "insert into doomed select distinct 'case', z.source, z.zaak from raw.zgw_zaken as z"
    " inner join doomed as d on d.source = z.source and d.id = z.hoofdzaak"
    " anti join others as x on x.kind = 'case' and x.source = z.source and x.id = z.zaak",
    "insert into doomed select distinct 'record', r.source, r.rol from raw.zgw_rollen as r"
    " inner join doomed as d on d.source = r.source and d.id = r.betrokkene",
    "create or replace temp table doomed as select distinct kind, source, id from doomed",
)


def doom(connection: duckdb.DuckDBPyConnection, named: pl.DataFrame) -> pl.DataFrame:
    """What goes with what is named, as (kind, source, id): kind person, case, contact or record.

    `named` has those columns; a null source stands for every source that does not say that the
    case or contact is someone else's.
    """
    connection.register("naming", ArrowStream(named.select(NAMED.names()).cast(NAMED)))
    connection.execute("create or replace temp table named as select distinct * from naming")
    connection.unregister("naming")
    given = " union ".join(f'select source from raw."{name}"' for name in traced(connection))  # noqa: S608
    connection.execute(f"create or replace temp table sources as {given}")
    for step in _STEPS:
        connection.execute(step)
    return pl.DataFrame(ArrowStream(connection.sql("from doomed order by all")))


def remove(connection: duckdb.DuckDBPyConnection) -> Removed:
    """Delete, and empty, what `doom` found: how many rows by source and table, and how many
    `cases` and `contacts` as such."""
    tables = traced(connection)
    connection.execute(
        "create or replace temp table met (kind varchar, source varchar, id varchar)"
    )
    gone = Removed()
    for table, trace in tables.items():
        gone += _deleted(connection, table, trace)
    for table, trace in tables.items():
        for column in trace.links:
            gone += _emptied(connection, table, column)
        for column in trace.lists:
            gone += _shortened(connection, table, column)
    met = connection.execute(
        "select source, kind, count(distinct id) from met where kind in ('case', 'contact')"
        " group by all"
    ).fetchall()
    return gone + Removed({(source, f"{kind}s"): count for source, kind, count in met})


def clear_staging(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of what the loader left of its last load."""
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'raw_staging'"
        " and table_catalog = current_database() and table_name not like '\\_dlt%' escape '\\'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f'delete from raw_staging."{table}"')  # noqa: S608


def _deleted(connection: duckdb.DuckDBPyConnection, table: str, trace: Trace) -> Removed:
    """Delete the rows of a table that go; notes which cases and contacts were among them."""
    gone = Removed()
    for column in trace.names:
        met = (
            "insert into met select distinct d.kind, d.source, d.id"  # noqa: S608
            f' from raw."{table}" as t inner join doomed as d'
            f' on d.source = t.source and d.id = t."{column}"'
        )
        delete = (
            f'delete from raw."{table}"'  # noqa: S608
            f' where (source, "{column}") in (select source, id from doomed) returning source'
        )
        connection.execute(met)
        rows = connection.execute(delete).fetchall()
        gone.update((source, f"raw.{table}") for (source,) in rows)
    return gone


def _emptied(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> Removed:
    changes = [(row, None) for row, _ in _found(connection, table, column, "t.said = d.id")]
    return _changed(connection, table, column, changes)


def _shortened(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> Removed:
    """A list of `kind:pseudonym` without those that go; null where none is left."""
    doomed = set(connection.execute("select source, id from doomed").fetchall())
    changes = []
    for row, (source, said) in _found(connection, table, column, "contains(t.said, d.id)"):
        kept = [part for part in said.split(" ") if (source, part.rpartition(":")[2]) not in doomed]
        changes.append((row, " ".join(kept) or None))
    return _changed(connection, table, column, changes)


def _found(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, meets: str
) -> list[tuple[int, tuple[str, str]]]:
    """The rows whose column meets something doomed: its number, source and value."""
    rows = connection.execute(
        "select distinct t.row, t.source, t.said"  # noqa: S608
        f' from (select rowid as row, source, "{column}" as said from raw."{table}") as t'
        f" inner join doomed as d on d.source = t.source and {meets}"
    ).fetchall()
    return [(row, (source, said)) for row, source, said in rows]


def _changed(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
    changes: Iterable[tuple[int, str | None]],
) -> Removed:
    """Give a column of some rows other values, and tell the loader that the rows are so."""
    rows = list(changes)
    for row, value in rows:
        connection.execute(
            f'update raw."{table}" set "{column}" = ? where rowid = ?',  # noqa: S608
            [value, row],
        )
    sources = renew_versions(connection, table, [row for row, _ in rows])
    return Removed((source, f"raw.{table}") for source in sources)


def renew_versions(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[int] | None = None
) -> list[str]:
    """Work out anew what the loader tells versions of a row apart by, where it loads the table;
    of all rows where none are given. Returns the source of each row."""
    if rows is None:
        found = connection.execute(f'select rowid from raw."{table}"').fetchall()  # noqa: S608
        rows = [row for (row,) in found]
    sources = []
    for start in range(0, len(rows), _AT_ONCE):
        sources += _renew_some(connection, table, rows[start : start + _AT_ONCE])
    return sources


def _renew_some(connection: duckdb.DuckDBPyConnection, table: str, rows: list[int]) -> list[str]:
    result = connection.execute(
        f'select rowid, * from raw."{table}" where rowid in (select unnest(?::bigint[]))',  # noqa: S608
        [rows],
    )
    names = [column[0] for column in result.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    if VERSION in names and found:
        versions = [(row["rowid"], _version(row)) for row in found]
        frame = pl.DataFrame(versions, ["row", "version"], orient="row")
        connection.register("versions", ArrowStream(frame))
        connection.execute(
            f'update raw."{table}" as t set {VERSION} = v.version from versions as v'  # noqa: S608
            " where t.rowid = v.row"
        )
        connection.unregister("versions")
    return [row["source"] for row in found]


def _version(row: dict[str, Any]) -> str:
    """The version of a row as it would arrive: without what the loader adds."""
    return version_of(dict(_as_arriving(row)))


def _as_arriving(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if name in ("rowid", "observed_from", "observed_to") or name.startswith("_dlt"):
            continue
        yield name, value.astimezone(UTC) if isinstance(value, datetime) else value
