"""The sums that a reader of the KPI figures can form, and which cells they make us hide.

Definitions whose `n` agrees in every slice that they share count the same people: one population,
one decision. What is withheld of one is withheld of all.

What belongs here: populations and relations of `kpi_values`. What does not: what hiding a cell does
to the row (`pipelines/publish.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from transforms.disclosure import Members, hide, relation

SLICE = ["journey", "segment_kind", "segment", "period_kind", "period"]
_SERIES = ["population", "journey", "segment_kind", "segment"]


def hidden_cells(
    values: pl.DataFrame, formulas: pl.DataFrame, threshold: int, *, is_secondary: bool = True
) -> pl.DataFrame:
    """Per definition and slice whether its counts are hidden, and whether the slice itself is.

    `values` has definition, counts, the columns of a slice, period_start, n and n_excluded;
    `formulas` has journey and service_formula. Gives definition, the slice, is_hidden and
    is_slice_hidden.
    """
    rows = _with_sizes(values)
    rows = rows.join(populations(rows), on="definition", maintain_order="left")
    cells = (
        rows.group_by("population", "counts", *SLICE)
        .agg(pl.first("period_start"), pl.max("n"), pl.max("n_excluded").fill_null(0).alias("rest"))
        .sort("population", *SLICE)
        .with_row_index("row")
    )
    wholes = rows.filter(pl.col("definition").str.starts_with("size of "))["population"].unique()
    is_whole = pl.col("population").is_in(wholes.implode())
    members = pl.concat(list(_relations(cells, formulas)))
    flags: pl.Series | None = None
    while True:
        found = hide(cells, members, threshold, flags, is_secondary=is_secondary)
        marked = cells.with_columns(found)
        if is_secondary:
            marked = _weeks_of_hidden_months(marked)
        small = marked.filter(is_whole & pl.col("is_hidden")).select(
            "counts", *SLICE, is_slice_hidden=pl.lit(value=True)
        )
        marked = marked.join(
            small.unique(), on=["counts", *SLICE], how="left", maintain_order="left"
        ).with_columns(pl.col("is_slice_hidden").fill_null(value=False))
        after = marked["is_hidden"] | marked["is_slice_hidden"]
        if flags is not None and after.sum() == flags.sum():
            break
        flags = after
    return rows.select("definition", "population", *SLICE).join(
        marked.select("population", *SLICE, "is_slice_hidden", is_hidden=after),
        on=["population", *SLICE],
    )


def _with_sizes(values: pl.DataFrame) -> pl.DataFrame:
    """The rows, and the size of each slice as if it were a definition."""
    sized = values.with_columns(size=pl.col("n") + pl.col("n_excluded").fill_null(0))
    slices = sized.group_by("counts", *SLICE).agg(pl.first("period_start"), pl.max("size"))
    whole = slices.with_columns(
        definition=pl.format("size of {}", "counts"), n="size", n_excluded=pl.lit(0, pl.Int64)
    )
    columns = ["definition", "counts", *SLICE, "period_start", "n", "n_excluded"]
    return pl.concat([whole.select(columns), sized.select(columns)])


def nested_cells(
    values: pl.DataFrame,
    definitions: pl.DataFrame,
    formulas: pl.DataFrame,
    threshold: int,
    *,
    is_secondary: bool = True,
) -> pl.DataFrame:
    """Definition and slice of readings that tell a small group by what they differ from another.

    Two readings of one question (`competes`) that both have a numerator can be subtracted: what is
    left is the figure of those who are in one and not in the other. The headline stays, else the
    reading of more.
    """
    asked = definitions.filter(pl.col("competes") != "").select(
        "definition", "competes", "is_headline"
    )
    sums = values.filter(pl.col("numerator").is_not_null())
    rows = sums.join(asked, on="definition", maintain_order="left")
    rows = rows.join(populations(rows), on="definition", maintain_order="left")
    ranked = (
        rows.group_by("competes", "population")
        .agg(pl.any("is_headline"), pl.sum("n"))
        .sort("competes", "is_headline", "n", "population", descending=[False, True, True, False])
        .with_columns(rank=pl.int_range(pl.len()).over("competes"))
        .select("competes", "population", "rank")
    )
    each = rows.unique(["competes", "population", *SLICE]).join(
        ranked, on=["competes", "population"]
    )
    each = each.select("competes", "population", "rank", *SLICE, "period_start", "n")
    pairs = each.join(each, on=["competes", *SLICE], suffix="_of").filter(
        pl.col("rank") > pl.col("rank_of")
    )
    cells = (
        pairs.with_columns(n=(pl.col("n") - pl.col("n_of")).abs(), lesser="population")
        .with_columns(population=pl.struct("competes", "lesser", "population_of").rank("dense"))
        .select(
            "population",
            "lesser",
            "competes",
            *SLICE,
            "period_start",
            "n",
            rest=pl.lit(0, pl.Int64),
        )
        .sort("population", *SLICE)
        .with_row_index("row")
    )
    if cells.is_empty():
        return values.clear().select("definition", *SLICE)
    members = pl.concat(list(_relations(cells, formulas)))
    told = cells.filter(hide(cells, members, threshold, is_secondary=is_secondary))
    return rows.join(
        told.select("competes", *SLICE, population="lesser"),
        on=["competes", "population", *SLICE],
        how="semi",
    ).select("definition", *SLICE)


def populations(rows: pl.DataFrame) -> pl.DataFrame:
    """Which definitions count the same: definition and a number, equal where every `n` agrees."""
    named: list[tuple[str, int]] = []
    for part in rows.partition_by("counts", maintain_order=True):
        places = part.select(*SLICE).unique(maintain_order=True).with_row_index("place")
        placed = part.join(places, on=SLICE)
        vectors: list[np.ndarray] = []
        first = len(named)
        sizes = placed.group_by("definition", maintain_order=True).agg("place", "n")
        for name, place, n in sizes.sort(
            pl.col("n").list.len(), descending=True, maintain_order=True
        ).iter_rows():
            vector = np.full(places.height, -1, dtype=np.int64)
            vector[place] = n
            alike = (
                number
                for number, other in enumerate(vectors)
                if (same := (other >= 0) & (vector >= 0)).any() and (other == vector)[same].all()
            )
            number = next(alike, len(vectors))
            if number == len(vectors):
                vectors.append(vector)
            else:
                vectors[number] = np.maximum(vectors[number], vector)
            named.append((name, first + number))
    return pl.DataFrame(
        named, schema={"definition": pl.String, "population": pl.Int64}, orient="row"
    )


def _relations(cells: pl.DataFrame, formulas: pl.DataFrame) -> Iterator[Members]:
    """Members of every relation between the cells of a population."""
    whole = {name: pl.col(name) == "all" for name in ("journey", "segment_kind", "period_kind")}
    no, yes = pl.lit(value=False), pl.lit(value=True)
    periods = [*_SERIES, "period_kind"]
    kinds = pl.DataFrame({"_kind": ["month", "week", "closing_month"]})
    totals = cells.filter(whole["period_kind"]).join(kinds, how="cross")
    yield relation(cells.filter(~whole["period_kind"]), periods, no)
    yield relation(totals.drop("period_kind").rename({"_kind": "period_kind"}), periods, yes)

    parts = cells.filter(~whole["segment_kind"])
    used = parts.select("segment_kind").unique().rename({"segment_kind": "_kind"})
    totals = cells.filter(whole["segment_kind"]).join(used, how="cross").drop("segment_kind")
    segments = ["population", "journey", "segment_kind", "period_kind", "period"]
    yield relation(parts, segments, no)
    yield relation(totals.rename({"_kind": "segment_kind"}), segments, yes)

    formula = pl.col("segment_kind") == "service_formula"
    pooled = ["population", "service_formula", "period_kind", "period"]
    alone = cells.filter(whole["segment_kind"] & ~whole["journey"])
    yield relation(alone.join(formulas, on="journey"), pooled, no)
    yield relation(cells.filter(formula).with_columns(service_formula="segment"), pooled, yes)

    across = ["population", "segment_kind", "segment", "period_kind", "period"]
    pools = cells.filter(whole["journey"] & ~formula)
    yield relation(pools, across, yes)
    yield relation(alone, across, no)
    parts = cells.filter(~whole["journey"] & ~whole["segment_kind"])
    yield relation(parts.join(pools, on=across, how="semi"), across, no)
    yield from _weeks_in_months(cells.filter(whole["segment_kind"]))


def _weeks_in_months(cells: pl.DataFrame) -> Iterator[Members]:
    """Weeks and months between two dates on which both begin.

    Both begin where the month starts on a Monday, and where nothing happened in the week across.
    """
    weeks = cells.filter(pl.col("period_kind") == "week").sort("period_start")
    months = cells.filter(pl.col("period_kind") == "month").sort("period_start")
    monday = pl.col("period_start").dt.truncate("1w")
    across = weeks.filter(pl.col("n") > 0).select(*_SERIES, _monday="period_start")
    begins = (
        months.with_columns(_monday=monday)
        .join(across, on=[*_SERIES, "_monday"], how="left", coalesce=False, suffix="_week")
        .filter(pl.col("_monday_week").is_null() | (pl.col("_monday") == pl.col("period_start")))
        .select(*_SERIES, "period_start", begin="period_start")
        .sort("period_start")
    )
    keys = [*_SERIES, "begin"]
    for part, is_total in ((weeks, False), (months, True)):
        placed = part.join_asof(begins, on="period_start", by=_SERIES, check_sortedness=False)
        yield relation(placed, keys, pl.lit(value=is_total))


def _weeks_of_hidden_months(cells: pl.DataFrame) -> pl.DataFrame:
    """With each week hidden that shares a day with a hidden month, as shown weeks add up to it."""
    months = cells.filter((pl.col("period_kind") == "month") & pl.col("is_hidden"))
    taken = months.select(*_SERIES, _month="period_start", _taken=pl.lit(value=True))
    for day in (0, 6):
        month = (pl.col("period_start") + pl.duration(days=day)).dt.truncate("1mo")
        is_week = pl.col("period_kind") == "week"
        cells = (
            cells.with_columns(_month=pl.when(is_week).then(month))
            .join(taken, on=[*_SERIES, "_month"], how="left", maintain_order="left")
            .with_columns(is_hidden=pl.col("is_hidden") | pl.col("_taken").fill_null(value=False))
            .drop("_month", "_taken")
        )
    return cells
