"""A blocking check that fails stops everything after it; a warning stops nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import dagster as dg
import pytest

from pipelines import assets
from pipelines.definitions import build_defs
from pipelines.reading import current_run
from pipelines.runs import Outcome
from pipelines.settings import Settings
from tests.conftest import Query, run_quickly
from transforms.models import ModelTest, load_models


def run_with_a_failing_test(
    settings: Settings,
    table: str,
    severity: Literal["error", "warning"],
    patch: pytest.MonkeyPatch,
) -> Outcome:
    """A run in which `table` has one more test, that always finds a row."""
    models = load_models()
    failing = ModelTest("finds_a_row", "select 1 as one", severity)
    models[table] = replace(models[table], tests=(*models[table].tests, failing))
    patch.setattr(assets, "load_models", lambda: models)
    return run_quickly(settings)


@pytest.mark.parametrize("table", ["core.cases", "mart.kpi_values"])
def test_a_failed_check_publishes_nothing_and_is_named(
    table: str, published_example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_run(published_example)
    outcome = run_with_a_failing_test(published_example, table, "error", monkeypatch)
    assert not outcome.ok
    assert outcome.blocked == (f"{table}: finds_a_row",)
    assert outcome.errors == ()
    assert current_run(published_example) == before


def test_nothing_is_built_on_a_table_that_failed(
    published_example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Query(published_example)
    ask("insert into mart.journeys (journey) values ('from before') returning 1")
    run_with_a_failing_test(published_example, "core.cases", "error", monkeypatch)
    assert ask.one("select count(*) from mart.journeys where journey = 'from before'") == 1


def test_publishing_alone_looks_at_the_checks_too(
    published_example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_run(published_example)
    run_with_a_failing_test(published_example, "mart.kpi_values", "error", monkeypatch)
    job = build_defs(published_example).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        alone = job.execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(["published", "site"])],
            raise_on_error=False,
        )
        failures = [e.step_failure_data.error for e in alone.get_step_failure_events()]
    assert not alone.success
    assert "mart.kpi_values: finds_a_row" in str(failures[0])
    assert current_run(published_example) == before


def test_a_warning_lets_the_run_pass(
    published_example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_run(published_example)
    outcome = run_with_a_failing_test(published_example, "core.cases", "warning", monkeypatch)
    assert outcome.ok
    assert current_run(published_example) != before
