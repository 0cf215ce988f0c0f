"""Reading what was published; the warehouse stays shut."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.marts import Marts, UnreadableMartsError, read_marts
from pipelines.errors import PlainError
from pipelines.settings import Settings

SHOWN = 12


class NothingPublishedError(PlainError):
    """No run has published yet, or what it published is gone."""


class OtherVersionError(PlainError):
    """What is published lacks something that this version reads."""


def current_run(settings: Settings) -> Path:
    """The folder of the run that the pointer names now."""
    folder = settings.published / "current"
    if folder.is_symlink() and not folder.exists():
        raise NothingPublishedError(
            f"{folder} names {folder.readlink()}, which is gone.\n"
            "  Mend: run `hartslag run`, which publishes anew; `hartslag doctor` looks at the rest."
        )
    if not (folder / "manifest.json").is_file():
        raise NothingPublishedError(
            f"Nothing is published in {settings.published} yet.\n"
            "  Mend: run `hartslag run` or `hartslag demo` first."
        )
    return folder.resolve()


def current_marts(settings: Settings) -> Marts:
    """What is published now; raises OtherVersionError where another version published it."""
    try:
        return read_marts(current_run(settings))
    except UnreadableMartsError as error:
        raise OtherVersionError(str(error)) from error


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
    names = definitions.drop("kpi", "definition_hash", strict=False)
    return values.filter(wanted).join(names, on="definition", maintain_order="left")


def why_nothing(
    folder: Path, kpi: str, journey: str | None, segment: str | None, period: str
) -> str:
    """Which of the choices that gave no figures is not known, and what is."""
    values = pl.read_parquet(folder / "marts" / "kpi_values.parquet")
    choices = (
        ("KPI", kpi, ("kpi", "definition")),
        ("journey", journey, ("journey",)),
        ("segment", segment, ("segment_kind", "segment")),
        ("period", period, ("period_kind", "period")),
    )
    for what, chosen, columns in choices:
        known = sorted({name for column in columns for name in values[column].unique() if name})
        if chosen is not None and chosen not in known:
            return unknown(what, chosen, known)
    return "Each of these is known, but there is no figure for all of them together."


def unknown(what: str, chosen: str, known: list[str]) -> str:
    """What to say of a choice that is not known."""
    close = difflib.get_close_matches(chosen, known, n=1, cutoff=0.5)
    guess = f"did you mean {close[0]!r}? " if close else ""
    shown = known if len(known) <= SHOWN else [*known[:SHOWN], f"{len(known) - SHOWN} more"]
    return f"{what} {chosen!r} is not known.\n  Mend: {guess}Known: {', '.join(shown)}."
