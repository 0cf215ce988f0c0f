"""Backups: a folder with all of a home that no run can make again, and a manifest of its hashes.

What belongs here: what is in a backup, and making one. What does not: restoring (`restore.py`), and
saying so (`commands/backup.py`).

The bytes of the warehouse are copied while no run may begin; the copy is opened, never the
original, so that what DuckDB has yet to put in the file is put in the copy, and every row of `raw`
is read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from pipelines.configuration import load_municipality
from pipelines.disk import flush
from pipelines.errors import ConfigurationError, PlainError
from pipelines.holding import BACKUP, the_only_run
from pipelines.inspection import look_into
from pipelines.mishaps import told_plainly
from pipelines.settings import Settings
from pipelines.warehouse import log_of

FORMAT, MANIFEST = 1, "backup.json"
CONFIGURATION, WAREHOUSE, NOTICES = "municipality.yaml", "warehouse.duckdb", "notices.sqlite"
PUBLISHED = "published"

Told = Callable[[str], None]


class BackupError(PlainError):
    """A backup that cannot be made or used."""


@dataclass(frozen=True)
class Backup:
    """What `backup.json` says. `files` maps each path to its sha256; `current` names the run that
    was published last, None before the first; `key_fingerprint` is None where it is not known."""

    made_at: str
    program: str
    schema_version: int | None
    key_fingerprint: str | None
    current: str | None
    files: dict[str, str]
    format: int = FORMAT


def back_up(settings: Settings, target: Path, patience_s: float, told: Told) -> Backup:
    """Copy a home to a new folder, whole or not at all; waits for a run that is on.

    Raises BackupError, AnotherRunError where a run is on after `patience_s`, DamagedWarehouseError
    where the warehouse is not worth keeping, and DiskFullError.
    """
    _refuse(settings, target)
    partial = target.absolute().with_name(f".partial-{target.name}")
    with told_plainly(target.parent):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            found = _filled(settings, partial, patience_s, told)
            partial.replace(target)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return found


def _refuse(settings: Settings, target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(
            f"{target} is there already, and not an empty folder.\n"
            "  Mend: name a new folder, such as one of today: backups/$(date +%F)"
        )
    if not settings.warehouse_file.exists():
        raise BackupError(
            f"There is no warehouse in {settings.home}.\n"
            "  Mend: name the home with --home, or run `hartslag run` first."
        )
    if not settings.config_file.exists():
        raise BackupError(
            f"There is no configuration {settings.config_file}.\n  Mend: name it with --config."
        )


def _filled(settings: Settings, partial: Path, patience_s: float, told: Told) -> Backup:
    with the_only_run(settings.home, BACKUP, patience_s):
        for file in (settings.warehouse_file, log_of(settings.warehouse_file)):
            if file.exists():
                shutil.copyfile(file, partial / file.name)
        current = _current(settings)
        if current:
            _copy_publication(settings, current, partial)
    _copy_notices(settings, partial)
    _copy_configuration(settings, partial, told)
    for run in _publications(settings):
        if run != current:
            _copy_publication(settings, run, partial)
    insight = look_into(partial / WAREHOUSE, settings.home, read_only=False)
    about = Backup(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        program=version("hartslag"),
        schema_version=insight.version,
        key_fingerprint=insight.key_fingerprint,
        current=current,
        files={name: sha256(partial / name) for name in sorted(_files(partial))},
    )
    text = json.dumps(asdict(about), indent=2) + "\n"
    (partial / MANIFEST).write_text(text, encoding="utf-8")
    flush(partial)
    return about


def _current(settings: Settings) -> str | None:
    """The run that the pointer names, where its folder is there."""
    pointer = settings.published / "current"
    return pointer.readlink().name if pointer.is_symlink() and pointer.exists() else None


def _publications(settings: Settings) -> Iterator[str]:
    if settings.published.exists():
        for folder in sorted(settings.published.iterdir()):
            if folder.is_dir() and not folder.is_symlink() and not folder.name.startswith("."):
                yield folder.name


def _copy_publication(settings: Settings, run: str, partial: Path) -> None:
    shutil.copytree(settings.published / run, partial / PUBLISHED / run, symlinks=True)


def _copy_notices(settings: Settings, partial: Path) -> None:
    """As SQLite sees them at one moment, while `hartslag listen` may write."""
    if settings.notices_file.exists():
        with (
            closing(sqlite3.connect(settings.notices_file, timeout=30)) as source,
            closing(sqlite3.connect(partial / NOTICES)) as target,
        ):
            source.backup(target)


def _copy_configuration(settings: Settings, partial: Path, told: Told) -> None:
    """The configuration, and the desired flows that it names within its folder."""
    shutil.copyfile(settings.config_file, partial / CONFIGURATION)
    try:
        journeys = load_municipality(settings.config_file).journeys
    except ConfigurationError as error:
        told(f"The configuration is kept as it is, without the flows that it names: {error}")
        return
    for named in {journey.desired for journey in journeys if journey.desired}:
        if is_within(named):
            (partial / named).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(settings.config_file.parent / named, partial / named)
        else:
            told(f"{named} is outside the folder of the configuration; keep a copy yourself.")


def is_within(name: str) -> bool:
    """Whether a path stays within the folder that it is read from."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and name == str(path)


def _files(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.relative_to(folder).as_posix()


def sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
