"""What Dagster sees: the assets, what they depend on, how they are watched, when they run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from pipelines.definitions import build_defs
from pipelines.sensors import watched_folders
from pipelines.settings import Settings
from tests.conftest import REPOSITORY, example_settings

SNAPSHOT = Path(__file__).with_name("asset_graph.json")


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    folder = tmp_path_factory.mktemp("home")
    return build_defs(Settings(config_file=folder / "municipality.yaml", home=folder))


def graph(definitions: dg.Definitions) -> dict[str, Any]:
    """Each asset with its group, the assets that it is made from, and its checks."""
    assets = definitions.resolve_asset_graph()
    return {
        key.to_user_string(): {
            "from": sorted(k.to_user_string() for k in assets.get(key).parent_keys),
            "checks": sorted(c.name for c in assets.get(key).check_keys),
        }
        for key in sorted(assets.materializable_asset_keys)
    }


def test_the_asset_graph_is_the_one_that_was_agreed(definitions: dg.Definitions) -> None:
    """HARTSLAG_RENEW=1 writes the snapshot anew; read its difference before committing it."""
    found = graph(definitions)
    if os.environ.get("HARTSLAG_RENEW"):
        SNAPSHOT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_asset_is_watched_and_in_a_group(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.freshness_policy is not None, spec.key
        assert spec.group_name == spec.key.path[0]


def test_every_table_shows_its_columns_and_meaning(definitions: dg.Definitions) -> None:
    for spec in definitions.resolve_all_asset_specs():
        if spec.group_name in ("core", "mart"):
            schema = spec.metadata["dagster/column_schema"]
            assert schema.columns, spec.key
            assert spec.description, spec.key


def test_every_step_shares_the_one_writer(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("daily")
    assert {node.definition.pool for node in job.nodes} == {"warehouse"}


def test_the_nightly_run_is_in_dutch_time_outside_the_hours_of_clock_change(
    definitions: dg.Definitions,
) -> None:
    for name, cron, job in (
        ("nightly", "30 5 * * 0-5", "daily"),
        ("saturday", "30 5 * * 6", "weekly"),
    ):
        schedule = definitions.resolve_schedule_def(name)
        assert schedule.execution_timezone == "Europe/Amsterdam"
        assert schedule.cron_schedule == cron
        assert schedule.job_name == job
        assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_every_job_reads_as_much_as_its_name_says(definitions: dg.Definitions) -> None:
    for name in ("front", "daily", "weekly"):
        config = definitions.resolve_job_def(name).run_config
        assert config["ops"]["raw_systems"] == {"config": {"cadence": name, "retries": 3}}
        assert config["ops"]["raw_files"] == {"config": {"retries": 3}}


def test_a_file_that_arrives_starts_one_run(tmp_path: Path) -> None:
    settings = example_settings(tmp_path)
    sensor = watched_folders(settings)

    def keys() -> set[str | None]:
        with dg.build_sensor_context() as context:
            return {run.run_key for run in sensor.evaluate_tick(context).run_requests or ()}

    first = keys()
    assert keys() == first
    (tmp_path / "permits.csv").write_text("case,activity\n", encoding="utf-8")
    assert keys().isdisjoint(first)
    (tmp_path / "permits.csv").unlink()
    assert keys() == set()


def test_nothing_is_told_to_others() -> None:
    shipped = yaml.safe_load((REPOSITORY / "pipelines" / "dagster.yaml").read_text("utf-8"))
    assert shipped["telemetry"] == {"enabled": False}
    assert shipped["nux"] == {"enabled": False}
    assert shipped["concurrency"]["pools"]["default_limit"] == 1
