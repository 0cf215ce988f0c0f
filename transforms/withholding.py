"""What is withheld of each published table. The rules, in words, are in docs/privacy.md.

A group of 1 to threshold - 1 loses its figures. Where sums would give it away, more cells lose
their counts; such a cell of enough people keeps its figure, rounded until it fits several counts.
A share of a large enough group stays, as k-anonymity asks who is in the cell and not how they
fared; but a part of it under the threshold is told to two persons and no closer.

What belongs here: the table's rules, from frames to frames. What does not: which cells follow from
sums (`disclosure.py`, `slices.py`).
"""

from __future__ import annotations

import polars as pl

from transforms import withholding_mining as mining
from transforms.disclosure import moved_part, withhold
from transforms.slices import SLICE, hidden_cells, nested_cells
from transforms.withholding_evidence import evidence_points
from transforms.withholding_parts import rough_tables

Tables = dict[str, pl.DataFrame]

_FIGURES = ["n", "n_excluded", "numerator", "denominator", "value", "lower", "upper"]
_COUNTS = [name for name in _FIGURES if name != "value"]
_MEASURED = ["days", "working_days"]
"""Units of measured time, which can be divided by any count."""
_NO_PEOPLE = [
    "quarantined_rows",
    "quarantined_rows_by_reason",
    "cutoff_is_latest_event",
    "owner_statistics_agree",
    "owner_statistics_differ",
]
"""Findings that count rows, sources or statistics."""
_BEATS = [["negative", "neutral", "positive"], ["late"], ["repeated"], ["handed_off"], ["silent"]]


def withheld_tables(tables: Tables, threshold: int, *, is_secondary: bool = True) -> Tables:
    """The tables as they may be published, persons left out and small groups withheld.

    `is_secondary` is switched off by a test alone: it leaves what only sums would give away.
    """
    out = dict(tables)
    persons = tables["definitions"].filter(pl.col("level") == "person")["definition"]
    for table in ("definitions", "kpi_values", "not_measurable"):
        of_persons = pl.col("definition").is_in(persons.implode()).fill_null(value=False)
        out[table] = tables[table].filter(~of_persons)
    kpis = withheld_kpis(
        out["kpi_values"],
        out["definitions"],
        tables["journeys"],
        threshold,
        is_secondary=is_secondary,
    )
    out["kpi_values"] = kpis
    out["journeys"] = _journeys(tables["journeys"], kpis, threshold)
    out["process_fit"] = mining.fit(tables["process_fit"], out["journeys"], threshold)
    out["deviations"] = mining.deviations(tables["deviations"], out["journeys"], threshold)
    out["variant_lift"] = mining.lift(tables["variant_lift"], out["journeys"], threshold)
    out["process_activities"] = _activities(tables["process_activities"], threshold)
    out["process_edges"] = _rows(
        tables["process_edges"],
        ["occurrences", "cases", "mean_s", "median_s", "p90_s"],
        [["journey", "from_activity"], ["journey", "to_activity"]],
        threshold,
    )
    out["process_variants"] = mining.variants(tables["process_variants"], threshold)
    out |= rough_tables(tables, out["process_edges"], threshold)
    out["evidence_points"] = evidence_points(tables["evidence_points"], tables, kpis)
    out["deadlines"] = _deadlines(tables["deadlines"], kpis, threshold)
    out["survival"] = _survival(tables["survival"], kpis, threshold)
    out["heartbeat"] = _heartbeat(tables["heartbeat"], threshold)
    out["data_quality"] = _findings(tables["data_quality"], kpis, threshold)
    return out


