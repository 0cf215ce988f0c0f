"""Holding a home: one run, backup or restore at a time, by a lock that the system takes back when a
process dies.

What belongs here: the lock. What does not: Dagster's record of runs (`single_run.py`).
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pipelines.errors import PlainError

LOCK = "run.lock"
BACKUP, RESTORE = "backup", "restore"
BACKUP_PATIENCE_S, POLL_S = 3600.0, 0.2


class AnotherRunError(PlainError):
    """Another process runs on this home."""


@contextmanager
def the_only_run(home: Path, work: str = "run", patience_s: float = 0) -> Iterator[None]:
    """Hold the home for `work`. Raises AnotherRunError where another process holds it and still
    does after `patience_s`; one that makes a backup is waited for, for BACKUP_PATIENCE_S."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+", encoding="utf-8") as lock:
        began = time.monotonic()
        while not _taken(lock):
            holder = _holder(lock)
            patience = BACKUP_PATIENCE_S if holder == BACKUP else patience_s
            if time.monotonic() - began >= patience:
                raise AnotherRunError(
                    f"Another {holder} is at work on {home}.\n"
                    "  Mend: wait until it ends, then run again."
                )
            time.sleep(POLL_S)
        with suppress(OSError):  # a full disk
            lock.truncate(0)
            lock.write(work)
            lock.flush()
        yield


def held_for(home: Path) -> str | None:
    """What a process is doing that holds the home, where one does."""
    file = home / LOCK
    if not file.exists():
        return None
    with file.open("r", encoding="utf-8") as lock:
        return None if _taken(lock) else _holder(lock)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read() or "run"
