"""How a warehouse of an earlier version comes to have the present shape.

What belongs here: the version of a warehouse, and the numbered steps from each version to the next.
What does not: the present shape (`raw_tables.py`).

Whoever adds a column to a table of `raw` writes it in `raw_tables.py` or with its connector, and
adds a migration here: tests hold that a warehouse of version 1 ends as a new one begins.
A table that is absent is made in its present shape before the first step, so that a step must bear
to find its work done (`add column if not exists`). `core`, `mart` and the other schemas are rebuilt
whole in every run, and need none.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.errors import PlainError
from pipelines.raw_tables import RAW
from pipelines.transactions import transaction


class NewerWarehouseError(PlainError):
    """A later version of the program wrote the warehouse."""


@dataclass(frozen=True)
class Migration:
    """From the version before to `version`, in one transaction."""

    version: int
    sql: str


MIGRATIONS = (
    Migration(
        1,  # what warehouses of before there were versions may lack
        "alter table raw.contacts add column if not exists reason varchar;"
        "alter table raw.zgw_zaken add column if not exists andere_zaken varchar;",
    ),
    Migration(
        2,  # the keys that pulls noted; those of files were not
        "insert into meta.pseudonym_keys select key_fingerprint, min(began_at) from raw.api_pulls"
        " where key_fingerprint is not null group by key_fingerprint;",
    ),
)
PRESENT = MIGRATIONS[-1].version
_NOTE = "insert into meta.schema_version values (?, now())"


def version_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """None where nothing was ever loaded, 0 for a warehouse of before there were versions."""
    if not _has(connection, "raw", "files"):
        return None
    if not _has(connection, "meta", "schema_version"):
        return 0
    [(found,)] = connection.execute("select max(version) from meta.schema_version").fetchall()
    return int(found or 0)


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make what is absent and take each step that was not taken; `name` is for the message.

    Raises NewerWarehouseError, and changes nothing, where a later version wrote the warehouse.
    """
    version = version_of(connection)
    refuse_newer(version, name)
    with transaction(connection):
        connection.execute(RAW)
        if version is None:
            connection.execute(_NOTE, [PRESENT])
            return
    for migration in MIGRATIONS:
        if migration.version > version:
            with transaction(connection):
                connection.execute(migration.sql)
                connection.execute(_NOTE, [migration.version])
                if _has(connection, "raw", "_dlt_version"):  # what the loader knew of the tables
                    connection.execute("delete from raw._dlt_version")


def refuse_newer(version: int | None, name: str) -> None:
    """Raises NewerWarehouseError where this program does not know the version."""
    if version is not None and version > PRESENT:
        raise NewerWarehouseError(
            f"{name} has schema version {version}; this program knows versions up to {PRESENT}.\n"
            "  Mend: install the version of Hartslag that wrote it, or a later one."
        )


def _has(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = connection.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    )
    return bool(found.fetchall())