def withheld_kpis(
    values: pl.DataFrame,
    definitions: pl.DataFrame,
    journeys: pl.DataFrame,
    threshold: int,
    *,
    is_secondary: bool = True,
) -> pl.DataFrame:
    """The figures with `is_withheld` and `is_rounded`; a rounded one has no counts."""
    known = values.join(
        definitions.select("definition", "counts", "unit"), on="definition", maintain_order="left"
    )
    formulas = journeys.select("journey", "service_formula")
    cells = hidden_cells(known, formulas, threshold, is_secondary=is_secondary)
    nested = nested_cells(known, definitions, formulas, threshold, is_secondary=is_secondary)
    keys = ["definition", *SLICE]
    marked = (
        known.join(cells, on=keys, how="left", maintain_order="left")
        .join(
            nested.with_columns(is_nested=pl.lit(value=True)),
            on=keys,
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("is_hidden") | pl.col("is_nested").fill_null(value=False))
    )
    few = pl.col("n").is_between(1, threshold - 1) | pl.col("is_slice_hidden")
    withheld = pl.col("is_hidden") & (few | ~_fits_several_counts())
    share = pl.col("unit") == "percent"
    part = moved_part(pl.col("numerator"), pl.col("denominator"), threshold)
    rounded = (
        pl.when("is_withheld")
        .then(None)
        .when(pl.col("is_hidden") & share)
        .then(pl.col("value").round())
        .when("is_hidden")
        .then(pl.col("value").round_sig_figs(3))
        .when("has_small_part")
        .then(part)
        .otherwise("value")
    )
    return (
        marked.with_columns(
            is_withheld=withheld,
            has_small_part=(share & part.is_not_null()).fill_null(value=False),
        )
        .with_columns(
            value=rounded,
            is_rounded=~pl.col("is_withheld") & (pl.col("is_hidden") | pl.col("has_small_part")),
        )
        .with_columns(_kept(["n", "n_excluded"], pl.col("is_withheld") | pl.col("is_hidden")))
        .with_columns(
            _kept(
                ["numerator", "denominator", "lower", "upper"],
                pl.col("is_withheld") | pl.col("is_rounded"),
            )
        )
        .select(*values.columns, "is_withheld", "is_rounded")
    )


def _fits_several_counts() -> pl.Expr:
    """Whether the rounded figure could also be that of one person more or one person less."""
    value, n = pl.col("value"), pl.col("n")
    share = pl.col("unit") == "percent"
    scale = pl.when(share).then(100.0).otherwise(1.0)

    def rounded(figure: pl.Expr) -> pl.Expr:
        return pl.when(share).then(figure.round()).otherwise(figure.round_sig_figs(3))

    fits = [
        rounded((value / scale * (n + step)).round() / (n + step) * scale) == rounded(value)
        for step in (-1, 1)
    ]
    measured = pl.col("unit").is_in(_MEASURED) & (value != n)
    return (measured | ((value != n) & pl.any_horizontal(fits))).fill_null(value=True)


def _kept(names: list[str], hidden: pl.Expr) -> list[pl.Expr]:
    return [pl.when(~hidden).then(pl.col(name)).alias(name) for name in names]


def _rows(
    frame: pl.DataFrame, figures: list[str], within: list[list[str]], threshold: int
) -> pl.DataFrame:
    hidden = withhold(frame, "cases", within, threshold)
    return frame.with_columns(hidden).with_columns(_kept(figures, pl.col("is_withheld")))


def _hidden_totals(kpis: pl.DataFrame, definitions: list[str]) -> pl.Series:
    """The journeys for which a reader may not know the count of one of the definitions."""
    whole = (pl.col("segment_kind") == "all") & (pl.col("period_kind") == "all")
    asked = pl.col("definition").is_in(definitions)
    return kpis.filter(whole & asked & pl.col("n").is_null())["journey"].unique()


