"""Trying each source without loading anything: what `hartslag check` reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.connectors.event_log import SourceError, matching_files, read_event_log
from pipelines.municipality import Municipality
from pipelines.sources import EventLogSource

# Nothing of a trial is kept, so its pseudonyms need no secret.
_TRIAL_KEY = b"a trial keeps nothing, so this is no secret"


def try_sources(municipality: Municipality, base: Path) -> list[dict[str, Any]]:
    """One report per source: `source`, `ok`, and either its `files` or the `problem`."""
    return [_try_source(source, base) for source in municipality.sources]


def _try_source(source: EventLogSource, base: Path) -> dict[str, Any]:
    try:
        files = [_try_file(source, file) for file in matching_files(source, base)]
    except SourceError as error:
        return {"source": source.id, "ok": False, "problem": str(error)}
    return {"source": source.id, "ok": True, "files": files}


def _try_file(source: EventLogSource, file: Path) -> dict[str, Any]:
    batch = read_event_log(source, file, _TRIAL_KEY)
    reasons = (
        batch.quarantine.group_by("reason")
        .agg(rows=pl.len(), such_as=pl.col("row_number").sort().head(3))
        .sort("rows", "reason", descending=[True, False])
    )
    is_end_known = source.columns.closed_at is not None
    return {
        "file": file.name,
        "rows": batch.rows_read,
        "events": batch.events.height,
        "cases": batch.cases.height,
        "open_cases": batch.cases["closed_at"].null_count() if is_end_known else None,
        "first_event_at": batch.events["occurred_at"].min(),
        "last_event_at": batch.events["occurred_at"].max(),
        "set_aside": reasons.to_dicts(),
        "findings": batch.findings.to_dicts(),
    }
