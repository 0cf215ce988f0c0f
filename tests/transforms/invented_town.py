"""Figures of a few invented cases, in the shape of `mart.kpi_values`."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import polars as pl

FORMULAS = {"permit": "snel", "passport": "snel", "care": "ontwerp"}
DEFINITIONS = pl.DataFrame(
    {
        "definition": [
            "workload.opened",
            "lead_time.all.mean",
            "lead_time.closed.mean",
            "age.open.median",
        ],
        "counts": "cases",
        "unit": ["cases", "days", "days", "days"],
        "competes": ["", "lead_time_mean", "lead_time_mean", ""],
        "is_headline": [True, True, False, False],
        "level": "case",
    }
)
JOURNEYS = pl.DataFrame({"journey": list(FORMULAS), "service_formula": list(FORMULAS.values())})
POPULATIONS = {
    "workload.opened": "all",
    "lead_time.all.mean": "all",
    "lead_time.closed.mean": "closed",
    "age.open.median": "open",
}


class Case(NamedTuple):
    journey: str
    channel: str | None
    opened_on: date
    is_closed: bool


def figures(cases: list[Case]) -> pl.DataFrame:
    """The figures of every slice that the models make, with days counted from the month's start."""
    rows = [
        (*where, *period, case.is_closed, float(case.opened_on.day))
        for case in cases
        for period in _periods(case.opened_on)
        for where in _places(case, period[0])
    ]
    names = ["journey", "segment_kind", "segment", "period_kind", "period", "period_start"]
    schema = dict.fromkeys(names[:5], pl.String) | {
        "period_start": pl.Date,
        "is_closed": pl.Boolean,
        "days": pl.Float64,
    }
    sliced = pl.DataFrame(rows, schema=schema, orient="row")
    sizes = sliced.group_by(names).agg(size=pl.len())
    parts = []
    for definition, population in POPULATIONS.items():
        keep = {
            "all": pl.lit(value=True),
            "closed": pl.col("is_closed"),
            "open": ~pl.col("is_closed"),
        }
        found = (
            sliced.filter(keep[population]).group_by(names).agg(n=pl.len(), total=pl.sum("days"))
        )
        parts.append(found.with_columns(definition=pl.lit(definition)))
    rows_of = pl.concat(parts).join(sizes, on=names, nulls_equal=True)
    is_sum = pl.col("definition").str.ends_with("mean")
    return rows_of.select(
        "definition",
        *names,
        pl.col("n").cast(pl.Int64),
        n_excluded=(pl.col("size").cast(pl.Int64) - pl.col("n").cast(pl.Int64)),
        numerator=pl.when(is_sum).then("total"),
        denominator=pl.when(is_sum).then(pl.col("n").cast(pl.Float64)),
        value=pl.when(pl.col("definition") == "workload.opened")
        .then(pl.col("n").cast(pl.Float64))
        .otherwise(pl.col("total") / pl.col("n") + 0.123),
        lower=pl.lit(None, pl.Float64),
        upper=pl.lit(None, pl.Float64),
    ).sort("definition", *names)


def _periods(day: date) -> list[tuple[str, str, date | None]]:
    year, week, _ = day.isocalendar()
    return [
        ("all", "all", None),
        ("month", f"{day:%Y-%m}", day.replace(day=1)),
        ("week", f"{year}-W{week:02}", date.fromisocalendar(year, week, 1)),
    ]


def _places(case: Case, period_kind: str) -> list[tuple[str, str, str]]:
    places = [(case.journey, "all", "all")]
    if period_kind != "week":
        places.append(("all", "service_formula", FORMULAS[case.journey]))
        if case.channel:
            places.append((case.journey, "channel", case.channel))
    return places
