"""Taking what a source gives in rows into the warehouse, each part once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.arriving import without_erased
from pipelines.connectors.files import repeated_file
from pipelines.connectors.kinds import connector_of
from pipelines.sources import RowSource
from pipelines.warehouse import SourceFile, forget_other_files, is_taken, take
from transforms.privacy import fingerprint

# Raised whenever reading changes, so that files taken before are read again.
READER_VERSION = 3


def load_source(
    connection: duckdb.DuckDBPyConnection, source: RowSource, base: Path, key: bytes
) -> Iterator[str]:
    """Bring `raw` up to date with the parts of a source, such as files; yields a line per part.

    A part is taken again only when its content, the mapping or the pseudonym key changed.
    """
    parts = connector_of(source).parts(source, base)
    mapping, first_with = _mapping_hash(source, key), dict[str, str]()
    for name in forget_other_files(connection, source.id, [part.name for part in parts]):
        yield f"{source.id}: {name} is no longer named; its rows are dropped"
    for part in parts:
        opened = part.open()
        first = first_with.setdefault(opened.content, part.name)
        is_repeat = first != part.name
        mapped = f"{mapping} as {first}" if is_repeat else mapping
        found = SourceFile(source.id, part.name, opened.content, mapped)
        if is_taken(connection, found):
            yield f"{source.id}: {part.name} was taken before, unchanged"
            continue
        if is_repeat:
            take(connection, found, repeated_file())
            yield f"{source.id}: {part.name} holds the same bytes as {first}; it is not read again"
            continue
        batch = without_erased(connection, source.id, opened.read(key), key)
        take(connection, found, batch)
        yield (
            f"{source.id}: {part.name}: {batch.rows_read} rows read, {batch.rows_kept} kept,"
            f" {batch.rows_read - batch.rows_kept} set aside"
        )


def _mapping_hash(source: RowSource, key: bytes) -> str:
    reading = source.model_dump_json(exclude={"path", "journey", "complete_until"})
    return hashlib.sha256(f"{READER_VERSION}{reading}{fingerprint(key)}".encode()).hexdigest()
