"""What is withheld of the tables that cut the process another way: parts, queues, changes.

A case is in a year, a channel, a target group and on a side of an improvement at once, so that sums
over these overlap in more ways than can be solved for. Their counts are therefore told as multiples
of the threshold, and none of a group under it: no difference of two of them, or with an exact one,
gives a small group away.

What belongs here: those tables, from frames to frames. What does not: tables with exact counts
(`withholding.py`, `withholding_mining.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

Tables = dict[str, pl.DataFrame]
_NO_COUNTS = ("first_months", "second_months")


def rough_tables(tables: Tables, edges: pl.DataFrame, threshold: int) -> Tables:
    """All of them; `edges` is `process_edges` as published, which hides what bottlenecks hide."""
    parts = ["occurrences", "cases", "part_cases"]
    return {
        "process_activity_parts": _rough(
            tables["process_activity_parts"], [*parts, "start_cases", "end_cases"], [], threshold
        ),
        "process_edge_parts": _rough(
            tables["process_edge_parts"], parts, ["mean_s", "median_s"], threshold
        ),
        "work_in_progress": _multiples(tables["work_in_progress"], ["cases"], threshold),
        "performance_spectrum": _multiples(tables["performance_spectrum"], ["passages"], threshold),
        "activity_queues": _queues(tables["activity_queues"], threshold),
        "handover_network": _rough(
            tables["handover_network"],
            ["handoffs", "cases", "ping_pongs"],
            ["median_days", "total_days"],
            threshold,
        ),
        "contact_moments": _moments(tables["contact_moments"], threshold),
        "bottlenecks": _bottlenecks(tables["bottlenecks"], edges),
        "process_changes": _changes(tables["process_changes"], threshold),
        "change_points": _changes(tables["change_points"], threshold),
    }


def _multiple(name: str, threshold: int) -> pl.Expr:
    return ((pl.col(name) / threshold).round() * threshold).cast(pl.Int64).alias(name)


def _multiples(frame: pl.DataFrame, counts: Sequence[str], threshold: int) -> pl.DataFrame:
    return frame.with_columns(_multiple(name, threshold) for name in counts)


def _rough(
    frame: pl.DataFrame, counts: Sequence[str], figures: Sequence[str], threshold: int
) -> pl.DataFrame:
    """Counts as multiples and figures in three digits; rows of few cases have neither."""
    few = pl.col("cases") < threshold
    return frame.with_columns(
        *(_unless(few, name, _multiple(name, threshold)) for name in counts),
        *(_unless(few, name, pl.col(name).round_sig_figs(3)) for name in figures),
        is_withheld=few,
    )


def _moments(frame: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The rate is that of the rounded counts, so that it tells no more than they do."""
    rate = (100.0 * pl.col("contacts") / pl.col("stretches")).round_sig_figs(3)
    return _rough(frame, ["contacts", "cases", "stretches"], [], threshold).with_columns(
        per_100=rate
    )


def _unless(hidden: pl.Expr, name: str, shown: pl.Expr) -> pl.Expr:
    return pl.when(~hidden).then(shown).alias(name)


def _queues(queues: pl.DataFrame, threshold: int) -> pl.DataFrame:
    few, few_waiting = (pl.col(name) < threshold for name in ("cases", "waiting_cases"))
    shares = ["busiest_weekday_share", "batched_share"]
    return queues.with_columns(
        _unless(few, "waiting_cases", _multiple("waiting_cases", threshold)),
        _unless(few | few_waiting, "waiting_median_days", _digits("waiting_median_days")),
        _unless(few, "busiest_weekday", pl.col("busiest_weekday")),
        *(_unless(few, name, pl.col(name).round()) for name in shares),
    ).drop("cases")


def _digits(name: str) -> pl.Expr:
    return pl.col(name).round_sig_figs(3)


def _bottlenecks(table: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    keys = ["journey", "from_activity", "to_activity"]
    hidden = pl.col("is_withheld")
    exact = ["rank", "occurrences", "cases"]
    figures = [n for n, kind in table.schema.items() if kind.is_float()]
    return (
        table.join(edges.select(*keys, "is_withheld"), on=keys, how="left", maintain_order="left")
        .with_columns(pl.col("is_withheld").fill_null(value=True))
        .with_columns(
            *(_unless(hidden, name, pl.col(name)) for name in exact),
            *(_unless(hidden, name, _digits(name)) for name in figures),
        )
    )


def _changes(table: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Differences of enough cases on both sides, with and without what is counted; a route of few
    cases is not named at all, as `process_variants` folds it."""
    groups = [
        group
        for side in ("first", "second")
        for group in (
            pl.col(f"{side}_items"),
            pl.col(f"{side}_hits"),
            pl.col(f"{side}_items") - pl.col(f"{side}_hits"),
        )
    ]
    few = pl.any_horizontal(
        group.is_between(1, threshold - 1).fill_null(value=False) for group in groups
    )
    is_share = pl.col("unit") == "points"
    numbers = [n for n, kind in table.schema.items() if kind.is_float()]
    told = [n for n in numbers if n not in ("p_value", "q_value")]
    counts = [f"{side}_items" for side in ("first", "second")]
    return (
        table.with_columns(
            *(
                _unless(few, n, pl.when(is_share).then(pl.col(n).round()).otherwise(_digits(n)))
                for n in told
            ),
            *(_unless(few, n, pl.col(n)) for n in ("p_value", "q_value", "is_clear")),
            *(_unless(few, n, _multiple(n, threshold)) for n in counts),
            is_withheld=few,
        )
        .filter(~(few & (pl.col("aspect").eq_missing("variant"))))
        .drop("first_hits", "second_hits")
    )
