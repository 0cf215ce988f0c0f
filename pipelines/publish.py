"""Publication: a new folder per run, and a pointer that moves last.

What belongs here: taking the public marts out of the warehouse, disclosure control, writing the
folder, moving the pointer. What does not: figures and pages (`dashboards/`).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl

from pipelines.warehouse import read
from transforms.disclosure import weeks_of_withheld_months, withhold, without_small
from transforms.models import Model

FIT_TABLE = "mart.process_fit"
_KPI_SLICE = ["journey", "segment_kind", "segment", "period_kind", "period"]
_SMALL_COUNTS = {"journeys": ["open_cases"], "process_activities": ["start_cases", "end_cases"]}
_KPI_FIGURES = ["n", "n_excluded", "numerator", "denominator", "value", "lower", "upper"]


@dataclass(frozen=True)
class Publication:
    """`data_until` is the earliest cut-off of the sources, in UTC."""

    run: str
    municipality: str
    threshold: int
    config_hash: str
    data_until: datetime | None


def public_marts(
    connection: duckdb.DuckDBPyConnection, models: dict[str, Model], threshold: int
) -> dict[str, pl.DataFrame]:
    """The published tables by name, persons left out and small groups withheld."""
    names = [model.name for model in models.values() if model.is_public] + [FIT_TABLE]
    frames = {
        name.removeprefix("mart."): read(connection, f"select * from {name}")  # noqa: S608
        for name in sorted(names)
    }
    persons = frames["definitions"].filter(pl.col("level") == "person")["definition"]
    for table in ("definitions", "kpi_values", "not_measurable"):
        is_of_a_person = pl.col("definition").is_in(persons.implode()).fill_null(value=False)
        frames[table] = frames[table].filter(~is_of_a_person)
    frames["kpi_values"] = _withheld_kpis(frames["kpi_values"], threshold)
    frames["process_activities"] = _withheld(
        frames["process_activities"],
        ["occurrences", "cases", "start_cases", "end_cases"],
        [["journey"]],
        threshold,
    )
    frames["process_edges"] = _withheld(
        frames["process_edges"],
        ["occurrences", "cases", "mean_s", "median_s", "p90_s"],
        [["journey", "from_activity"], ["journey", "to_activity"]],
        threshold,
    )
    frames["deadlines"] = _withheld(
        frames["deadlines"], ["cases"], [["journey", "kind"]], threshold
    )
    frames["process_variants"] = _folded_variants(frames["process_variants"], threshold)
    frames["survival"] = _withheld_survival(frames["survival"], frames["kpi_values"], threshold)
    for name, figures in _SMALL_COUNTS.items():
        frames[name] = without_small(frames[name], figures, threshold)
    return frames


def _withheld_survival(survival: pl.DataFrame, kpis: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Curves without small numbers at risk, and without months whose size is withheld."""
    opened = (pl.col("definition") == "workload.opened") & (pl.col("segment_kind") == "all")
    small = kpis.filter(opened & pl.col("is_withheld")).select(
        "journey", pl.col("period").alias("cohort"), _small=pl.lit(value=True)
    )
    is_small = pl.col("_small").fill_null(value=False) | (pl.col("at_risk") < threshold)
    return (
        survival.join(small, on=["journey", "cohort"], how="left", maintain_order="left")
        .with_columns(is_withheld=is_small)
        .with_columns(
            pl.when(~pl.col("is_withheld")).then(name).alias(name)
            for name in ("still_open", "at_risk")
        )
        .drop("_small")
    )


def _withheld(
    frame: pl.DataFrame, figures: list[str], within: list[list[str]], threshold: int
) -> pl.DataFrame:
    hidden = withhold(frame, "cases", within, threshold)
    return frame.with_columns(hidden).with_columns(
        pl.when(~pl.col("is_withheld")).then(pl.col(name)).alias(name) for name in figures
    )


def _withheld_kpis(values: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """A slice with too few cases loses all its figures; so does any figure made of too few."""
    slices = values.filter(pl.col("definition") == "workload.opened")
    across = ["journey", "segment_kind", "period_kind"]
    hidden = slices.select(_KPI_SLICE).with_columns(
        withhold(slices, "n", [[*across, "period"], [*across, "segment"]], threshold).alias(
            "_slice"
        )
    )
    hidden = weeks_of_withheld_months(hidden, "_slice")
    within = ["definition", *across]
    own = withhold(values, "n", [[*within, "period"], [*within, "segment"]], threshold)
    return (
        values.with_columns(own.alias("_own"))
        .join(hidden, on=_KPI_SLICE, how="left", maintain_order="left")
        .with_columns(is_withheld=pl.col("_own") | pl.col("_slice").fill_null(value=False))
        .with_columns(
            pl.when(~pl.col("is_withheld")).then(pl.col(name)).alias(name) for name in _KPI_FIGURES
        )
        .drop("_own", "_slice")
    )


def _folded_variants(variants: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Variants of too few cases as one row per journey, itself left out if still too few."""
    is_rare = pl.col("cases") < threshold
    rare = variants.filter(is_rare)
    folded = (
        rare.group_by("journey", maintain_order=True)
        .agg(pl.sum("cases", "share"), variants=pl.len().cast(pl.Int64))
        .filter(pl.col("cases") >= threshold)
    )
    shown = variants.filter(~is_rare).with_columns(variants=pl.lit(1, pl.Int64))
    return pl.concat([shown, folded], how="diagonal").sort("journey", "variant", nulls_last=True)


def publish(marts: dict[str, pl.DataFrame], about: Publication, folder: Path) -> Path:
    """Write a run's folder, then move the pointer. Returns the folder.

    A reader sees the previous run until the very last step, and a killed run leaves only a partial
    folder, which the next one clears.
    """
    from dashboards.marts import read_marts
    from dashboards.site import build_site

    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".partial-*"):
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
    partial = folder / f".partial-{about.run}"
    (partial / "marts").mkdir(parents=True)
    hashes = {name: _write_mart(frame, partial / "marts", name) for name, frame in marts.items()}
    _write_manifest(partial, about, hashes)
    build_site(read_marts(partial), partial / "site")
    _flush(partial)
    target = folder / about.run
    partial.rename(target)
    _point(folder, about.run)
    return target


def _write_mart(frame: pl.DataFrame, folder: Path, name: str) -> dict[str, str]:
    """Parquet and CSV of one table; the same rows give the same bytes."""
    parquet, csv = folder / f"{name}.parquet", folder / f"{name}.csv"
    frame.write_parquet(parquet, compression="zstd", statistics=True)
    frame.write_csv(csv, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (parquet, csv)}


def _write_manifest(folder: Path, about: Publication, hashes: dict[str, dict[str, str]]) -> None:
    manifest = {
        "run": about.run,
        "municipality": about.municipality,
        "created_at": _stamp(datetime.now(UTC)),
        "data_until": _stamp(about.data_until) if about.data_until else None,
        "disclosure_threshold": about.threshold,
        "config_hash": about.config_hash,
        "version": version("hartslag"),
        "marts": {file: digest for files in hashes.values() for file, digest in files.items()},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _flush(folder: Path) -> None:
    """Ask the disk to hold every file before the pointer names them."""
    for file in folder.rglob("*"):
        if file.is_file():
            descriptor = os.open(file, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)


def _point(folder: Path, run: str) -> None:
    """Let `current` name the run; a rename, so that it names either the old one or the new."""
    arriving = folder / f".partial-pointer-{run}"
    arriving.symlink_to(run)
    arriving.replace(folder / "current")
