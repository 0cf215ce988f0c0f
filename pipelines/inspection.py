"""Looking into a warehouse without changing what it holds: is it whole, and what made it.

What belongs here: reading a warehouse for its soundness. What does not: opening it for a run
(`warehouse.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.migrations import refuse_newer, version_of
from pipelines.mishaps import told_plainly
from pipelines.warehouse import connected, last_key

KEYS_SINCE = 2  # the schema version that notes the pseudonym key of a run


@dataclass(frozen=True)
class Insight:
    """`version` is None where nothing was loaded yet, `key_fingerprint` where it is not known;
    `rows` are those of `raw`, the one layer that no run can make again."""

    version: int | None
    key_fingerprint: str | None
    rows: int


def look_into(file: Path, home: Path, *, read_only: bool = True) -> Insight:
    """Read every row of `raw`. Without `read_only`, what is committed besides is put in the file.
    `home` is whose warehouse it is said to be, where the file is a copy.

    Raises DamagedWarehouseError, NewerWarehouseError or WarehouseBusyError.
    """
    with told_plainly(home):
        connection = connected(file, read_only=read_only)
        try:
            version = version_of(connection)
            refuse_newer(version, str(home / file.name))
            key = last_key(connection) if version and version >= KEYS_SINCE else None
            rows = _rows_read(connection)
            if not read_only:
                connection.execute("checkpoint")  # closing would be silent where it cannot
            return Insight(version, key, rows)
        finally:
            connection.close()


def _rows_read(connection: duckdb.DuckDBPyConnection) -> int:
    """How many rows `raw` has; each is read, so that its checksums are compared."""
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'raw'"
    ).fetchall()
    total = 0
    for (table,) in tables:
        asked = f'select count(*), bit_xor(hash(t)) from raw."{table}" as t'  # noqa: S608
        [(rows, _)] = connection.execute(asked).fetchall()
        total += rows
    return total
