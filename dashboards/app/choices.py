"""What one published run can be asked: its journeys, segments, months and definitions.

Everything that an address may name is looked up here, so that nothing else reaches a figure.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dashboards.app.pooling import Adds
from dashboards.marts import Marts, Record

SEGMENT_KINDS = ("channel", "target_group", "team", "topic", "partner")
"""Filters that cut by a segment, in the order of the form; a run may lack some of them."""
_COUNTED_ONCE = ("cases", "contacts", "callbacks", "journeys")
"""What falls in one month alone. A resident or client can be in several, so those do not add up."""
_NO_SUM = re.compile(r"(\.|^)(median|oldest|p\d\d(_p\d\d)?|rmst\d+)$")
_EXACT = 1e-6


@dataclass(frozen=True)
class Choices:
    """What can be chosen; `adds` says how the months of a definition add up, if they do."""

    journeys: Mapping[str, Record]
    formulas: Mapping[str, Record]
    segments: Mapping[str, Sequence[str]]
    months: Sequence[str]
    definitions: Mapping[str, Record]
    adds: Mapping[str, Adds]
    phases: Mapping[str, Sequence[str]]
    activities: Mapping[str, frozenset[str]]

    def months_from(self, first: str | None, last: str | None) -> list[str]:
        """The months of a period, both ends included; an open end reaches to the last known."""
        return [m for m in self.months if (first or m) <= m <= (last or m)]


def choices_of(marts: Marts) -> Choices:
    """Everything that the run can be asked."""
    values = marts.tables["kpi_values"]
    journeys = marts.rows("journeys")
    shown = values["definition"].unique().implode()
    definitions = marts.tables["definitions"].filter(pl.col("definition").is_in(shown)).to_dicts()
    return Choices(
        journeys={row["journey"]: row for row in journeys},
        formulas={row["service_formula"]: row for row in journeys if row["service_formula"]},
        segments={kind: _segments(values, kind) for kind in SEGMENT_KINDS}
        | {"partner": partners_of(marts)},
        months=_months(values),
        definitions={row["definition"]: row for row in definitions},
        adds=_sums(values, definitions),
        phases=_grouped(marts.rows("phases"), "phase"),
        activities={
            key: frozenset(names)
            for key, names in _grouped(marts.rows("process_activities"), "activity").items()
        },
    )


def partners_of(marts: Marts) -> list[str]:
    """The chain partners that cases were handed to or came from."""
    rows = marts.rows("handover_network", level="team", is_withheld=False)
    sides = ("from", "to")
    return sorted(
        {row[f"{side}_unit"] for row in rows for side in sides if row[f"{side}_is_partner"]},
        key=str.casefold,
    )


def _segments(values: pl.DataFrame, kind: str) -> list[str]:
    found = values.filter(pl.col("segment_kind") == kind)["segment"]
    return sorted(found.drop_nulls().unique().to_list(), key=str.casefold)


def _months(values: pl.DataFrame) -> list[str]:
    found = values.filter(pl.col("period_kind") == "month")["period"]
    return sorted(found.drop_nulls().unique().to_list())


def _grouped(rows: Sequence[Record], column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["journey"], []).append(row[column])
    return found


def _has_least(definition: Record) -> bool:
    """Whether a figure is shown from a least number on, which is one of its parameters."""
    parameters: dict[str, object] = json.loads(definition["parameters"] or "{}")
    return any(name.startswith("least_") for name in parameters)


def _sums(values: pl.DataFrame, definitions: Sequence[Record]) -> dict[str, Adds]:
    """How the months of each definition add up; one that is not named does not.

    A median or another percentile never does, whatever its columns hold; nor does a ratio of two,
    nor what is shown from a least number on, because the months under it are missing. The rest
    must be numerator by denominator, or a count, wherever those were published.
    """
    units = pl.DataFrame(
        [
            (row["definition"], row["unit"] == "percent")
            for row in definitions
            if row["counts"] in _COUNTED_ONCE
            and row["unit"] != "ratio"
            and not _has_least(row)
            and not _NO_SUM.search(row["definition"])
        ],
        schema={"definition": pl.String(), "_percent": pl.Boolean()},
        orient="row",
    )
    scale = pl.when("_percent").then(100.0).otherwise(1.0)
    quotient = scale * pl.col("numerator") / pl.col("denominator")
    count = pl.col("denominator").is_null() & (pl.col("numerator") == pl.col("value"))
    told = (
        values.filter(pl.col("value").is_not_null())
        .join(units, on="definition")
        .group_by("definition")
        .agg(
            quotients=quotient.is_finite().sum(),
            is_ratio=((quotient - pl.col("value")).abs() <= _EXACT).all(),
            is_of_n=pl.first("_percent") & (pl.col("denominator") == pl.col("n")).all(),
            is_count=count.fill_null(value=False).all(),
        )
    )
    found: dict[str, Adds] = {}
    for row in told.iter_rows(named=True):
        if row["is_count"]:
            found[row["definition"]] = "count"
        elif row["quotients"] and row["is_ratio"]:
            found[row["definition"]] = "share" if row["is_of_n"] else "ratio"
    return found
