"""Files: asking the disk to hold what was written, and a path as SQL has it."""

from __future__ import annotations

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Hold a file, or a folder with every file and name in it; what links point at is elsewhere."""
    for each in (path, *path.rglob("*")) if path.is_dir() else (path,):
        if not each.is_symlink():
            flush_alone(each)


def flush_alone(path: Path) -> None:
    """Hold a file, or the names that stand in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def quoted(path: Path) -> str:
    """A path as a text in SQL, in its quotes, whatever is in its name."""
    return "'" + str(path).replace("'", "''") + "'"
