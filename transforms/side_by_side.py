"""Figures of several municipalities side by side, from what each of them published.

Only published cells come in, so that what one withheld stays withheld; what is pooled is pooled
over the cells that are told, so that nothing follows by subtraction. Journeys are alike where they
have the same identifier, and figures where they have the same definition; SQL that differs is not
compared, and other settings of a municipality are told.

What belongs here: the rows and their place among the others. What does not: reading publications
(`pipelines/`) and words (`dashboards/`).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from transforms.evidence.funnel import Limits, funnel

KEYS = ["definition", "journey", "segment_kind", "segment"]
_SCHEMA = {
    "municipality": pl.String,
    "n": pl.Int64,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "is_withheld": pl.Boolean,
    "is_rounded": pl.Boolean,
}


def side_by_side(
    values: Mapping[str, pl.DataFrame],
    definitions: Mapping[str, pl.DataFrame],
    period: str = "all",
) -> pl.DataFrame:
    """A row per definition, slice and municipality; frames are `kpi_values` and `definitions` as
    published, by municipality.

    Gives the keys and figures of `kpi_values`, `is_same_sql` (whether its SQL is that of most),
    `is_same_settings` (whether its definition hash is that of most), `pooled`, `funnel_lower` and
    `funnel_upper` in percent, and `place` (inside, above, below) for shares of which three or more
    municipalities tell how many; null for other figures. Slices of one municipality are left out.
    """
    rows = [
        _told(frame, period)
        .join(
            definitions[name].select("definition", "unit", "sql_hash", "definition_hash"),
            on="definition",
        )
        .with_columns(municipality=pl.lit(name))
        for name, frame in values.items()
    ]
    joined = pl.concat(rows)
    several = pl.col("municipality").n_unique().over(KEYS) > 1
    most = {
        flag: pl.col(column) == pl.col(column).mode(maintain_order=True).first().over("definition")
        for flag, column in (("is_same_sql", "sql_hash"), ("is_same_settings", "definition_hash"))
    }
    found = joined.filter(several).with_columns(**most).sort(*KEYS, "municipality")
    return _with_funnels(found).select(
        *KEYS,
        *_SCHEMA,
        "unit",
        "is_same_sql",
        "is_same_settings",
        "pooled",
        "dispersion",
        "funnel_lower",
        "funnel_upper",
        "place",
    )


def _told(frame: pl.DataFrame, period: str) -> pl.DataFrame:
    kinds = pl.col("segment_kind").is_in(["all", "service_formula"])
    return frame.filter(kinds & (pl.col("period") == period)).select(
        *KEYS,
        "n",
        "numerator",
        "denominator",
        "value",
        "lower",
        "upper",
        "is_withheld",
        "is_rounded",
    )


def _with_funnels(rows: pl.DataFrame) -> pl.DataFrame:
    """Limits per slice, from the cells that tell their counts and were counted alike."""
    is_counted = (
        (pl.col("unit") == "percent")
        & pl.col("is_same_sql")
        & ~pl.col("is_withheld")
        & ~pl.col("is_rounded")
        & (pl.col("denominator") == pl.col("n"))
        & pl.col("numerator").is_not_null()
    )
    marked = rows.with_row_index("row").with_columns(is_counted.fill_null(value=False).alias("_in"))
    found = [_placed(part) for part in marked.filter("_in").partition_by(KEYS, maintain_order=True)]
    empty = pl.DataFrame(
        schema={
            "row": pl.UInt32,
            "pooled": pl.Float64,
            "dispersion": pl.Float64,
            "funnel_lower": pl.Float64,
            "funnel_upper": pl.Float64,
            "place": pl.String,
        }
    )
    limits = pl.concat([empty, *(part for part in found if part is not None)])
    return marked.join(limits, on="row", how="left", maintain_order="left").drop("row", "_in")


def _placed(part: pl.DataFrame) -> pl.DataFrame | None:
    limits: Limits | None = funnel(part["numerator"].to_list(), part["n"].to_list())
    if limits is None:
        return None
    shares = (part["numerator"] / part["n"]).to_list()
    return part.select("row").with_columns(
        pooled=pl.lit(100 * limits.pooled),
        dispersion=pl.lit(limits.dispersion),
        funnel_lower=100 * pl.Series(limits.lower),
        funnel_upper=100 * pl.Series(limits.upper),
        place=pl.Series(limits.places(shares)),
    )
