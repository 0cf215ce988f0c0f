"""When alerts are sent: after a run that failed or was blocked, and when nothing new comes.

What belongs here: Dagster's sensors. What does not: what an alert says, and bringing it
(`alerts.py`). Without a channel in the environment they only say so.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from pipelines.alert_settings import Channels, channels
from pipelines.alerts import Alert, blocked_alert, failed_alert, late_alert, send, stale_alert
from pipelines.configuration import load_municipality
from pipelines.errors import ConfigurationError
from pipelines.jobs import daily, front, reread, weekly
from pipelines.settings import Settings
from pipelines.standing import blocking_checks, standing

PUBLISHED = dg.AssetKey(["published", "site"])
OFF = "No alerts: neither HARTSLAG_ALERT_WEBHOOK nor HARTSLAG_ALERT_MAIL_TO is set."
EVERY_S = 600


def alert_sensors(settings: Settings) -> list[dg.SensorDefinition]:
    return [_halted_runs(settings), _nothing_new(settings)]


def _halted_runs(settings: Settings) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name="halted_runs",
        monitored_jobs=[front, daily, weekly, reread],
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=60,
        description="Sends an alert when a run failed, or when a check blocked its publication, by"
        " mail and webhook as the environment says (docs/checks.md).",
    )
    def halted_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
        to = channels()
        if not to.is_on:
            return dg.SkipReason(OFF)
        send(halted_alert(settings, context), to)
        return None

    return halted_runs


def halted_alert(settings: Settings, context: dg.RunFailureSensorContext) -> Alert:
    """What to say of the run of the context: which checks blocked it, or where it failed."""
    run = context.dagster_run.run_id
    at = datetime.now(UTC)
    checks = blocking_checks(context.instance, run)
    if checks:
        return blocked_alert(_name(settings), run, at, checks)
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    return failed_alert(_name(settings), run, at, steps)


def _nothing_new(settings: Settings) -> dg.SensorDefinition:
    @dg.sensor(
        name="nothing_new",
        minimum_interval_seconds=EVERY_S,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends an alert when the site is staler than the freshness policy allows, or"
        " when the data of a source are late; once each, until there is a new publication.",
    )
    def nothing_new(context: dg.SensorEvaluationContext) -> dg.SkipReason | dg.SensorResult:
        to = channels()
        if not to.is_on:
            return dg.SkipReason(OFF)
        told: dict[str, str] = json.loads(context.cursor or "{}")
        found = overdue(settings, context.instance, to, datetime.now(UTC))
        for alert in found:
            if told.get(alert.kind) != alert.since.isoformat():
                send(alert, to)
        cursor = json.dumps({alert.kind: alert.since.isoformat() for alert in found})
        return dg.SensorResult(cursor=cursor)

    return nothing_new


def overdue(
    settings: Settings, instance: dg.DagsterInstance, to: Channels, now: datetime
) -> list[Alert]:
    """An alert where Dagster holds the site to be stale, and one where its data are late."""
    if not (settings.published / "current").exists():
        return []
    stands, alerts = standing(settings.published), list[Alert]()
    record: Any = instance.get_freshness_state_records([PUBLISHED]).get(PUBLISHED)
    if record is not None and record.freshness_state.value == "FAIL":
        alerts.append(stale_alert(_name(settings), stands.made_at))
    until = stands.data_until
    if until is not None and now - until > timedelta(days=to.late_days):
        alerts.append(late_alert(_name(settings), until, to.late_days))
    return alerts


def _name(settings: Settings) -> str:
    """The municipality; the file may be what is wrong, and then its folder is named."""
    try:
        return load_municipality(settings.config_file).name
    except ConfigurationError:
        return settings.config_file.parent.name
