"""How journeys should go, as `config` tables: desired flows with their BPMN, and rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.municipality import Municipality

WISH_SCHEMAS: dict[str, dict[str, Any]] = {
    "desired_flows": {"journey": pl.String, "file": pl.String, "bpmn": pl.String},
    "rules": {
        "journey": pl.String,
        "rule": pl.Int64,
        "kind": pl.String,
        "first_activity": pl.String,
        "then_activity": pl.String,
        "days": pl.Int32,
        "at_most": pl.Int32,
        "level": pl.String,
    },
}


def wish_rows(m: Municipality, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of both; flows are read from `folder`, that of the configuration."""
    return {
        "desired_flows": [
            (j.id, j.desired, (folder / j.desired).read_text(encoding="utf-8"))
            for j in m.journeys
            if j.desired is not None
        ],
        "rules": [
            (j.id, n, r.kind, r.first, r.then, r.days, r.at_most, r.level)
            for j in m.journeys
            for n, r in enumerate(j.rules, 1)
        ],
    }
