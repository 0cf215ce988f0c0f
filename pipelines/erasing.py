"""Erasing one resident: every trace in a home, now and whenever the sources give it again.

What belongs here: whom, in which order, and what is reported. What does not: what goes with a
resident (`removing.py`), how it is kept out (`tombstones.py`), and the files (`rewriting.py`).

A resident's cases and contacts go whole, so that no figure made from now on holds them: a case
without its client could still be known by who knows when someone applied. A case or contact of
which someone else is the resident now stays, without them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.connectors.records import UUID
from pipelines.errors import PlainError
from pipelines.holding import the_only_run
from pipelines.keeping import forget_notices, record
from pipelines.key_renewal import hold_to_key
from pipelines.removing import NAMED, Removed, clear_staging
from pipelines.rewriting import files_with, rewrite_if_due, rewriting_is_due, scrub
from pipelines.settings import Settings
from pipelines.tombstones import REQUEST, take_away
from pipelines.transactions import transaction
from pipelines.warehouse import open_warehouse, read
from transforms.privacy import LENGTH, is_pseudonym, pseudonym


class UnknownResidentError(PlainError):
    """What was given is no pseudonym or identifier, or there is no warehouse to look in."""


@dataclass(frozen=True)
class Erasure:
    """`rows` by source and table; `notices` that waited; `scrubbed` files of Dagster; `left` are
    the files of the home in which a pseudonym still stands, which is none where all went well."""

    rows: Removed
    notices: int = 0
    scrubbed: int = 0
    left: tuple[Path, ...] = ()


def by_pseudonym(text: str) -> tuple[str, ...]:
    """The pseudonym of a resident, as the warehouse has it. Raises UnknownResidentError."""
    if not is_pseudonym(text.strip().lower()):
        raise UnknownResidentError(
            f"--client: a pseudonym has {LENGTH} of the characters 0-9 and a-f.\n"
            "  Mend: a number of the resident goes in by --identifier-from-stdin, never here."
        )
    return (text.strip().lower(),)


def by_identifier(text: str, key: bytes) -> tuple[str, ...]:
    """The pseudonyms by which a resident with this number can be known.

    Every source hashes a number of a resident as that of a client, without the spaces around it; a
    contact system hashes its own parties, by their uuid. Raises UnknownResidentError for none.
    """
    value = text.strip()
    if not value:
        raise UnknownResidentError(
            "No identifier was given.\n  Mend: give it on standard input, or type it when asked."
        )
    found = UUID.findall(value.lower())
    parties = [pseudonym(uuid, key, "party") for uuid in found]
    return (pseudonym(value, key, "client"), *parties)


def count_traces(settings: Settings, pseudonyms: tuple[str, ...], key: bytes) -> Erasure:
    """What would go; nothing is changed."""
    with the_only_run(settings.home), _warehouse(settings) as connection:
        hold_to_key(connection, key)
        connection.execute("begin")
        try:
            return Erasure(take_away(connection, _named(pseudonyms), key, REQUEST))
        finally:
            connection.execute("rollback")


def erase(settings: Settings, pseudonyms: tuple[str, ...], key: bytes) -> Erasure:
    """Remove a resident from the home for good.

    Raises UnknownResidentError where there is no warehouse, AnotherRunError during a run.
    """
    with the_only_run(settings.home):
        with _warehouse(settings) as connection, transaction(connection):
            hold_to_key(connection, key)
            gone = take_away(connection, _named(pseudonyms), key, REQUEST)
            record(connection, gone, REQUEST, "erase")
            clear_staging(connection)
            ids = _theirs(connection)
            stones = read(connection, "from raw.erased")["tombstone"].to_list()
            rewriting_is_due(settings.warehouse_file)
        rewrite_if_due(settings.warehouse_file)
        notices = forget_notices(settings, stones, key)
        scrubbed = scrub(settings.dagster_home, ids)
        return Erasure(gone, notices, scrubbed, tuple(files_with(settings.home, ids)))


def _warehouse(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    if not settings.warehouse_file.exists():
        raise UnknownResidentError(
            f"There is no warehouse in {settings.home}.\n  Mend: name the home with --home."
        )
    return open_warehouse(settings.warehouse_file)


def _named(pseudonyms: tuple[str, ...]) -> pl.DataFrame:
    rows = [("person", None, pseudonym) for pseudonym in pseudonyms]
    return pl.DataFrame(rows, NAMED, orient="row")


def _theirs(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The pseudonyms of the resident and of what went, but for what someone else has too."""
    found = connection.execute(
        "select id from doomed where id not in (select id from others)"
        " union select id from named where kind = 'person'"
    ).fetchall()
    return {pseudonym for (pseudonym,) in found}
