"""The jobs: what runs together."""

import dagster as dg

daily = dg.define_asset_job(
    "daily",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Read the sources, rebuild every table, check it, publish.",
)
