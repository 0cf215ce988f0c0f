"""What Dagster plots of a table: numbers by name, of journeys and never of persons."""

from __future__ import annotations

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.asset_metadata import told_of
from pipelines.reading import current_run
from pipelines.settings import Settings
from transforms.models import load_models


@pytest.fixture(scope="module")
def warehouse(example_run: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(example_run.warehouse_file, read_only=True)


@pytest.mark.parametrize("table", ["mart.kpi_on_time", "mart.kpi_values"])
def test_the_headline_of_a_journey_is_a_number_and_stands_in_a_table(
    table: str, warehouse: duckdb.DuckDBPyConnection, example_run: Settings
) -> None:
    published = pl.read_parquet(current_run(example_run) / "marts" / "kpi_values.parquet")
    wanted = {"definition": "on_time.due.rolled", "journey": "permits", "segment": "all"}
    [value] = published.filter(**wanted, period="all")["value"]
    found = told_of(warehouse, load_models()[table])
    number = found["permits/on_time.due.rolled"]
    assert isinstance(number, dg.FloatMetadataValue)
    assert number.value == pytest.approx(value)
    assert f"| permits | on_time.due.rolled | {value:,.2f} percent |" in found["headlines"].value
    assert "person" not in str(found)


def test_counts_of_other_tables_are_whole_numbers(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = told_of(warehouse, load_models()["core.sources"])
    assert found["rows_read"] == found["rows_loaded"] + found["rows_set_aside"]
    assert set(told_of(warehouse, load_models()["core.cases"])) == {"open_cases"}
    assert told_of(warehouse, load_models()["core.events"]) == {}
