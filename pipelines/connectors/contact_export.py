"""The connectors of contact systems that export: contacts and callbacks, a row each, by mapping."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.connectors.files import FileBatch, read_file, refuse_too_many
from pipelines.connectors.raw_log import FINDINGS, RawLog
from pipelines.connectors.rows import is_placeholder, judge
from pipelines.sources import CallbackExportSource, ContactExportSource
from transforms.privacy import pseudonymise

INSTANT = pl.Datetime("us", "UTC")
_CONTACT = {
    "contact_id": "contact",
    "follows": "contact",
    "case_id": "case",
    "client": "client",
    "actor": "person",
}
_CONTACT_TEXT = ("team", "channel", "topic", "direction", "result")
_CONTACT_NUMBERS = ("handled_s", "satisfaction")


def read_contacts(source: ContactExportSource, file: Path, key: bytes) -> FileBatch:
    """Read one file of contacts; `client` and `case_id` join those of the case systems.

    Raises SourceError where it, or too large a share of it, is unusable.
    """
    return _read(
        source,
        file,
        key,
        table="contacts",
        needed=("contact_id", "contacted_at"),
        hashed=_CONTACT,
        kept=(*_CONTACT_TEXT, "time_quality"),
        numbers=_CONTACT_NUMBERS,
        stamps=("contacted_at",),
    )


def read_callbacks(source: CallbackExportSource, file: Path, key: bytes) -> FileBatch:
    """Read one file of callbacks. Raises SourceError as for contacts."""
    return _read(
        source,
        file,
        key,
        table="callbacks",
        needed=("contact_id", "promised_at"),
        hashed={"contact_id": "contact"},
        kept=("team",),
        numbers=("attempts",),
        stamps=("promised_at", "due_at", "done_at"),
    )


def _read(
    source: ContactExportSource | CallbackExportSource,
    file: Path,
    key: bytes,
    *,
    table: str,
    needed: tuple[str, ...],
    hashed: dict[str, str],
    kept: tuple[str, ...],
    numbers: tuple[str, ...],
    stamps: tuple[str, ...],
) -> FileBatch:
    columns = {role: name for role, name in source.columns.model_dump().items() if name}
    log = read_file(source, file, columns)
    good, quarantine, findings = judge(log, source, needed)
    refuse_too_many(source, file, log, good, quarantine)
    texts = [name for name in (*hashed, *kept) if name != "time_quality"]
    frame = good.with_columns(
        *(pl.lit(None, pl.String).alias(n) for n in (*texts, *numbers) if n not in good.columns),
        *(pl.lit(None, INSTANT).alias(name) for name in stamps if name not in good.columns),
    ).with_columns(
        pl.when(~is_placeholder(name, source)).then(pl.col(name)).alias(name) for name in texts
    )
    frame = frame.with_columns(
        *(pseudonymise(frame[name], key, kind).alias(name) for name, kind in hashed.items()),
        *(_number(frame[name]) for name in numbers),
    )
    return FileBatch(
        tables={table: frame.select("sequence", *hashed, *kept, *numbers, *stamps)},
        rows_read=log.rows_read,
        rows_kept=frame.height,
        quarantine=quarantine,
        findings=pl.concat([findings, _unreadable(good, frame, numbers, log)]),
    )


def _number(values: pl.Series) -> pl.Series:
    """Numbers as written in Dutch or in English; null where there is none."""
    return values.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _unreadable(
    good: pl.DataFrame, frame: pl.DataFrame, numbers: tuple[str, ...], log: RawLog
) -> pl.DataFrame:
    lost = [
        ("numbers_unreadable", frame[name].null_count() - good[name].null_count(), f"column={name}")
        for name in numbers
        if name in log.frame.columns
    ]
    return pl.DataFrame([row for row in lost if row[1]], schema=FINDINGS, orient="row")
