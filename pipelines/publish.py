"""Publication: a new folder per run, and a pointer that moves last.

What belongs here: taking the public marts out of the warehouse, writing the folder, moving the
pointer. What does not: what is withheld (`transforms/withholding.py`), figures and pages
(`dashboards/`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from dashboards.standing import FILE
from pipelines.disk import flush
from pipelines.standing import say_published
from pipelines.warehouse import read
from transforms.models import Model
from transforms.withholding import withheld_tables

_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Publication:
    """`data_until` is the earliest cut-off of the sources, in UTC."""

    run: str
    municipality: str
    threshold: int
    config_hash: str
    data_until: datetime | None


def public_marts(
    connection: duckdb.DuckDBPyConnection,
    models: dict[str, Model],
    mined: Sequence[str],
    threshold: int,
) -> dict[str, pl.DataFrame]:
    """The published tables by name, persons left out and small groups withheld."""
    names = [model.name for model in models.values() if model.is_public] + [*mined]
    frames = {
        name.removeprefix("mart."): read(connection, f"select * from {name}")  # noqa: S608
        for name in sorted(names)
    }
    return withheld_tables(frames, threshold)


def run_name(folder: Path, run_id: str, now: datetime) -> str:
    """The name of a run: its moment, in UTC, and the beginning of its identifier.

    Names are in the order of the runs, also when the clock was set back: a run that seems to come
    before one that has published is called a second after it.
    """
    moments = [_moment(path.name) for path in folder.glob("*Z-*") if path.is_dir()]
    after = [moment + timedelta(seconds=1) for moment in moments if moment]
    return f"{max([now.astimezone(UTC), *after]):{_MOMENT}}-{run_id[:8]}"


def last_published(folder: Path) -> Path:
    """What the next publication follows: what `current` names, or the newest where that is lost."""
    current = folder / "current"
    if (current / "manifest.json").is_file():
        return current
    return max((file.parent for file in folder.glob("*Z-*/manifest.json")), default=current)


def _moment(run: str) -> datetime | None:
    try:
        return datetime.strptime(run.split("-")[0], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def publish(marts: dict[str, pl.DataFrame], about: Publication, folder: Path) -> Path:
    """Write a run's folder, then move the pointer. Returns the folder.

    A reader sees the previous run until the very last step. A run that fails leaves nothing, and a
    killed one only a partial folder, which the next one clears.
    """
    from dashboards.marts import read_marts
    from dashboards.site import build_site

    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".partial-*"):
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    partial = folder / f".partial-{about.run}"
    try:
        (partial / "marts").mkdir(parents=True)
        hashes = {
            name: _write_mart(frame, partial / "marts", name) for name, frame in marts.items()
        }
        _write_manifest(partial, about, hashes)
        build_site(read_marts(partial), partial / "site")
        _link_status(partial / "site")
        flush(partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)  # a full disk needs the room
        raise
    target = folder / about.run
    partial.rename(target)
    _point(folder, about.run)
    say_published(folder)
    return target


def _write_mart(frame: pl.DataFrame, folder: Path, name: str) -> dict[str, str]:
    """Parquet and CSV of one table; the same rows give the same bytes."""
    parquet, csv = folder / f"{name}.parquet", folder / f"{name}.csv"
    frame.write_parquet(parquet, compression="zstd", statistics=True)
    frame.write_csv(csv, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (parquet, csv)}


def _write_manifest(folder: Path, about: Publication, hashes: dict[str, dict[str, str]]) -> None:
    manifest = {
        "run": about.run,
        "municipality": about.municipality,
        "created_at": _stamp(datetime.now(UTC)),
        "data_until": _stamp(about.data_until) if about.data_until else None,
        "disclosure_threshold": about.threshold,
        "config_hash": about.config_hash,
        "version": version("hartslag"),
        "marts": {file: digest for files in hashes.values() for file, digest in files.items()},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _link_status(site: Path) -> None:
    """Let the site's status be that of all publications: the folder stays, what comes later is
    said beside it."""
    (site / FILE).unlink()
    (site / FILE).symlink_to(Path("..") / ".." / FILE)


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _point(folder: Path, run: str) -> None:
    """Let `current` name the run; a rename, so that it names either the old one or the new."""
    arriving = folder / f".partial-pointer-{run}"
    arriving.symlink_to(run)
    arriving.replace(folder / "current")
