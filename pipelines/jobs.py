"""The jobs: what runs together."""

from typing import Any

import dagster as dg

from pipelines.connectors.kinds import connector_of
from pipelines.connectors.reading import Reading
from pipelines.keeping import keep_removed
from pipelines.key_renewal import hold_to_key
from pipelines.pull import pull
from pipelines.raw_assets import POOL, told
from pipelines.resources import Workspace
from pipelines.settings import pseudonym_key
from pipelines.sources import ApiSource

FIRST_MONTH = "2015-01-01"


def _everything(name: str, cadence: str, description: str) -> Any:
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        config={"ops": {"raw_systems": {"config": {"cadence": cadence}}}},
        description=description,
    )


front = _everything("front", "front", "Read what is new, rebuild every table, check it, publish.")
daily = _everything(
    "daily",
    "daily",
    "Read the sources: what is new and what can still change. Rebuild every table, check it,"
    " publish.",
)
weekly = _everything(
    "weekly",
    "weekly",
    "Read the sources whole, so that what is gone there is gone here. Rebuild, check, publish.",
)


@dg.op(pool=POOL)
def reread_cases(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    """The cases that began in the month of the partition, with all that belongs to them."""
    window = context.partition_time_window
    period = (window.start.date(), window.end.date())
    municipality, key = workspace.municipality(), pseudonym_key()
    with workspace.warehouse() as connection:
        hold_to_key(connection, key)
        for source in municipality.sources:
            if isinstance(source, ApiSource) and connector_of(source).reads_periods:
                reading = Reading(period=period)
                context.log.info(told(pull(connection, source, municipality, key, reading)))
    keep_removed(workspace.settings, municipality, key)


@dg.job(
    partitions_def=dg.MonthlyPartitionsDefinition(FIRST_MONTH, timezone="Europe/Amsterdam"),
    executor_def=dg.in_process_executor,
    description="Read the cases of whole months again; choose a range and launch a backfill. The"
    " next daily run rebuilds and publishes.",
)
def reread() -> None:
    reread_cases()
