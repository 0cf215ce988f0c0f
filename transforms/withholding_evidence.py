"""What is withheld of the evidence beyond what its tables round themselves.

What belongs here: levels of months. What does not: counts and facts of a verdict, which are rounded
where they are made (`pipelines/evidence_tables.py`, `evidence/checks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def evidence_points(
    points: pl.DataFrame, tables: Mapping[str, pl.DataFrame], kpis: pl.DataFrame
) -> pl.DataFrame:
    """Monthly levels in three digits; none of a month of which the figures withhold the number."""
    register = tables["improvements"].select("improvement", "journey")
    hidden = kpis.filter(
        (pl.col("segment_kind") == "all")
        & (pl.col("period_kind") == "month")
        & pl.col("n").is_null()
    ).select("journey", "definition", month="period_start", _gone=pl.lit(value=True))
    keys = ["journey", "definition", "month"]
    return (
        points.join(register, on="improvement", how="left", maintain_order="left")
        .join(hidden.unique(keys), on=keys, how="left", maintain_order="left")
        .with_columns(
            level=pl.when(pl.col("_gone").is_null()).then(pl.col("level").round_sig_figs(3))
        )
        .select(points.columns)
        .filter(pl.col("level").is_not_null())
    )
