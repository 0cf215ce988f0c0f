"""When jobs run; always in Dutch time, and never in the hour that a clock change skips."""

import dagster as dg

from pipelines.jobs import daily, weekly

nightly = dg.ScheduleDefinition(
    name="nightly",
    job=daily,
    cron_schedule="30 5 * * 0-5",
    execution_timezone="Europe/Amsterdam",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night but Saturday's at half past five, Dutch time, before the working day:"
    " the job `daily` reads what is new and what can still change, rebuilds every table, checks the"
    " data and publishes.",
)
saturday = dg.ScheduleDefinition(
    name="saturday",
    job=weekly,
    cron_schedule="30 5 * * 6",
    execution_timezone="Europe/Amsterdam",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="On Saturday at half past five, Dutch time: the job `weekly` reads every source"
    " whole, which takes longer, so that what was removed there is removed here; then as `daily`.",
)
