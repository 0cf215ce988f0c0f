"""What a reading has met, at the same memory for a thousand records as for ten million."""

from __future__ import annotations

import sqlite3


class Seen:
    """A set of keys in a database that SQLite keeps in a nameless file, gone when it is left."""

    def __init__(self) -> None:
        self._known = sqlite3.connect("")
        self._known.execute("pragma journal_mode = off")
        self._known.execute("create table known (key text primary key) without rowid")

    def is_first(self, key: str) -> bool:
        """Whether this key was never met before; from now on it was."""
        added = self._known.execute("insert or ignore into known values (?)", (key,))
        return added.rowcount == 1

    def __contains__(self, key: str) -> bool:
        found = self._known.execute("select 1 from known where key = ?", (key,))
        return found.fetchone() is not None

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, *_: object) -> None:
        self._known.close()
