"""The readings of one question, side by side."""

from __future__ import annotations

import polars as pl

from dashboards.kpis import read_kpis
from dashboards.marts import Marts
from dashboards.readings import DefinitionSection, definition_sections
from dashboards.text import NBSP, Text
from tests.dashboards.invented import invented

TEXT = Text("nl")


def on_time(marts: Marts) -> DefinitionSection:
    sections = definition_sections(marts, read_kpis(marts), TEXT)
    return next(section for section in sections if section.kpi == "on_time")


def test_every_reading_of_on_time_stands_in_one_row_of_its_journey() -> None:
    marts = invented(2)
    [readings] = on_time(marts).readings
    published = [
        row["definition"] for row in marts.rows("definitions") if row["competes"] == "on_time"
    ]
    assert [cell.href for cell in readings.head] == [f"#def-{name}" for name in sorted(published)]
    assert len(readings.rows) == 2
    assert all(len(row.cells) == len(published) for row in readings.rows)


def test_the_difference_is_that_between_the_highest_and_the_lowest_reading() -> None:
    [readings] = on_time(invented()).readings
    values = [cell.raw for cell in readings.rows[0].cells if cell.raw is not None]
    found = readings.rows[0].difference
    assert found.raw == max(values) - min(values)
    assert found.words.endswith(f"{NBSP}punten")
    assert found.words in readings.finding


def test_the_dots_span_the_table_and_mark_the_headline() -> None:
    [readings] = on_time(invented()).readings
    dots = readings.rows[0].dots
    assert (min(x for x, _ in dots), max(x for x, _ in dots)) == (0.0, 100.0)
    assert sum(is_headline for _, is_headline in dots) == 1


def test_a_withheld_reading_is_said_to_be_so_and_does_not_count() -> None:
    marts = invented()
    is_due = pl.col("definition") == "on_time.due.exact"
    values = marts.tables["kpi_values"].with_columns(
        is_withheld=pl.col("is_withheld") | is_due,
        value=pl.when(~is_due).then("value"),
    )
    hidden = Marts(marts.manifest, {**marts.tables, "kpi_values": values})
    [readings] = on_time(hidden).readings
    words = [cell.words for cell in readings.rows[0].cells]
    assert words.count("afgeschermd") == 1
    assert len(readings.rows[0].dots) == len(words) - 1


def test_a_kpi_with_one_reading_has_no_table_but_its_definition() -> None:
    marts = invented()
    sections = definition_sections(marts, read_kpis(marts), TEXT)
    rework = next(section for section in sections if section.kpi == "rework")
    assert rework.readings == []
    assert [d["definition"] for d in rework.definitions] == ["rework.any_cases"]


def test_a_rounded_figure_says_so() -> None:
    marts = invented()
    is_exact = pl.col("definition") == "on_time.due.exact"
    values = marts.tables["kpi_values"].with_columns(is_rounded=is_exact)
    [readings] = on_time(Marts(marts.manifest, {**marts.tables, "kpi_values": values})).readings
    words = [cell.words for cell in readings.rows[0].cells]
    assert sum(word.startswith("ongeveer ") for word in words) == 1
