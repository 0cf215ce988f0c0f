"""Lending the warehouse to a loader that may not decide when its work counts.

What belongs here: the connection that dlt is given. What does not: what is loaded (`pull.py`).
dlt commits table by table, so what it had done would stay where it fails halfway. On this
connection it may begin and commit as it likes; the transaction is its lender's.
"""

from __future__ import annotations

from typing import Any

import duckdb


class _Lent:
    """A connection whose borrower can end neither it nor the transaction on it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def itself(self) -> _Lent:
        """Itself: a clone would have a transaction of its own."""
        return self

    duplicate = cursor = begin = commit = rollback = itself

    def close(self) -> None:
        """Left open for its lender."""


def lent(connection: duckdb.DuckDBPyConnection) -> Any:
    """Credentials by which dlt works on this connection, inside its lender's transaction."""
    from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials

    credentials: Any = DuckDbCredentials()
    credentials._external_conn = _Lent(connection)
    return credentials


def prepare(pipeline: Any) -> None:
    """Make the loader's own tables, outside any transaction.

    dlt asks tables whether they are there by reading them, and DuckDB gives a transaction up at the
    first that is not.
    """
    with pipeline.destination_client() as client:
        client.initialize_storage()
        client.update_stored_schema()
        with client.with_staging_dataset():
            client.initialize_storage()
            client.update_stored_schema()
