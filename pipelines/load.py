"""Taking a source's files into the warehouse, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.connectors.event_log import (
    READER_VERSION,
    content_hash,
    matching_files,
    read_event_log,
    repeated_file,
)
from pipelines.sources import EventLogSource
from pipelines.warehouse import SourceFile, forget_other_files, is_taken, take


def load_source(
    connection: duckdb.DuckDBPyConnection, source: EventLogSource, base: Path, key: bytes
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
        batch = read_event_log(source, file, key)
        take(connection, found, batch)
        yield (
            f"{source.id}: {file.name}: {batch.rows_read} rows read, {batch.events.height} events,"
            f" {batch.rows_read - batch.events.height} set aside"
        )


def _mapping_hash(source: EventLogSource, key: bytes) -> str:
    reading = source.model_dump_json(exclude={"path", "journey", "complete_until"})
    fingerprint = hashlib.sha256(b"hartslag key fingerprint\0" + key).hexdigest()
    return hashlib.sha256(f"{READER_VERSION}{reading}{fingerprint}".encode()).hexdigest()
