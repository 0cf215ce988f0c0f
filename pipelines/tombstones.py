"""What was removed does not come back: hashes of pseudonyms, and what is there held against them.

What belongs here: making tombstones, finding what has one, and removing that again. What does not:
the deletion itself (`removing.py`), what arrives (`arriving.py`), and why something was removed
(`erasing.py`, `retention.py`).

A tombstone is the keyed hash of a pseudonym: it tells whether a pseudonym that arrives is meant,
and no pseudonym can be found from it. One of a request holds in every source, one of retention in
the source that it names. It is made of the first form of a pseudonym, so that it is renewed with
the key as pseudonyms are.
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipelines.removing import NAMED, Removed, doom, remove
from pipelines.traces import TRACES, traced
from pipelines.warehouse import append, read
from transforms.privacy import first_form, is_pseudonym, pseudonym, pseudonymise

REQUEST, RETENTION = "request", "retention"
REASONS = (REQUEST, RETENTION)
_KIND = "erased"
_KINDS = {
    **dict.fromkeys(("client", "partij", "betrokkene"), "person"),
    **dict.fromkeys(("oud_betrokkene", "nieuw_betrokkene"), "person"),
    **dict.fromkeys(("case_id", "zaak", "hoofdzaak"), "case"),
    **dict.fromkeys(("contact_id", "follows", "klantcontact", "was_klantcontact"), "contact"),
}


def has_any(connection: duckdb.DuckDBPyConnection) -> bool:
    return bool(connection.execute("select 1 from raw.erased limit 1").fetchall())


def tombstone(source: str | None, name: str, key: bytes) -> str:
    """The tombstone of a pseudonym in one source, or in all."""
    [first] = first_form([name], key) if is_pseudonym(name) else [name]
    return pseudonym(f"{source} {first}" if source else first, key, _KIND)


def tombstones(named: pl.DataFrame, key: bytes) -> pl.Series:
    """The tombstone of each row of (source, id); a null source stands for every source."""
    known = named["id"].unique().to_list()
    names = [name for name in known if is_pseudonym(name)]
    first = dict(zip(names, first_form(names, key), strict=True))
    texts = named.select(
        pl.concat_str("source", pl.col("id").replace(first), separator=" ", ignore_nulls=True)
    )
    return pseudonymise(texts.to_series(), key, _KIND).alias("tombstone")


def lay(
    connection: duckdb.DuckDBPyConnection, named: pl.DataFrame, key: bytes, reason: str
) -> None:
    """Keep the tombstones of (source, id) that are not there yet."""
    known = read(connection, "select tombstone, reason from raw.erased")
    stones = pl.DataFrame([tombstones(named, key)]).unique().with_columns(reason=pl.lit(reason))
    append(connection, "raw.erased", stones.join(known, on=["tombstone", "reason"], how="anti"))


def take_away(
    connection: duckdb.DuckDBPyConnection, named: pl.DataFrame, key: bytes, reason: str
) -> Removed:
    """Remove what is named, with all that goes with it, for good; `named` is (kind, source, id).

    Returns how many rows went, by source and table.
    """
    doomed = doom(connection, named)
    lay(connection, _to_mark(connection, doomed, reason), key, reason)
    return remove(connection)


def sweep(connection: duckdb.DuckDBPyConnection, key: bytes) -> Removed:
    """Remove what has a tombstone, and what turns out to be of a resident who has one."""
    gone = Removed()
    if has_any(connection):
        found = _marked(connection, key)
        for reason in REASONS:
            meant = found.filter(pl.col("reason") == reason)
            if meant.height:
                gone += take_away(connection, meant, key, reason)
    return gone


def _to_mark(
    connection: duckdb.DuckDBPyConnection, doomed: pl.DataFrame, reason: str
) -> pl.DataFrame:
    """What of the doomed has a tombstone: in its own source where some other source has another's
    case by the same name, or where each source has a term of its own."""
    others = read(connection, "select distinct id, true as is_shared from others")
    people = read(connection, "select source, id from named where kind = 'person'")
    is_bound = pl.col("is_shared").fill_null(value=False) | (reason == RETENTION)
    things = (
        doomed.filter(pl.col("kind").is_in(["case", "contact"]))
        .join(others, on="id", how="left")
        .select(pl.when(is_bound).then("source").alias("source"), "id")
    )
    return pl.concat([people, things]).unique()


def _marked(connection: duckdb.DuckDBPyConnection, key: bytes) -> pl.DataFrame:
    """What stands in `raw` and has a tombstone: (kind, source, id, reason)."""
    columns = [
        f"select '{_KINDS.get(column, 'record')}' as kind, source, \"{column}\" as id"  # noqa: S608
        f' from raw."{table}" where "{column}" is not null'
        for table, trace in traced(connection).items()
        for column in (*trace.names, *trace.links)
        if column in _KINDS or table not in TRACES
    ]
    found = read(connection, " union ".join(columns))
    everywhere = found.with_columns(source=pl.lit(None, pl.String)).unique()
    both = pl.concat([found, everywhere])
    stones = read(connection, "select distinct tombstone, reason from raw.erased")
    met = both.with_columns(tombstones(both, key)).join(stones, on="tombstone")
    return met.select(*NAMED.names(), "reason")
