"""Restoring a backup: a new home, whole or not at all, after every hash was compared.

What belongs here: reading a backup. What does not: what is in one (`backup.py`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.backup import (
    FORMAT,
    MANIFEST,
    PUBLISHED,
    WAREHOUSE,
    Backup,
    BackupError,
    Told,
    is_within,
    sha256,
)
from pipelines.disk import flush
from pipelines.holding import LOCK, RESTORE, the_only_run
from pipelines.inspection import look_into
from pipelines.mishaps import told_plainly
from transforms.privacy import fingerprint

PARTIAL = ".partial-restore"
_NOTHING = frozenset({LOCK, PARTIAL, "lost+found"})
SHOWN = 12
"""Characters of a fingerprint that people are shown."""


def restore(
    backup: Path, home: Path, key: bytes | None, told: Told, *, accept_other_key: bool = False
) -> Backup:
    """Make a home from a backup. `key` is the pseudonym key of this machine, where it has one.

    What is restored lies in a partial folder in the home until all of it was verified; the
    warehouse gets its name last. Raises BackupError where the backup is not as it was made, the
    home is not empty or the key is another, NewerWarehouseError, AnotherRunError, DiskFullError.
    """
    about = read_backup(backup)
    _compare_key(about, key, told, accept_other_key=accept_other_key)
    with told_plainly(home), the_only_run(home, RESTORE):
        if left := sorted({path.name for path in home.iterdir()} - _NOTHING):
            raise BackupError(
                f"{home} is not empty: it has {', '.join(left[:3])}.\n"
                "  Mend: name a new folder; what is there is never overwritten."
            )
        partial = home / PARTIAL
        shutil.rmtree(partial, ignore_errors=True)
        try:
            for name, expected in about.files.items():
                _copy(backup / name, partial / name, expected)
            look_into(partial / WAREHOUSE, backup)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        _point(partial, about.current)
        flush(partial)
        for path in sorted(partial.iterdir(), key=lambda path: path.name == WAREHOUSE):
            path.rename(home / path.name)
        partial.rmdir()
    return about


def read_backup(backup: Path) -> Backup:
    """What a backup says of itself. Raises BackupError where it is none, or of a later program."""
    file = backup / MANIFEST
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        if content["format"] > FORMAT:
            raise BackupError(
                f"{file} has format {content['format']}; this program knows {FORMAT}.\n"
                "  Mend: install the version of Hartslag that made it, or a later one."
            )
        about = Backup(**content)
    except FileNotFoundError:
        raise BackupError(
            f"{backup} is no whole backup: it has no {MANIFEST}.\n"
            "  Mend: name a folder that `hartslag backup` made; one cut off begins with .partial-"
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupError(
            f"{file} cannot be read as a backup's manifest.\n  Mend: restore an earlier backup."
        ) from None
    for name in _wrong_names(about):
        raise BackupError(f"{file} names {name!r}.\n  Mend: restore an earlier backup.")
    return about


def _wrong_names(about: Backup) -> Iterator[str]:
    """Paths that leave the folder, and what a backup cannot do without."""
    yield from (name for name in about.files if not is_within(name) or name.startswith(LOCK))
    if WAREHOUSE not in about.files:
        yield f"no {WAREHOUSE}"
    if about.current and not is_within(f"{PUBLISHED}/{about.current}"):
        yield about.current


def _compare_key(about: Backup, key: bytes | None, told: Told, *, accept_other_key: bool) -> None:
    made_with = about.key_fingerprint
    if made_with is None:
        told("It is not known with which pseudonym key this was made: no run had noted it yet.")
    elif key is None:
        told(
            "There is no pseudonym key on this machine. Before the next run, put the one with"
            f" fingerprint {made_with[:SHOWN]} in place; with another, every source is read anew."
        )
    elif made_with != fingerprint(key) and not accept_other_key:
        raise BackupError(
            f"The backup was made with the pseudonym key {made_with[:SHOWN]}; the key of this"
            f" machine is {fingerprint(key)[:SHOWN]}.\n  Mend: set HARTSLAG_KEY_FILE to the file"
            " with the key of the backup. Where that is lost, add --accept-other-key: the next run"
            " reads every source anew, and nothing meets what came before."
        )


def _copy(source: Path, target: Path, expected: str) -> None:
    """Copy a file; the copy is read again, since that is what will be used."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        raise BackupError(f"{source} is gone.\n  Mend: restore an earlier backup.") from None
    if sha256(target) != expected:
        raise BackupError(
            f"{source} is not as it was when the backup was made.\n"
            "  Mend: restore an earlier backup, and look after the disk that this one is on."
        )


def _point(home: Path, current: str | None) -> None:
    if current:
        (home / PUBLISHED / "current").symlink_to(current)
