"""What befalls a machine, in words that a person can act on: a full disk, damage, lack of memory.

What belongs here: telling such an error by its cause, and the message. What does not: catching it.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import PlainError, causes

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS = ("no space left", "disk is full", "disk quota", "file too large")
_DAMAGE_WORDS = (
    "corrupt",
    "checksum",
    "not a valid duckdb",
    "could not read enough bytes",
    "failed to deserialize",
)
_LITTLE = 1 << 20
_OF_MACHINES = (duckdb.Error, OSError, sqlite3.Error, MemoryError)


class DiskFullError(PlainError):
    """There is no room to write in."""


class DamagedWarehouseError(PlainError):
    """The file of the warehouse is not as it was written."""


class OutOfMemoryError(PlainError):
    """The machine gave no more memory."""


@contextmanager
def told_plainly(home: Path) -> Iterator[None]:
    """Raises the PlainError for a mishap within; every other error passes as it is."""
    try:
        yield
    except Exception as error:
        told = mishap(error, home)
        if told is None:
            raise
        raise told from None


def mishap(error: BaseException, home: Path) -> PlainError | None:
    """The error in words, where it or one of its causes is a mishap that was not yet told."""
    for cause in () if isinstance(error, PlainError) else causes(error):
        if not isinstance(cause, _OF_MACHINES):
            continue
        words = str(cause).lower()
        if _is_full(cause, words, home):
            return DiskFullError(
                f"There is no room left on the disk of {home}: {_first_line(cause)}\n"
                "  Mend: make room (`df -h` tells where; what was published still stands), then run"
                " again."
            )
        if isinstance(cause, MemoryError | duckdb.OutOfMemoryException):
            return OutOfMemoryError(
                f"There was not enough memory for the run on {home}: {_first_line(cause)}\n"
                "  Mend: give the machine or the container more, or end what else runs, then run"
                " again."
            )
        if isinstance(cause, duckdb.Error) and any(word in words for word in _DAMAGE_WORDS):
            return DamagedWarehouseError(
                f"{home / 'warehouse.duckdb'} is damaged: {_first_line(cause)}\n"
                "  Mend: leave the file as it is; `hartslag doctor` tells what else is wrong, and"
                " `hartslag restore BACKUP --home NEW` makes a new home from the last backup."
            )
    return None


def _is_full(error: BaseException, words: str, home: Path) -> bool:
    """SQLite calls a full disk an input-output error too, so there the disk itself is asked."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    if "disk i/o error" in words and home.exists():
        return shutil.disk_usage(home).free < _LITTLE
    return any(word in words for word in _FULL_WORDS)


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".") + "."
