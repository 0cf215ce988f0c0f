"""The jobs: what runs together."""

from typing import Any

import dagster as dg

from pipelines.connectors.kinds import connector_of
from pipelines.connectors.reading import Reading
from pipelines.keeping import keep_removed
from pipelines.key_renewal import hold_to_key
from pipelines.pull import pull
from pipelines.raw_assets import MOST_RETRIES, POOL, Patience, retried, told
from pipelines.resources import Workspace
from pipelines.settings import pseudonym_key
from pipelines.sources import ApiSource
from pipelines.standing import say_that_nothing_was_published

FIRST_MONTH = "2015-01-01"


def reading_config(cadence: str, retries: int) -> dict[str, Any]:
    """How much the steps that read sources read, and how often they begin again."""
    files, systems = {"retries": retries}, {"cadence": cadence, "retries": retries}
    return {"ops": {"raw_files": {"config": files}, "raw_systems": {"config": systems}}}


def _everything(name: str, cadence: str, description: str) -> Any:
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        config=reading_config(cadence, MOST_RETRIES),
        description=description,
        hooks={say_that_nothing_was_published},
    )


_THEN = (
    " Rebuild every table, check the data and publish. A check that blocks publishes nothing: what"
    " was published before stands, and says so."
)
front = _everything("front", "front", f"Read what is new.{_THEN}")
daily = _everything(
    "daily", "daily", f"Read the sources: what is new and what can still change.{_THEN}"
)
weekly = _everything(
    "weekly",
    "weekly",
    f"Read the sources whole, so that what is gone there is gone here.{_THEN}",
)


@dg.op(pool=POOL)
def reread_cases(context: dg.OpExecutionContext, config: Patience, workspace: Workspace) -> None:
    """The cases that began in the month of the partition, with all that belongs to them."""
    window = context.partition_time_window
    period = (window.start.date(), window.end.date())
    municipality, key = workspace.municipality(), pseudonym_key()
    with retried(context, config), workspace.warehouse() as connection:
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
