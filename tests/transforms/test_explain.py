"""What is behind a figure adds up to the figure."""

from __future__ import annotations

import pytest

from tests.transforms.sql_bench import Bench, models
from transforms.definitions import definitions_of
from transforms.explain import POPULATIONS, Slice, UnexplainedError, explained

BODIES = {name: body for model in models().values() for name, body in definitions_of(model)}


def test_the_steps_go_from_the_slice_to_what_the_figure_counts() -> None:
    cases = [{}, {"case_id": "b", "closed_at": "2025-04-01 09:00+02"}]
    bench = Bench([{}, {"case_id": "b"}], cases)
    bench.build("mart.kpi_values")
    found = explained(bench.connection, BODIES["workload.closed"], Slice("permits"))
    assert [(step.en, step.rows) for step in found.steps] == [
        ("all in this selection", 2),
        ("with an end", 1),
    ]
    assert [row[0] for row in found.examples] == ["b"]
    assert found.columns == ("case_id", "opened_at", "closed_at")


def test_no_more_than_ten_rows_are_shown() -> None:
    names = [f"{n:02}" for n in range(12)]
    bench = Bench([{"case_id": n} for n in names], [{"case_id": n} for n in names])
    bench.build("mart.kpi_values")
    found = explained(bench.connection, BODIES["workload.opened"], Slice("permits"))
    assert (found.steps[-1].rows, len(found.examples)) == (12, 10)


def test_a_definition_without_rows_is_not_explained() -> None:
    bench = Bench()
    with pytest.raises(UnexplainedError, match="no `rows:`"):
        explained(bench.connection, {}, Slice("permits"))


def test_every_definition_says_where_its_rows_are() -> None:
    assert [name for name, body in BODIES.items() if "rows" not in body] == []
    assert {body.get("counts", "cases") for body in BODIES.values()} <= set(POPULATIONS)
