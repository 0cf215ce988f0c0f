"""When jobs run; always in Dutch time, and never in the hour that a clock change skips."""

import dagster as dg

from pipelines.jobs import daily

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=daily,
    cron_schedule="30 5 * * *",
    execution_timezone="Europe/Amsterdam",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at half past five, before the working day.",
)