def _journeys(journeys: pl.DataFrame, kpis: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Sizes and first days, none of a journey whose size the figures withhold."""
    named = pl.col("journey")
    small = pl.col("cases").is_between(1, threshold - 1)
    small |= named.is_in(_hidden_totals(kpis, ["workload.opened"]).implode())
    told = ["age.open.median", "lead_time.closed_as_registered.median"]
    left = pl.col("cases") - pl.col("open_cases")
    open_small = pl.any_horizontal(
        part.is_between(1, threshold - 1) for part in (pl.col("open_cases"), left)
    ) | named.is_in(_hidden_totals(kpis, told).implode())
    return (
        journeys.with_columns(_small=small, _open=small | open_small)
        .with_columns(
            *_kept(["cases", "first_started_on"], pl.col("_small")),
            *_kept(["open_cases"], pl.col("_open")),
        )
        .drop("_small", "_open")
    )


def _activities(activities: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Activities of enough cases; first and last ones add up to all cases, so those are paired."""
    shown = _rows(activities, ["occurrences", "cases"], [["journey"]], threshold)
    hidden = pl.DataFrame(
        {
            name: withhold(activities, name, [["journey"]], threshold)
            for name in ("start_cases", "end_cases")
        }
    )
    return shown.with_columns(
        pl.when(~hidden[name] & ~shown["is_withheld"]).then(shown[name]).alias(name)
        for name in hidden.columns
    )


def _deadlines(deadlines: pl.DataFrame, kpis: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Open cases per week; what is overdue is withheld with its figure."""
    gone = _hidden_totals(kpis, ["deadlines.overdue"])
    overdue = (pl.col("kind") == "overdue") & pl.col("journey").is_in(gone.implode())
    hidden = withhold(deadlines, "cases", [["journey", "kind"]], threshold)
    return deadlines.with_columns(is_withheld=pl.lit(hidden) | overdue).with_columns(
        _kept(["cases"], pl.col("is_withheld"))
    )


def _survival(survival: pl.DataFrame, kpis: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Curves without small numbers at risk, and without months whose size is withheld."""
    opened = (pl.col("definition") == "workload.opened") & (pl.col("segment_kind") == "all")
    small = kpis.filter(opened & pl.col("n").is_null()).select(
        "journey", pl.col("period").alias("cohort"), _small=pl.lit(value=True)
    )
    is_small = pl.col("_small").fill_null(value=False) | (pl.col("at_risk") < threshold)
    return (
        survival.join(small.unique(), on=["journey", "cohort"], how="left", maintain_order="left")
        .with_columns(is_withheld=is_small)
        .with_columns(_kept(["still_open", "at_risk"], pl.col("is_withheld")))
        .drop("_small")
    )


def _heartbeat(beats: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Personas of enough cases; signs are counted where no persona of the phase has few of them."""
    within = ["journey", "phase", "moment"]
    numbers = [name for name, kind in beats.schema.items() if kind.is_numeric()]
    hidden = withhold(beats, "cases", [within], threshold)
    marked = beats.with_columns(hidden)
    for columns in [*_BEATS, ["ratings"]]:
        parts = [
            part for name in columns for part in (pl.col(name), pl.col("cases") - pl.col(name))
        ]
        small = pl.any_horizontal(part.is_between(1, threshold - 1) for part in parts)
        marked = marked.with_columns(
            _kept(columns, small.fill_null(value=False).any().over(within))
        )
    gone = pl.col("is_withheld")
    return marked.with_columns(_kept([*numbers, "basis", "score", "first_day", "last_day"], gone))


def _findings(findings: pl.DataFrame, kpis: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """Findings; how many people they touch is left out where it or the rest is a small group."""
    people = ~pl.col("finding").is_in(_NO_PEOPLE)
    parts = (pl.col("affected"), pl.col("total") - pl.col("affected"))
    small = pl.any_horizontal(part.is_between(1, threshold - 1) for part in parts)
    open_ones = pl.col("finding") == "open_cases_without_end"
    is_told = not _hidden_totals(kpis, ["age.open.median"]).is_empty()
    gone = people & (small.fill_null(value=False) | (open_ones & pl.lit(is_told)))
    return findings.with_columns(_kept(["affected"], gone))
