"""Trying each source without loading anything: what `hartslag check` reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.connectors.files import matching_files
from pipelines.connectors.raw_log import SourceError
from pipelines.load import read_one
from pipelines.municipality import Municipality
from pipelines.probe import probe
from pipelines.sources import FileSource

# Nothing of a trial is kept, so its pseudonyms need no secret.
_TIMES = {"events": "occurred_at", "contacts": "contacted_at", "callbacks": "promised_at"}
_TRIAL_KEY = b"a trial keeps nothing, so this is no secret"


def try_sources(municipality: Municipality, base: Path) -> list[dict[str, Any]]:
    """One report per source: `source`, `ok`, and its `files`, its `probes`, or the `problem`."""
    return [
        _try_files(source, base) if isinstance(source, FileSource) else probe(source, municipality)
        for source in municipality.sources
    ]


def _try_files(source: FileSource, base: Path) -> dict[str, Any]:
    try:
        files = [_try_file(source, file) for file in matching_files(source, base)]
    except SourceError as error:
        return {"source": source.id, "ok": False, "problem": str(error)}
    return {"source": source.id, "ok": True, "files": files}


def _try_file(source: FileSource, file: Path) -> dict[str, Any]:
    batch = read_one(source, file, _TRIAL_KEY)
    reasons = (
        batch.quarantine.group_by("reason")
        .agg(rows=pl.len(), such_as=pl.col("row_number").sort().head(3))
        .sort("rows", "reason", descending=[True, False])
    )
    [(table, rows), *_] = batch.tables.items()
    stamps = rows[_TIMES[table]]
    report = {
        "file": file.name,
        "rows": batch.rows_read,
        "table": table,
        "kept": batch.rows_kept,
        "first_at": stamps.min(),
        "last_at": stamps.max(),
        "set_aside": reasons.to_dicts(),
        "findings": batch.findings.to_dicts(),
    }
    if table == "events":
        cases = batch.tables["cases"]
        is_open = cases["closed_at"].null_count() if source.has_registered_end else None
        report |= {"cases": cases.height, "open_cases": is_open}
    return report
