"""What a run does once it has read: remove again what was removed before, and write that down.

What belongs here: the order of it, the record of what went, and the files that hold it no longer.
What does not: what is removed (`tombstones.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import polars as pl

from pipelines.municipality import Municipality
from pipelines.receiving import Inbox
from pipelines.removing import NAMED, Removed, clear_staging, doom, remove
from pipelines.retention import expire
from pipelines.rewriting import rewrite_if_due, rewriting_is_due
from pipelines.settings import Settings
from pipelines.tombstones import RETENTION, has_any, sweep
from pipelines.transactions import transaction
from pipelines.vanishing import gone_for_long
from pipelines.warehouse import append, open_warehouse, read


def keep_removed(settings: Settings, municipality: Municipality, key: bytes) -> Removed:
    """Let nothing be in the home that was removed for good, or is past its term now; how many rows
    of `raw` went.

    Whoever calls this holds the home, and no connection to the warehouse.
    """
    with open_warehouse(settings.warehouse_file) as connection:
        with transaction(connection):
            again = sweep(connection, key)
            record(connection, again, "again", "run")
            gone = _remove_gone(connection, datetime.now(UTC))
            record(connection, gone, "gone at the source", "run")
            past = expire(connection, municipality, key, datetime.now(UTC))
            record(connection, past, RETENTION, "run")
            gone += again + past
            if has_any(connection):
                clear_staging(connection)
            if gone:
                rewriting_is_due(settings.warehouse_file)
        stones = read(connection, "from raw.erased")["tombstone"].to_list()
    rewrite_if_due(settings.warehouse_file)
    forget_notices(settings, stones, key)
    return gone


def _remove_gone(connection: duckdb.DuckDBPyConnection, now: datetime) -> Removed:
    """Remove what is gone at its source for long; it may come in again, if the source gives it."""
    named = gone_for_long(connection, now)
    if not named:
        return Removed()
    doom(connection, pl.DataFrame(named, NAMED, orient="row"))
    return remove(connection)


def record(connection: duckdb.DuckDBPyConnection, gone: Removed, reason: str, command: str) -> None:
    """Write down how many rows went, when, why and by which command; not whose."""
    rows = [(source, what, count) for (source, what), count in sorted(gone.items())]
    frame = pl.DataFrame(rows, ["source", "what", "removed"], orient="row").with_columns(
        removed_at=pl.lit(datetime.now(UTC)), reason=pl.lit(reason), command=pl.lit(command)
    )
    append(connection, "raw.removals", frame)


def forget_notices(settings: Settings, stones: list[str], key: bytes) -> int:
    """Take what was removed out of the notifications that wait; how many went."""
    if not stones or not settings.notices_file.exists():
        return 0
    return Inbox(settings.notices_file, key).erase(stones)
