"""What is wrong with a home, and how it is mended; looks, and changes nothing.

What belongs here: one check per thing that can be wrong on a machine. What does not: sources and
their data (`checking.py`, `hartslag check`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from dashboards.marts import UnreadableMartsError, read_marts
from pipelines.configuration import load_municipality
from pipelines.errors import ConfigurationError, PlainError
from pipelines.holding import held_for
from pipelines.inspection import Insight, look_into
from pipelines.migrations import PRESENT
from pipelines.reading import manifest
from pipelines.restore import PARTIAL, SHOWN
from pipelines.settings import Settings, known_key
from pipelines.warehouse import log_of
from transforms.privacy import fingerprint

Level = Literal["ok", "warning", "error"]
ROOM = 3
"""Times the warehouse that should be free: a run rewrites it, and a backup beside it is a copy."""
_SLACK, _MINUTE = timedelta(minutes=5), "%Y-%m-%d %H:%M"
_RESTORE = "restore a backup in a new home: `hartslag restore BACKUP --home NEW`."


@dataclass(frozen=True)
class Finding:
    """What a check found; `mend` is None where all is well."""

    check: str
    level: Level
    what: str
    mend: str | None = None


def examine(settings: Settings) -> list[Finding]:
    """Every check, in the order in which one looks."""
    holder = held_for(settings.home) if settings.home.is_dir() else None
    insight, warehouse = _warehouse(settings, holder)
    return [
        _home(settings),
        _lock(settings, holder),
        _configuration(settings),
        warehouse,
        _key(insight),
        _publication(settings),
        _clock(settings),
        _partial(settings, holder),
        _disk(settings),
        *_databases(settings),
    ]


def _home(settings: Settings) -> Finding:
    home = settings.home
    if not home.is_dir():
        return Finding("home", "error", f"{home} is no folder", "name it with --home.")
    if (home / PARTIAL).exists():
        what = f"A restore was cut off, or is on, in {home}"
        return Finding("home", "error", what, "empty the folder and restore again.")
    if not os.access(home, os.W_OK):
        what = f"{home} cannot be written by the user that asks"
        return Finding("home", "error", what, "give it to the user that runs Hartslag.")
    return Finding("home", "ok", str(home))


def _lock(settings: Settings, holder: str | None) -> Finding:
    what = f"a {holder} is at work on it" if holder else "nothing is at work on it"
    return Finding("lock", "ok", what)


def _configuration(settings: Settings) -> Finding:
    try:
        name = load_municipality(settings.config_file).name
    except ConfigurationError as error:
        return _of("configuration", error)
    return Finding("configuration", "ok", f"{settings.config_file}, of {name}")


def _warehouse(settings: Settings, holder: str | None) -> tuple[Insight | None, Finding]:
    """What is known of the warehouse, and the finding; a run that is on is not disturbed."""
    file = settings.warehouse_file
    if holder:
        what = f"not looked into, since a {holder} is at work on it"
        return None, Finding("warehouse", "ok", what)
    if not file.exists():
        if settings.published.exists() or log_of(file).exists():
            what = f"{file} is gone, and was there: something was published"
            return None, Finding("warehouse", "error", what, _RESTORE)
        return None, Finding("warehouse", "warning", f"no {file} yet", "run `hartslag run`.")
    try:
        insight = look_into(file, settings.home)
    except PlainError as error:
        return None, _of("warehouse", error)
    size = _size(file.stat().st_size)
    what = f"whole: {insight.rows:,} rows of raw, {size}, schema version {insight.version}"
    if insight.version != PRESENT:
        what += f"; the next run brings it to version {PRESENT}"
    return insight, Finding("warehouse", "ok", what)


def _key(insight: Insight | None) -> Finding:
    try:
        key = known_key()
    except ConfigurationError as error:
        return _of("key", error)
    used = insight.key_fingerprint if insight else None
    if key is None:
        which = f" with fingerprint {used[:SHOWN]}" if used else ""
        mend = f"put the pseudonym key{which} in place, or set HARTSLAG_KEY_FILE."
        return Finding("key", "error", "There is no pseudonym key on this machine", mend)
    mine = fingerprint(key)
    if used and used != mine:
        what = f"The key is {mine[:SHOWN]}; the warehouse was made with {used[:SHOWN]}"
        mend = "set HARTSLAG_KEY_FILE to that key; with this one every source is read anew."
        return Finding("key", "error", what, mend)
    known = "the one that the warehouse was made with" if used else "no run has noted its key yet"
    return Finding("key", "ok", f"fingerprint {mine[:SHOWN]}, {known}")


def _publication(settings: Settings) -> Finding:
    pointer = settings.published / "current"
    if not pointer.is_symlink():
        return Finding("publication", "warning", "nothing is published", "run `hartslag run`.")
    folder, again = pointer.resolve(), "run `hartslag run`, which publishes anew, or restore."
    if not folder.is_dir():
        what = f"{pointer} names {folder.name}, which is gone"
        return Finding("publication", "error", what, again)
    try:
        wrong = [*_changed(folder)]
        read_marts(folder)
    except (OSError, ValueError, KeyError, UnreadableMartsError) as error:
        return Finding("publication", "error", f"{folder}: {error}", again)
    if wrong:
        what = f"{folder}: {', '.join(wrong[:3])} not as published"
        return Finding("publication", "error", what, again)
    return Finding("publication", "ok", f"run {folder.name}, whole")


def _changed(folder: Path) -> Iterator[str]:
    """The tables of a publication that are gone or have other bytes than the manifest says."""
    for name, expected in manifest(folder)["marts"].items():
        file = folder / "marts" / name
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != expected:
            yield name
    if not (folder / "site" / "index.html").exists():
        yield "site/index.html"


def _clock(settings: Settings) -> Finding:
    now = datetime.now(UTC)
    latest = max(_published_at(settings), default=now)
    if latest > now + _SLACK:
        what = f"It is {now:{_MINUTE}} UTC here, and something was published {latest:{_MINUTE}}"
        mend = "set the clock right (`timedatectl`); runs keep their order meanwhile."
        return Finding("clock", "warning", what, mend)
    return Finding("clock", "ok", f"{now:{_MINUTE}} UTC")


def _published_at(settings: Settings) -> Iterator[datetime]:
    for file in settings.published.glob("*/manifest.json"):
        try:
            yield datetime.fromisoformat(manifest(file.parent)["created_at"])
        except (OSError, ValueError, KeyError):
            continue  # the publication's own check tells


def _partial(settings: Settings, holder: str | None) -> Finding:
    left = [*settings.home.glob(".partial-*"), *settings.published.glob(".partial-*")]
    left = [path for path in left if path.name != PARTIAL]
    if left and not holder:
        what = f"a run was killed: {', '.join(path.name for path in left)} is left"
        return Finding("partial", "warning", what, "run `hartslag run`, which clears it.")
    return Finding("partial", "ok", "nothing is left of a killed run")


def _disk(settings: Settings) -> Finding:
    if not settings.home.exists():
        return Finding("disk", "warning", "not looked at", "name the home with --home.")
    file, free = settings.warehouse_file, shutil.disk_usage(settings.home).free
    held = file.stat().st_size if file.exists() else 0
    what = f"{_size(free)} free, the warehouse is {_size(held)}"
    if free >= ROOM * held:
        return Finding("disk", "ok", what)
    level: Level = "error" if free < held else "warning"
    return Finding("disk", level, what, f"make room for {ROOM} times the warehouse.")


def _databases(settings: Settings) -> Iterator[Finding]:
    """Dagster's record of runs, and the notifications that were received."""
    history = settings.dagster_home / "history"
    files = [history / "runs.db", history / "runs" / "index.db"]
    files.append(settings.dagster_home / "schedules" / "schedules.db")
    wrong = [str(file) for file in files if not _is_sound(file)]
    if wrong:
        mend = f"move {settings.dagster_home} away; the next run makes another, no figure is lost."
        yield Finding("dagster", "error", f"{', '.join(wrong)} cannot be read", mend)
    else:
        yield Finding("dagster", "ok", "its record of runs can be read")
    if not _is_sound(settings.notices_file):
        mend = f"move {settings.notices_file} away; the next weekly run reads what it missed."
        what = f"{settings.notices_file} cannot be read"
        yield Finding("notices", "error", what, mend)


def _is_sound(file: Path) -> bool:
    """Whether SQLite finds nothing wrong; a file that is not there yet is sound."""
    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)) as found:
            return bool(found.execute("pragma quick_check(1)").fetchall() == [("ok",)])
    except sqlite3.Error as error:
        return "locked" in str(error)


def _of(check: str, error: PlainError) -> Finding:
    what, _, mend = str(error).partition("\n  Mend: ")
    return Finding(check, "error", what, mend or "see what it says.")


def _size(held: float) -> str:
    return f"{held / 1e9:,.1f} GB" if held >= 1e9 else f"{held / 1e6:,.1f} MB"
