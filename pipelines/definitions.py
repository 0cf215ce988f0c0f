"""Dagster's way in: `defs` for `dagster dev` and `dagster job execute`, `build_defs` for tests."""

from __future__ import annotations

import dagster as dg

from pipelines.alert_sensors import alert_sensors
from pipelines.assets import all_assets
from pipelines.freshness import watched
from pipelines.jobs import daily, front, reread, weekly
from pipelines.resources import Workspace
from pipelines.schedules import nightly, saturday
from pipelines.sensors import watched_folders
from pipelines.settings import Settings


def build_defs(settings: Settings) -> dg.Definitions:
    """Everything that Dagster knows of one municipality."""
    return dg.Definitions(
        assets=watched(all_assets()),
        jobs=[front, daily, weekly, reread],
        schedules=[nightly, saturday],
        sensors=[watched_folders(settings), *alert_sensors(settings)],
        resources={
            "workspace": Workspace(config_file=str(settings.config_file), home=str(settings.home))
        },
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The municipality that HARTSLAG_CONFIG and HARTSLAG_HOME name."""
    return build_defs(Settings.resolve())
