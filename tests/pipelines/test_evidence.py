"""Registers as people write them: judged where something is there to judge, and never a crash."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.configuration import load_municipality
from pipelines.evidence import bodies_of, competing, judged
from pipelines.evidence_tables import evidence_tables
from pipelines.municipality import Improvement, Municipality
from pipelines.settings import Settings
from transforms.models import load_models

MODELS = load_models()
MEDIAN = "lead_time.km.median"


def improvement(definition: str = MEDIAN, **more: Any) -> Improvement:
    wish = {"definition": definition, "change": -10, "unit": "percent"}
    usual = {"id": "one", "journey": "permits", "name": "Eén", "went_live_on": date(2025, 3, 1)}
    return Improvement.model_validate(usual | {"expected": [wish]} | more)


def asked(settings: Settings, *improvements: Improvement) -> Municipality:
    known = load_municipality(settings.config_file)
    return known.model_copy(update={"improvements": improvements})


def verdicts(settings: Settings, *improvements: Improvement) -> list[tuple[str, str]]:
    with duckdb.connect(settings.warehouse_file, read_only=True) as connection:
        found = judged(connection, asked(settings, *improvements), MODELS)
    evidence_tables(found, {}, 5)
    return [(each.verdict.verdict, each.verdict.reason) for each in found]


def test_what_goes_live_after_the_data_is_not_yet(example_run: Settings) -> None:
    ahead = improvement(went_live_on=date(2030, 1, 1))
    assert verdicts(example_run, ahead) == [("not_yet", "cohorts_mature")]


def test_what_went_live_before_the_data_is_no_proof(example_run: Settings) -> None:
    early = improvement(went_live_on=date(2001, 1, 1))
    assert verdicts(example_run, early) == [("no_proof", "short_baseline")]


@pytest.mark.parametrize(
    "definition", ["first_contact.process.7d", "callbacks.kept.due", "workload.opened", MEDIAN]
)
def test_what_is_not_there_is_not_judged(example_run: Settings, definition: str) -> None:
    found = verdicts(example_run, improvement(definition))
    assert len(found) == (definition == MEDIAN)


@pytest.mark.parametrize("channel", ["desk", "no such channel", None])
def test_a_comparison_group_may_be_small_or_empty(
    example_run: Settings, channel: str | None
) -> None:
    group = {"journey": "permits", "channel": channel}
    [(verdict, _)] = verdicts(example_run, improvement(comparison=group))
    assert verdict in ("no_proof", "not_yet")


def test_numbers_of_small_sides_are_withheld(example_run: Settings) -> None:
    with duckdb.connect(example_run.warehouse_file, read_only=True) as connection:
        found = judged(connection, asked(example_run, improvement()), MODELS)
    tables = evidence_tables(found, {}, 100_000)
    row = tables["improvement_evidence"].row(0, named=True)
    assert {row[name] for name in ("effect", "items_before", "naive_before")} == {None}
    assert tables["evidence_points"].is_empty()
    assert tables["evidence_analyses"].is_empty()


def test_competing_definitions_are_of_the_same_sort_and_never_of_persons() -> None:
    bodies = bodies_of(MODELS)
    found = competing(bodies, "handoffs.team.per_known_case")
    assert "handoffs.team.per_case" in found
    assert not [name for name in found if "person" in name]
    assert "lead_time.closed.median" in competing(bodies, MEDIAN)
