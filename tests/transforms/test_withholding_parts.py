"""What tables that cut the process another way lose before they are published."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from transforms.mining.change_points import POINT_SCHEMA
from transforms.mining.changes import CHANGE_SCHEMA
from transforms.withholding_evidence import evidence_points
from transforms.withholding_parts import rough_tables

EDGE = {"journey": "permits", "from_activity": "a", "to_activity": "b"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "process_activity_parts": {
        "journey": pl.String,
        **dict.fromkeys(
            ("occurrences", "cases", "part_cases", "start_cases", "end_cases"), pl.Int64
        ),
    },
    "process_edge_parts": {
        "journey": pl.String,
        **dict.fromkeys(("occurrences", "cases", "part_cases"), pl.Int64),
        "mean_s": pl.Float64,
        "median_s": pl.Float64,
    },
    "work_in_progress": {"journey": pl.String, "cases": pl.Int64},
    "performance_spectrum": {"journey": pl.String, "passages": pl.Int64},
    "activity_queues": {
        "journey": pl.String,
        "cases": pl.Int64,
        "waiting_cases": pl.Int64,
        "waiting_median_days": pl.Float64,
        "busiest_weekday": pl.Int64,
        "busiest_weekday_share": pl.Float64,
        "batched_share": pl.Float64,
    },
    "handover_network": {
        "journey": pl.String,
        **dict.fromkeys(("handoffs", "cases", "ping_pongs"), pl.Int64),
        "median_days": pl.Float64,
        "total_days": pl.Float64,
    },
    "contact_moments": {
        "journey": pl.String,
        **dict.fromkeys(("contacts", "cases", "stretches"), pl.Int64),
        "per_100": pl.Float64,
    },
    "bottlenecks": {
        **dict.fromkeys(EDGE, pl.String),
        **dict.fromkeys(("rank", "occurrences", "cases"), pl.Int64),
        "total_days": pl.Float64,
        "share": pl.Float64,
    },
    "process_changes": CHANGE_SCHEMA,
    "change_points": POINT_SCHEMA,
}


def rough(table: str, *, is_hidden: bool = False, **row: Any) -> dict[str, Any]:
    """The only row of a table as published at a threshold of five."""
    tables = {
        name: pl.DataFrame(
            [dict.fromkeys(schema) | {"journey": "permits"} | row] if name == table else [],
            schema=schema,
        )
        for name, schema in SCHEMAS.items()
    }
    edges = pl.DataFrame([EDGE | {"is_withheld": is_hidden}])
    [told] = rough_tables(tables, edges, 5)[table].to_dicts()
    return told


@pytest.mark.parametrize(("n", "told"), [(5, 5), (7, 5), (8, 10), (12, 10), (1434, 1435)])
def test_counts_of_parts_are_multiples_of_the_threshold(n: int, told: int) -> None:
    row = rough("process_edge_parts", cases=n, occurrences=n, part_cases=2000, median_s=12345.6)
    assert (row["cases"], row["occurrences"], row["part_cases"]) == (told, told, 2000)
    assert (row["median_s"], row["is_withheld"]) == (12300, False)


@pytest.mark.parametrize(
    "table",
    ["process_edge_parts", "process_activity_parts", "handover_network", "contact_moments"],
)
def test_a_row_of_few_cases_tells_nothing(table: str) -> None:
    numbers = {
        name: 4 if name == "cases" else 9
        for name, kind in SCHEMAS[table].items()
        if kind.is_numeric()
    }
    row = rough(table, **numbers)
    assert row.pop("is_withheld")
    assert set(row.values()) == {"permits", None}


def test_how_often_residents_ask_is_told_from_rounded_counts() -> None:
    row = rough("contact_moments", contacts=8, cases=7, stretches=41, per_100=100 * 8 / 41)
    assert (row["contacts"], row["stretches"], row["per_100"]) == (10, 40, 25.0)


@pytest.mark.parametrize(("n", "told"), [(1, 0), (2, 0), (3, 5), (41, 40)])
def test_lines_of_work_are_rounded_also_where_they_are_short(n: int, told: int) -> None:
    assert rough("work_in_progress", cases=n)["cases"] == told
    assert rough("performance_spectrum", passages=n)["passages"] == told


def test_how_long_few_have_waited_is_not_told() -> None:
    row = rough("activity_queues", cases=50, waiting_cases=4, waiting_median_days=9.0)
    assert (row["waiting_cases"], row["waiting_median_days"]) == (5, None)
    row = rough("activity_queues", cases=50, waiting_cases=6, waiting_median_days=9.0)
    assert (row["waiting_cases"], row["waiting_median_days"]) == (5, 9.0)
    assert "cases" not in row


def test_a_rhythm_is_told_in_whole_percents() -> None:
    row = rough(
        "activity_queues", cases=7, waiting_cases=0, busiest_weekday=1, batched_share=42.857
    )
    assert (row["busiest_weekday"], row["batched_share"]) == (1, 43)
    row = rough("activity_queues", cases=4, waiting_cases=0, busiest_weekday=1, batched_share=50.0)
    assert row["busiest_weekday"] is row["batched_share"] is None


def test_a_bottleneck_is_hidden_with_its_edge() -> None:
    known = {**EDGE, "rank": 1, "cases": 40, "occurrences": 40, "total_days": 123.456}
    shown, gone = (rough("bottlenecks", is_hidden=hidden, **known) for hidden in (False, True))
    assert (shown["cases"], shown["total_days"]) == (40, 123)
    assert gone["rank"] is gone["cases"] is gone["total_days"] is None


@pytest.mark.parametrize("table", ["process_changes", "change_points"])
@pytest.mark.parametrize(
    "few",
    [{"first_hits": 4}, {"first_hits": 96}, {"second_hits": 1}, {"second_items": 3}],
)
def test_a_change_in_which_few_are_on_any_side_loses_its_numbers(
    table: str, few: dict[str, int]
) -> None:
    counts = {"first_items": 100, "second_items": 102, "first_hits": 50, "second_hits": 40}
    known = {"unit": "points", "first_value": 50.4, "difference": -10.6, "is_clear": True}
    shown, gone = rough(table, **known, **counts), rough(table, **known, **(counts | few))
    assert (shown["first_value"], shown["difference"], shown["second_items"]) == (50, -11, 100)
    assert shown["is_clear"]
    assert gone["first_value"] is gone["difference"] is gone["is_clear"] is None
    assert gone["is_withheld"]
    assert "first_hits" not in gone


def test_a_level_of_a_month_that_is_withheld_is_not_told() -> None:
    months = [date(2025, month, 1) for month in (1, 2, 3)]
    points = pl.DataFrame(
        {
            "improvement": ["form"] * 3,
            "definition": ["x"] * 3,
            "month": months,
            "level": [1.23456] * 3,
        }
    )
    figures = pl.DataFrame(
        {
            "journey": ["permits"] * 3,
            "definition": ["x"] * 3,
            "segment_kind": ["all"] * 3,
            "period_kind": ["month"] * 3,
            "period_start": months,
            "n": [30, None, 40],
        }
    )
    register = pl.DataFrame({"improvement": ["form"], "journey": ["permits"]})
    told = evidence_points(points, {"improvements": register}, figures)
    assert told.select("month", "level").rows() == [(months[0], 1.23), (months[2], 1.23)]
