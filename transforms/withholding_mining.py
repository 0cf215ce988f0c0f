"""What is withheld of the tables on how the work goes: variants, models, deviations, slow cases.

What belongs here: those tables, from frames to frames. What does not: figures (`withholding.py`),
and which cells follow from sums (`disclosure.py`).
"""

from __future__ import annotations

import polars as pl

from transforms.disclosure import moved_part, withhold

_QUALITY = ["fitness", "precision", "generalisation", "simplicity"]
_PARTITIONS = ["channel", "target_group", "handoffs"]
"""Traits whose values add up to all cases."""


def fit(table: pl.DataFrame, journeys: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """How models fit. `journeys` is as published: null where a count may not be known.

    Whoever knows all cases and the open ones knows the closed ones, which a desired flow judges.
    """
    numbers = [name for name, kind in table.schema.items() if kind.is_numeric()]
    numbers.remove("noise_threshold")
    cases, fitting = pl.col("cases"), pl.col("fitting_cases")
    everyone = (cases * 100.0 / pl.col("covered_share")).round().cast(pl.Int64)
    most = (cases * pl.col("most_fitting_share") / 100.0).round().cast(pl.Int64)
    marked = table.join(
        journeys.select("journey", _all="cases", _open="open_cases"),
        on="journey",
        how="left",
        maintain_order="left",
    ).with_columns(
        _gone=pl.col("_all").is_null() | _small(threshold, cases),
        _uncounted=_small(threshold, everyone - cases)
        | ((pl.col("model") == "desired") & pl.col("_open").is_null()),
        _moved=moved_part(fitting, cases, threshold),
        _moved_most=moved_part(most, cases, threshold),
        _moved_covered=moved_part(cases, everyone, threshold),
    )
    hidden = {
        **dict.fromkeys(numbers, pl.col("_gone")),
        "cases": pl.col("_gone") | pl.col("_uncounted"),
        "fitting_cases": pl.any_horizontal("_gone", "_uncounted", pl.col("_moved").is_not_null()),
    }
    return (
        marked.with_columns(
            perfectly_fitting_share=pl.coalesce("_moved", "perfectly_fitting_share"),
            most_fitting_share=pl.coalesce("_moved_most", "most_fitting_share"),
            covered_share=pl.coalesce("_moved_covered", "covered_share"),
            **{name: pl.col(name).round(3) for name in _QUALITY},
        )
        .with_columns(_kept(name, gone) for name, gone in hidden.items())
        .select(table.columns)
    )


def deviations(table: pl.DataFrame, journeys: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Deviations of few cases, few residents, or all but few of those judged, lose their numbers.

    Shown ones are ranked anew, since a gap would tell how few residents are in it.
    """
    judged = pl.col("judged_cases")
    marked = table.join(
        journeys.select("journey", _all="cases", _open="open_cases"),
        on="journey",
        how="left",
        maintain_order="left",
    ).with_columns(
        is_withheld=pl.col("_all").is_null()
        | _small(threshold, pl.col("cases"), pl.col("residents"), judged - pl.col("cases")),
        _unjudged=pl.col("_all").is_null()
        | _small(threshold, judged, pl.col("_all") - judged)
        | ((pl.col("basis") == "flow") & pl.col("_open").is_null()),
    )
    numbers = ["rank", "cases", "residents", "lost_days", "median_days", "other_median_days"]
    return (
        marked.with_columns(
            *(_kept(name, pl.col("is_withheld")) for name in numbers),
            _kept("judged_cases", pl.col("_unjudged")),
        )
        .with_columns(pl.col("rank").rank("ordinal").over("journey").cast(pl.Int64))
        .select(*table.columns, "is_withheld")
        .sort("journey", "rank", "kind", "activity", nulls_last=True)
    )


def lift(table: pl.DataFrame, journeys: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Traits of which any of the four groups, with and without, slow or not, is small, and those
    that sums over a trait's values would tell, lose their numbers."""
    known = journeys.filter(pl.col("cases").is_not_null() & pl.col("open_cases").is_not_null())
    is_part = pl.col("trait").is_in(_PARTITIONS)
    groups = [
        part
        for kind in ("", "other_")
        for part in (
            pl.col(f"{kind}cases"),
            pl.col(f"{kind}slow_cases"),
            pl.col(f"{kind}cases") - pl.col(f"{kind}slow_cases"),
        )
    ]
    small = _small(threshold, *groups) | ~pl.col("journey").is_in(known["journey"].implode())
    numbered = table.with_row_index("_row")
    hidden = numbered.filter(small)["_row"].to_list()
    for count in ("cases", "slow_cases"):
        parts = numbered.filter(is_part)
        counted = parts.select("journey", "trait", cases=count)
        hidden += parts.filter(withhold(counted, "cases", [["journey", "trait"]], threshold))[
            "_row"
        ].to_list()
    told = [n for n, kind in table.schema.items() if kind.is_numeric() and n != "slow_from_days"]
    return (
        numbered.with_columns(is_withheld=pl.col("_row").is_in(hidden))
        .with_columns(_kept(name, pl.col("is_withheld")) for name in (*told, "is_clear"))
        .select(*table.columns, "is_withheld")
        .sort("journey", "is_withheld", maintain_order=True)
    )


def variants(table: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Variants of too few cases as one row per journey, with others until it is large enough."""
    ordered = table.sort("journey", "cases", "variant", descending=[False, False, True])
    before = pl.col("cases").cum_sum().over("journey") - pl.col("cases")
    has_rare = (pl.col("cases") < threshold).any().over("journey")
    is_rare = (pl.col("cases") < threshold) | (has_rare & (before < threshold))
    marked = ordered.with_columns(_rare=is_rare)
    folded = (
        marked.filter("_rare")
        .group_by("journey", maintain_order=True)
        .agg(pl.sum("cases", "share"), variants=pl.len().cast(pl.Int64))
        .filter(pl.col("cases") >= threshold)
    )
    shown = _parts_of_variants(marked.filter(~pl.col("_rare")).drop("_rare"), threshold)
    shown = shown.with_columns(variants=pl.lit(1, pl.Int64))
    return pl.concat([shown, folded], how="diagonal").sort("journey", "variant", nulls_last=True)


def _parts_of_variants(shown: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """How many are closed, due and on time adds up over variants, so figures alone are told."""
    due, on_time = pl.col("due_cases"), pl.col("on_time_cases")
    share = pl.coalesce(moved_part(on_time, due, threshold), "on_time_share")
    return shown.with_columns(
        _kept("median_lead_time_days", _small(threshold, pl.col("closed_cases"))),
        pl.when(~_small(threshold, due)).then(share).alias("on_time_share"),
    ).drop("closed_cases", "due_cases", "on_time_cases")


def _small(threshold: int, *counts: pl.Expr) -> pl.Expr:
    return pl.any_horizontal(
        count.is_between(1, threshold - 1).fill_null(value=False) for count in counts
    )


def _kept(name: str, hidden: pl.Expr) -> pl.Expr:
    return pl.when(~hidden).then(pl.col(name)).alias(name)
