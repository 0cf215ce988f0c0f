"""Trying each source without loading anything: what `hartslag check` reports."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.connectors.connector import Part
from pipelines.connectors.kinds import connector_of
from pipelines.connectors.raw_log import SourceError
from pipelines.errors import ConfigurationError
from pipelines.municipality import Municipality
from pipelines.sources import ApiSource, BaseSource, RowSource

_TIMES = {
    "events": "occurred_at",
    "cases": "opened_at",
    "contacts": "contacted_at",
    "callbacks": "promised_at",
}
# Nothing of a trial is kept, so its pseudonyms need no secret.
_TRIAL_KEY = b"a trial keeps nothing, so this is no secret"


def try_sources(municipality: Municipality, base: Path) -> list[dict[str, Any]]:
    """One report per source: `source`, `ok`, and its `files`, its `probes`, or the `problem`."""
    return [_try(source, municipality, base) for source in municipality.sources]


def _try(source: BaseSource, municipality: Municipality, base: Path) -> dict[str, Any]:
    if isinstance(source, ApiSource):
        return try_system(source, municipality)
    if isinstance(source, RowSource):
        return _try_parts(source, base)
    raise TypeError(f"{source.kind} is neither read by rows nor by an API")


def try_system(source: ApiSource, municipality: Municipality) -> dict[str, Any]:
    """The report on one system, with what was asked before the `problem` that ended it, if any."""
    probes, problem = list[dict[str, Any]](), dict[str, str]()
    try:
        for probe in connector_of(source).probes(source, municipality):
            probes.append(asdict(probe))
    except (SourceError, ConfigurationError) as error:
        problem["problem"] = str(error)
    is_well = not problem and all(probe["ok"] for probe in probes)
    return {"source": source.id, "ok": is_well, "probes": probes, **problem}


def _try_parts(source: RowSource, base: Path) -> dict[str, Any]:
    try:
        parts = connector_of(source).parts(source, base)
        files = [_try_part(source, part) for part in parts]
    except (SourceError, ConfigurationError) as error:
        return {"source": source.id, "ok": False, "problem": str(error)}
    return {"source": source.id, "ok": True, "files": files}


def _try_part(source: RowSource, part: Part) -> dict[str, Any]:
    batch = part.open().read(_TRIAL_KEY)
    reasons = (
        batch.quarantine.group_by("reason")
        .agg(rows=pl.len(), such_as=pl.col("row_number").sort().head(3))
        .sort("rows", "reason", descending=[True, False])
    )
    [(table, rows), *_] = batch.tables.items()
    stamps = rows[_TIMES[table]]
    report = {
        "file": part.name,
        "rows": batch.rows_read,
        "table": table,
        "kept": batch.rows_kept,
        "first_at": stamps.min(),
        "last_at": stamps.max(),
        "set_aside": reasons.to_dicts(),
        "findings": batch.findings.to_dicts(),
    }
    if (cases := batch.tables.get("cases")) is not None:
        is_open = cases["closed_at"].null_count() if source.has_registered_end else None
        report |= {"cases": cases.height, "open_cases": is_open}
    return report
