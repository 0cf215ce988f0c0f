"""When jobs run; always in Dutch time, and never in the hour that a clock change skips."""

import dagster as dg

from pipelines.jobs import daily, weekly

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=daily,
    cron_schedule="30 5 * * 0-5",
    execution_timezone="Europe/Amsterdam",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night but Saturday's at half past five, before the working day.",
)
saturday = dg.ScheduleDefinition(
    name="saturday",
    job=weekly,
    cron_schedule="30 5 * * 6",
    execution_timezone="Europe/Amsterdam",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="On Saturday at half past five: everything anew, which takes longer.",
)
