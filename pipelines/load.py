"""Taking a source's files into the warehouse, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.connectors.contact_export import read_callbacks, read_contacts
from pipelines.connectors.event_log import read_event_log
from pipelines.connectors.files import FileBatch, content_hash, matching_files, repeated_file
from pipelines.sources import (
    CallbackExportSource,
    ContactExportSource,
    EventLogSource,
    FileSource,
)
from pipelines.warehouse import SourceFile, forget_other_files, is_taken, take
from transforms.privacy import fingerprint

# Raised whenever reading changes, so that files taken before are read again.
READER_VERSION = 3


def load_source(
    connection: duckdb.DuckDBPyConnection, source: FileSource, base: Path, key: bytes
) -> Iterator[str]:
    """Bring `raw` up to date with the files that the source names; yields a line per file.

    A file is read again only when its content, the mapping or the pseudonym key changed.
    """
    files = matching_files(source, base)
    mapping, first_with = _mapping_hash(source, key), dict[str, str]()
    for name in forget_other_files(connection, source.id, [file.name for file in files]):
        yield f"{source.id}: {name} is no longer named; its rows are dropped"
    for file in files:
        content = content_hash(file)
        first = first_with.setdefault(content, file.name)
        is_repeat = first != file.name
        mapped = f"{mapping} as {first}" if is_repeat else mapping
        found = SourceFile(source.id, file.name, content, mapped)
        if is_taken(connection, found):
            yield f"{source.id}: {file.name} was taken before, unchanged"
            continue
        if is_repeat:
            take(connection, found, repeated_file())
            yield f"{source.id}: {file.name} holds the same bytes as {first}; it is not read again"
            continue
        batch = read_one(source, file, key)
        take(connection, found, batch)
        yield (
            f"{source.id}: {file.name}: {batch.rows_read} rows read, {batch.rows_kept} kept,"
            f" {batch.rows_read - batch.rows_kept} set aside"
        )


def read_one(source: FileSource, file: Path, key: bytes) -> FileBatch:
    """What one file gives, by the kind of its source. Raises SourceError where it is unusable."""
    match source:
        case EventLogSource():
            return read_event_log(source, file, key)
        case ContactExportSource():
            return read_contacts(source, file, key)
        case CallbackExportSource():
            return read_callbacks(source, file, key)
    raise TypeError(f"{type(source).__name__} is read from no file")


def _mapping_hash(source: FileSource, key: bytes) -> str:
    reading = source.model_dump_json(exclude={"path", "journey", "complete_until"})
    return hashlib.sha256(f"{READER_VERSION}{reading}{fingerprint(key)}".encode()).hexdigest()
