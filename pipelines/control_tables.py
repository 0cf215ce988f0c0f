"""Control charts of what the register's improvements were meant to move, from published figures.

What belongs here: from published months to charts, as tables. Withheld months are missing, so that
nothing follows from a limit. What does not: rules and limits (`transforms/evidence/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from transforms.evidence.chart_records import ChartPoint, ControlChart
from transforms.evidence.control_charts import control_chart
from transforms.evidence.series import Change, Point

CHARTS: dict[str, Any] = {
    "journey": pl.String,
    "definition": pl.String,
    "kind": pl.String,
    "rules": pl.String,
    "variation": pl.String,
    "assurance": pl.String,
    "target": pl.Float64,
    "false_alarm": pl.Float64,
    "false_alarm_if_carried_over": pl.Float64,
}
POINTS: dict[str, Any] = {
    "journey": pl.String,
    "definition": pl.String,
    "month": pl.Date,
    "value": pl.Float64,
    "state": pl.String,
    "stretch": pl.Int64,
    "centre": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "flags": pl.String,
    "meaning": pl.String,
}
CHANGES: dict[str, Any] = {
    "journey": pl.String,
    "definition": pl.String,
    "improvement": pl.String,
    "month": pl.Date,
    "refusal": pl.String,
}
Marts = Mapping[str, pl.DataFrame]


def control_tables(marts: Marts) -> dict[str, pl.DataFrame]:
    """`control_charts`, `control_points` and `control_changes` - which entries of the register gave
    new limits, and why others did not - for each journey and definition of the register."""
    charts, points, changes = [], [], []
    for journey, definition, chart in _charts(marts):
        key = {"journey": journey, "definition": definition}
        charts.append(key | _told(chart))
        trial = {number for number, each in enumerate(chart.stretches) if each.is_trial}
        points += [key | _point(point, point.stretch in trial) for point in chart.points]
        changes += [key | _change(change, reason) for change, reason in _changes_of(chart)]
    return {
        "control_charts": pl.DataFrame(charts, schema=CHARTS, orient="row"),
        "control_points": pl.DataFrame(points, schema=POINTS, orient="row"),
        "control_changes": pl.DataFrame(changes, schema=CHANGES, orient="row"),
    }


def _charts(marts: Marts) -> Iterator[tuple[str, str, ControlChart]]:
    register = marts["improvements"].select("improvement", "journey", "went_live_on")
    asked = marts["improvement_evidence"].join(register, on="improvement", maintain_order="left")
    known = {row["definition"]: row for row in marts["definitions"].iter_rows(named=True)}
    months = marts["kpi_values"].filter(
        (pl.col("period_kind") == "month") & (pl.col("segment_kind") == "all")
    )
    for journey, definition in (
        asked.select("journey", "definition").unique(maintain_order=True).iter_rows()
    ):
        is_share = known[definition]["unit"] == "percent"
        rows = months.filter(
            (pl.col("journey") == journey) & (pl.col("definition") == definition)
        ).sort("period_start")
        points = [_read(row, is_share) for row in rows.iter_rows(named=True)]
        changes = [
            Change(row["went_live_on"], row["improvement"])
            for row in register.filter(pl.col("journey") == journey).iter_rows(named=True)
        ]
        if points:
            yield (
                journey,
                definition,
                control_chart(
                    points,
                    direction=known[definition]["direction"],
                    kind="p" if is_share else "xmr",
                    changes=changes,
                    per=100.0 if is_share else 1.0,
                    target=_target(marts["norms"], journey, known[definition]),
                ),
            )


def _target(norms: pl.DataFrame, journey: str, definition: Mapping[str, Any]) -> float | None:
    """The norm on the side that counts for this definition; null where there is none."""
    bound = "at_most" if definition["direction"] == "lower" else "at_least"
    found = norms.filter(
        (pl.col("journey") == journey) & (pl.col("definition") == definition["definition"])
    )[bound].drop_nulls()
    return float(found[0]) if len(found) else None


def _changes_of(chart: ControlChart) -> Iterator[tuple[Change, str | None]]:
    """Entries of the register, with why one gave no new limits; null where it did."""
    yield from ((each.change, None) for each in chart.stretches if each.change is not None)
    yield from ((each.change, each.reason) for each in chart.refused)


def _change(change: Change, reason: str | None) -> dict[str, Any]:
    return {"improvement": change.improvement, "month": change.on, "refusal": reason}


def _read(row: Mapping[str, Any], is_share: bool) -> Point:
    """A published month; one whose number is withheld has no place in a chart of shares."""
    is_shown = not row["is_withheld"] and not (is_share and row["n"] is None)
    value = row["value"] if is_shown else None
    return Point(row["period_start"], value, row["n"], bool(row["is_mature"]))


def _told(chart: ControlChart) -> dict[str, Any]:
    alarm = chart.false_alarm
    return {
        "kind": chart.kind,
        "rules": chart.rules,
        "variation": " ".join(chart.variation),
        "assurance": chart.assurance,
        "target": chart.target,
        "false_alarm": alarm.percent if alarm else None,
        "false_alarm_if_carried_over": alarm.percent_if_carried_over if alarm else None,
    }


def _point(point: ChartPoint, is_on_trial: bool) -> dict[str, Any]:
    """Limits that are on trial are drawn, but say nothing of a month yet."""
    flags = () if is_on_trial else point.flags
    return {
        "month": point.start,
        "value": point.value,
        "state": point.state,
        "stretch": point.stretch,
        "centre": point.centre,
        "lower": point.lower,
        "upper": point.upper,
        "flags": " ".join(sorted({flag.rule for flag in flags})),
        "meaning": " ".join(sorted({flag.meaning for flag in flags})),
    }
