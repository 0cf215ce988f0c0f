"""Months as one period: sums of ratios, spans of medians, and nothing that was withheld."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from dashboards.app.choices import choices_of
from dashboards.app.periods import Period, figures_over
from dashboards.app.pooling import Adds, pool, wilson
from dashboards.app.reader import Run
from dashboards.app.selection import Slice
from dashboards.marts import Marts
from pipelines.settings import Settings
from tests.conftest import Query
from tests.dashboards.invented import invented


def month(value: float | None, numerator: float | None, n: int | None, **more: Any) -> Any:
    row = {"value": value, "numerator": numerator, "denominator": n, "n": n, "n_excluded": 0}
    row |= {"lower": None, "upper": None, "definition_hash": "h"}
    row |= {"is_mature": True, "is_withheld": False, "is_rounded": False, "is_comparable": None}
    return row | more


def test_numerators_and_denominators_are_added_and_percentages_are_not() -> None:
    found = pool([month(90.0, 90, 100), month(50.0, 5, 10)], "percent", "share")
    assert found.value == pytest.approx(100 * 95 / 110)
    assert found.row is not None
    assert (found.row["n"], found.row["numerator"]) == (110, 95)
    assert (found.row["lower"], found.row["upper"]) == pytest.approx(wilson(95, 110))


def test_a_count_is_added() -> None:
    rows = [month(7.0, 7, 7, denominator=None), month(8.0, 8, 8, denominator=None)]
    assert pool(rows, "cases", "count").value == 15


@pytest.mark.parametrize("adds", ["no", "ratio"])
def test_what_cannot_be_added_is_told_by_its_lowest_and_highest_month(adds: Adds) -> None:
    rows = [month(10.0, None, None), month(30.0, None, None), month(20.0, None, None)]
    found = pool(rows, "days", adds)
    assert found.value is None
    assert (found.low, found.high) == (10.0, 30.0)
    assert found.way == ("not_additive" if adds == "no" else "no_counts")


def test_one_month_is_what_was_published() -> None:
    row = month(10.0, None, None)
    assert pool([row], "days", "no").row is row


def test_a_withheld_month_is_left_out_and_counted() -> None:
    hidden = month(None, None, None, is_withheld=True)
    found = pool([month(50.0, 5, 10), hidden, month(70.0, 7, 10)], "percent", "share")
    assert (found.value, found.withheld) == (60.0, 1)


def test_a_share_that_is_told_to_two_persons_counts_as_such_and_is_about() -> None:
    told = month(98.5, None, 100, denominator=None, is_rounded=True)
    found = pool([told, month(90.0, 90, 100)], "percent", "share")
    assert found.value == pytest.approx((98.5 + 90) / 2)
    assert found.row is not None
    assert found.row["is_rounded"]
    assert (found.row["numerator"], found.row["lower"]) == (None, None)


def test_a_month_with_a_rounded_figure_and_no_counts_gives_no_sum() -> None:
    told = month(98.0, None, None, is_rounded=True)
    found = pool([told, month(90.0, 90, 100)], "percent", "share")
    assert (found.value, found.unweighed, found.way) == (None, 1, "no_counts")


def test_months_without_anybody_add_nothing() -> None:
    assert pool([], "percent", "share").way == "nothing"
    nobody = month(None, 0, 0)
    assert pool([nobody, nobody], "percent", "share").way == "nothing"
    assert pool([nobody, month(50.0, 5, 10)], "percent", "share").value == 50.0


def test_the_interval_is_that_of_the_marts(example: Run) -> None:
    """Every published share of the example that has an interval."""
    units = {name: row["unit"] for name, row in example.choices.definitions.items()}
    checked = 0
    for row in example.marts.rows("kpi_values", is_rounded=False, is_withheld=False):
        if units[row["definition"]] == "percent" and row["lower"] is not None:
            checked += 1
            expected = wilson(row["numerator"], row["denominator"])
            assert (row["lower"], row["upper"]) == pytest.approx(expected, abs=1e-9)
    assert checked > 100


def test_what_adds_up_over_all_months_is_the_total(example: Run, example_run: Settings) -> None:
    """Every definition that is said to add up, on the figures before any of them is withheld."""
    figures = Query(example_run)(
        "select *, false as is_withheld, false as is_rounded from mart.kpi_values "
        "where journey = 'permits' and segment_kind = 'all' and period_kind in ('all', 'month')"
    )
    checked = 0
    for name, adds in example.choices.adds.items():
        own = figures.filter(pl.col("definition") == name)
        months = own.filter(pl.col("period_kind") == "month").to_dicts()
        totals = own.filter(pl.col("period_kind") == "all")["value"].to_list()
        if len(months) > 1 and totals and totals[0] is not None:
            checked += 1
            unit = example.choices.definitions[name]["unit"]
            assert pool(months, unit, adds).value == pytest.approx(totals[0]), name
    assert checked > 30


def test_medians_and_percentiles_never_add_up(example: Run) -> None:
    ends = ("median", "p80", "p90", "p90_p50")
    names = [n for n in example.choices.definitions if n.rsplit(".", 1)[-1] in ends]
    assert names
    assert not set(names) & set(example.choices.adds)


def test_a_figure_that_needs_a_least_number_never_adds_up(example: Run) -> None:
    """Its small months are not there at all, so a sum of the others would be of fewer people."""
    definitions = example.marts.tables["definitions"]
    least = pl.lit('{"least_marks": 10}')
    known = pl.col("definition") == "rework.any_events"
    changed = definitions.with_columns(
        parameters=pl.when(known).then(least).otherwise("parameters")
    )
    tables = {**example.marts.tables, "definitions": changed}
    assert "rework.any_events" in example.choices.adds
    assert "rework.any_events" not in choices_of(Marts(example.marts.manifest, tables)).adds


def test_residents_and_clients_never_add_up(example: Run) -> None:
    counts = {n: row["counts"] for n, row in example.choices.definitions.items()}
    assert {counts[name] for name in example.choices.adds} <= {
        "cases",
        "contacts",
        "callbacks",
        "journeys",
    }


def test_all_months_are_the_published_total_which_a_median_has_too(example: Run) -> None:
    name = "lead_time.km.median"
    (total,) = example.figures(Slice("permits"), "all", name)
    months = example.choices.months
    for period in (Period(), Period(months[0], months[-1]), Period(first=months[0])):
        assert figures_over(example, Slice("permits"), period, [name])[name].row == total


def test_a_run_without_months_can_be_asked_for_all_of_it() -> None:
    assert choices_of(invented()).months == []
