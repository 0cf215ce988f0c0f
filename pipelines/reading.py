"""Reading what was published; the warehouse stays shut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.settings import Settings


class NothingPublishedError(Exception):
    """No run has published yet."""


def current_run(settings: Settings) -> Path:
    """The folder of the run that the pointer names now."""
    folder = settings.published / "current"
    if not (folder / "manifest.json").is_file():
        raise NothingPublishedError(
            f"Nothing is published in {settings.published} yet.\n"
            "  Mend: run `hartslag run` or `hartslag demo` first."
        )
    return folder.resolve()


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def figures(
    folder: Path, kpi: str, journey: str | None, segment: str | None, period: str
) -> pl.DataFrame:
    """Published figures of a KPI or definition, with their definition's names.

    `period` is all, month, week, or one period such as 2026-03.
    """
    values = pl.read_parquet(folder / "marts" / "kpi_values.parquet")
    definitions = pl.read_parquet(folder / "marts" / "definitions.parquet")
    wanted = (pl.col("kpi") == kpi) | (pl.col("definition") == kpi)
    wanted &= (pl.col("period_kind") == period) | (pl.col("period") == period)
    if journey is not None:
        wanted &= pl.col("journey") == journey
    if segment is not None:
        wanted &= (pl.col("segment_kind") == segment) | (pl.col("segment") == segment)
    names = definitions.select(
        "definition", "name_nl", "name_en", "formula_nl", "formula_en", "unit", "source"
    )
    return values.filter(wanted).join(names, on="definition", maintain_order="left")


def known_kpis(folder: Path) -> list[str]:
    definitions = pl.read_parquet(folder / "marts" / "definitions.parquet")
    return sorted(set(definitions["kpi"]) | set(definitions["definition"]))
