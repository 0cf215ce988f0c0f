"""Exports of contact systems: contacts and callbacks, a row each, by mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field

from pipelines.connectors.connector import FileConnector
from pipelines.connectors.files import FileBatch, read_file, refuse_too_many
from pipelines.connectors.raw_log import FINDINGS, RawLog
from pipelines.connectors.rows import is_placeholder, judge
from pipelines.shapes import Identifier
from pipelines.sources import Columns, FileSource, RowSource
from transforms.privacy import pseudonymise

INSTANT = pl.Datetime("us", "UTC")
_CONTACT = {
    "contact_id": "contact",
    "follows": "contact",
    "case_id": "case",
    "client": "client",
    "actor": "person",
}
_CONTACT_TEXT = ("team", "channel", "topic", "reason", "direction", "result")
_CONTACT_NUMBERS = ("handled_s", "satisfaction")


class ContactColumns(Columns):
    """Which column of a contact export holds what. Columns that are not named are never read."""

    contact_id: str
    contacted_at: str
    channel: str | None = None
    topic: str | None = None
    subtopic: str | None = Field(default=None, description="Kept as one with the topic: a / b.")
    reason: str | None = None
    case_id: str | None = None
    client: str | None = None
    actor: str | None = None
    team: str | None = None
    direction: str | None = None
    result: str | None = None
    follows: str | None = None
    handled_s: str | None = None
    satisfaction: str | None = None


class ContactRows(RowSource):
    """Any source with one contact a row."""

    columns: ContactColumns
    has_event_rows: bool = Field(
        default=False,
        description="A contact has several rows, as in an event log; its first event counts.",
    )
    outbound_values: tuple[str, ...] = Field(
        default=("outbound", "uitgaand"),
        description="Values of the direction column that mean that the municipality called.",
    )
    resolved_results: tuple[str, ...] = Field(
        default=("Zelfstandig afgehandeld", "Afgehandeld na ruggespraak"),
        description="Results that mean that the question was answered at once.",
    )

    @property
    def has_several_rows(self) -> bool:
        return self.has_event_rows

    @property
    def outbound_words(self) -> tuple[str, ...]:
        return self.outbound_values

    @property
    def answering_results(self) -> tuple[str, ...]:
        return self.resolved_results


class ContactExportSource(ContactRows, FileSource):
    """A file from a telephony or contact system with one contact a row."""

    kind: Literal["contact_export"]


class CallbackColumns(Columns):
    """Which column of an export of callbacks holds what."""

    contact_id: str
    promised_at: str
    due_at: str | None = None
    done_at: str | None = None
    team: str | None = None
    attempts: str | None = None


class CallbackRows(RowSource):
    """Any source with one promised callback a row."""

    contacts: Identifier = Field(description="The source that the contacts come from.")
    columns: CallbackColumns

    @property
    def callbacks_of(self) -> str | None:
        return self.contacts


class CallbackExportSource(CallbackRows, FileSource):
    """A file with the callbacks that were promised at contacts, one a row."""

    kind: Literal["callback_export"]


def contact_batch(source: ContactRows, name: str, log: RawLog, key: bytes) -> FileBatch:
    """Contacts from the rows of `name`; `client` and `case_id` join those of the case systems.

    Raises SourceError where too large a share of the rows is unusable.
    """
    return _batch(
        source,
        name,
        log,
        key,
        table="contacts",
        needed=("contact_id", "contacted_at"),
        hashed=_CONTACT,
        kept=(*_CONTACT_TEXT, "time_quality"),
        numbers=_CONTACT_NUMBERS,
        stamps=("contacted_at",),
    )


def callback_batch(source: CallbackRows, name: str, log: RawLog, key: bytes) -> FileBatch:
    """Callbacks from the rows of `name`. Raises SourceError as for contacts."""
    return _batch(
        source,
        name,
        log,
        key,
        table="callbacks",
        needed=("contact_id", "promised_at"),
        hashed={"contact_id": "contact"},
        kept=("team",),
        numbers=("attempts",),
        stamps=("promised_at", "due_at", "done_at"),
    )


def _batch(
    source: RowSource,
    name: str,
    log: RawLog,
    key: bytes,
    *,
    table: str,
    needed: tuple[str, ...],
    hashed: dict[str, str],
    kept: tuple[str, ...],
    numbers: tuple[str, ...],
    stamps: tuple[str, ...],
) -> FileBatch:
    good, quarantine, findings = judge(log, source, needed)
    refuse_too_many(source, name, log, good, quarantine)
    texts = [name for name in (*hashed, *kept) if name != "time_quality"]
    frame = good.with_columns(
        *(pl.lit(None, pl.String).alias(n) for n in (*texts, *numbers) if n not in good.columns),
        *(pl.lit(None, INSTANT).alias(name) for name in stamps if name not in good.columns),
    ).with_columns(
        pl.when(~is_placeholder(name, source)).then(pl.col(name)).alias(name) for name in texts
    )
    if "subtopic" in frame.columns:
        part = pl.when(~is_placeholder("subtopic", source)).then("subtopic")
        whole = pl.concat_str("topic", part, separator=" / ", ignore_nulls=True)
        frame = frame.with_columns(topic=whole.replace("", None))
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


def _read_contacts(source: ContactExportSource, file: Path, key: bytes) -> FileBatch:
    log = read_file(source, file)
    return contact_batch(source, file.name, log, key)


def _read_callbacks(source: CallbackExportSource, file: Path, key: bytes) -> FileBatch:
    log = read_file(source, file)
    return callback_batch(source, file.name, log, key)


CONTACTS = FileConnector(model=ContactExportSource, read=_read_contacts)
CALLBACKS = FileConnector(model=CallbackExportSource, read=_read_callbacks)
