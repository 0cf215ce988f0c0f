"""Alerts: what they say, where they go, and that nobody but this machine is asked without TLS."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from typer.testing import CliRunner

from pipelines.alert_sensors import PUBLISHED, alert_sensors, halted_alert, overdue
from pipelines.alert_settings import Channels, channels
from pipelines.alerts import AlertError, blocked_alert, failed_alert, late_alert, send
from pipelines.cli import app
from pipelines.definitions import build_defs
from pipelines.errors import ConfigurationError
from pipelines.runs import QUIET
from pipelines.settings import Settings
from pipelines.standing import standing
from tests.conftest import example_settings
from tests.pipelines.receivers import mail_server, web_server
from tests.pipelines.soiled import SOILED, town_hall

AT = datetime(2026, 11, 27, 5, 41, tzinfo=UTC)
BLOCKED = blocked_alert(
    "Testdorp", "a-run", AT, ["core.callbacks: orphans", "core.cases: not_null"]
)


def test_an_alert_says_what_since_when_and_what_to_do() -> None:
    said = BLOCKED.text
    assert "Rows belong to a case or a contact that the source did not give. (orphans)" in said
    assert "Tests of tables: core.cases: not_null." in said
    assert "Since: 2026-11-27T06:41+01:00" in said
    assert "run the job `weekly`" in said
    assert "docs/checks.md" in said


def test_mail_and_webhook_bring_the_same_words() -> None:
    with mail_server() as mails, web_server() as web:
        to = channels(
            {
                "HARTSLAG_ALERT_MAIL_TO": "beheer@testdorp.example, data@testdorp.example",
                "HARTSLAG_SMTP_HOST": "127.0.0.1",
                "HARTSLAG_SMTP_PORT": str(mails.port),
                "HARTSLAG_ALERT_WEBHOOK": f"http://127.0.0.1:{web.port}/hook",
                "HARTSLAG_ALERT_WEBHOOK_TOKEN": "a token",
            }
        )
        assert send(BLOCKED, to) == ("mail", "webhook")
    [mail], [post] = mails.mails, web.posts
    assert mail["Subject"] == "Hartslag Testdorp: a check blocked publication"
    assert mail["To"] == "beheer@testdorp.example, data@testdorp.example"
    assert mail.get_content().splitlines() == BLOCKED.text.splitlines()
    assert post["text"] == BLOCKED.text
    assert post["kind"] == "blocked"
    assert post["checks"] == ["core.callbacks: orphans", "core.cases: not_null"]
    assert web.tokens == ["Bearer a token"]


def test_a_server_that_is_away_is_asked_again_and_then_named() -> None:
    pauses: list[float] = []
    with web_server() as web:
        to = channels({"HARTSLAG_ALERT_WEBHOOK": f"http://127.0.0.1:{web.port}/secret"})
        web.answers = [503, 503]
        send(BLOCKED, to, pauses.append)
        assert len(web.posts) == 3
        web.answers = [503, 302, 404]
        with pytest.raises(AlertError, match=r"did not reach webhook \(HTTPError\)") as raised:
            send(BLOCKED, to, pauses.append)
    assert pauses == [1.0, 2.0, 1.0, 2.0]
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"HARTSLAG_ALERT_WEBHOOK": "http://chat.example/hook"}, "is no https address"),
        ({"HARTSLAG_ALERT_WEBHOOK": "http://127.0.0.1.example/"}, "is no https address"),
        ({"HARTSLAG_ALERT_WEBHOOK": "https:///hook"}, "is no https address"),
        ({"HARTSLAG_ALERT_WEBHOOK_FILE": "/nowhere/at/all"}, "cannot be read"),
        ({"HARTSLAG_ALERT_MAIL_TO": "a@b.example"}, "HARTSLAG_SMTP_HOST is not set"),
        (
            {
                "HARTSLAG_ALERT_MAIL_TO": "a@b.example",
                "HARTSLAG_SMTP_HOST": "mail.example",
                "HARTSLAG_SMTP_PORT": "smtp",
            },
            "is no port",
        ),
        ({"HARTSLAG_ALERT_DATA_DAYS": "three"}, "is no number"),
    ],
)
def test_what_cannot_be_or_is_unsafe_is_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        channels(environment)


def test_without_a_channel_alerts_are_off() -> None:
    assert not channels({}).is_on


def test_mail_leaves_this_machine_under_tls_alone() -> None:
    to = channels({"HARTSLAG_ALERT_MAIL_TO": "a@b.example", "HARTSLAG_SMTP_HOST": "mail.example"})
    assert to.mail is not None
    assert not to.mail.is_local


def failed_run(settings: Settings, instance: dg.DagsterInstance) -> dg.RunFailureSensorContext:
    job = build_defs(settings).resolve_job_def("daily")
    result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=QUIET)
    assert not result.success
    return dg.build_run_status_sensor_context(
        sensor_name="halted_runs",
        dagster_instance=instance,
        dagster_run=result.dagster_run,
        dagster_event=result.get_run_failure_event(),
    ).for_run_failure()


def test_a_blocked_run_and_a_failed_run_are_told_apart_and_no_data_is_told(tmp_path: Path) -> None:
    town, check = town_hall(), "core.callbacks: ends_before_starts"
    SOILED[check](town)
    settings = town.write(tmp_path)
    with dg.DagsterInstance.ephemeral() as instance:
        blocked = halted_alert(settings, failed_run(settings, instance))
        (tmp_path / "events.csv").write_text("burger Z2\nx\n", encoding="utf-8")
        failed = halted_alert(settings, failed_run(settings, instance))
    assert (blocked.kind, blocked.checks) == ("blocked", (check,))
    assert (failed.kind, failed.checks) == ("failed", ())
    assert "raw_files" in failed.what
    for alert in (blocked, failed):
        told = json.dumps(alert.record)
        assert alert.municipality == "Testdorp"
        assert "burger" not in told
        assert "Z2" not in told


def states(instance: dg.DagsterInstance, state: str, patch: pytest.MonkeyPatch) -> None:
    """As the freshness daemon leaves them."""
    record = SimpleNamespace(freshness_state=SimpleNamespace(value=state))
    patch.setattr(instance, "get_freshness_state_records", lambda keys: {PUBLISHED: record})


def test_a_stale_site_and_late_data_are_told_once(
    published_example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = standing(published_example.published)
    assert stands.data_until is not None
    days = (datetime.now(UTC) - stands.data_until).total_seconds() / 86_400
    late = {"HARTSLAG_ALERT_DATA_DAYS": str(days - 1)}
    sensor = next(s for s in alert_sensors(published_example) if s.name == "nothing_new")
    with web_server() as web, dg.DagsterInstance.ephemeral() as instance:
        hook = f"http://127.0.0.1:{web.port}/hook"
        for name, value in {"HARTSLAG_ALERT_WEBHOOK": hook, **late}.items():
            monkeypatch.setenv(name, value)
        cursor = None
        for state, told in (("FAIL", 2), ("FAIL", 0), ("PASS", 0), ("FAIL", 1)):
            states(instance, state, monkeypatch)
            web.posts.clear()
            with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
                cursor = sensor.evaluate_tick(context).cursor
            assert len(web.posts) == told, state
        assert [post["kind"] for post in web.posts] == ["stale"]


def test_nothing_is_overdue_where_all_is_in_time(
    published_example: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands = standing(published_example.published)
    assert stands.data_until is not None
    with dg.DagsterInstance.ephemeral() as instance:
        soon = stands.data_until + timedelta(days=2)
        assert overdue(published_example, instance, Channels(None, None, 3), soon) == []


def test_the_command_sends_a_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = str(example_settings(tmp_path).config_file)
    off = CliRunner().invoke(app, ["alert", "--config", config])
    assert off.exit_code == 1
    with web_server() as web:
        monkeypatch.setenv("HARTSLAG_ALERT_WEBHOOK", f"http://127.0.0.1:{web.port}/hook")
        assert CliRunner().invoke(app, ["alert", "--config", config]).exit_code == 0
    assert [post["kind"] for post in web.posts] == ["trial"]


def test_off_is_said_by_the_sensor(tmp_path: Path) -> None:
    sensor = next(s for s in alert_sensors(example_settings(tmp_path)) if s.name == "nothing_new")
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance) as context:
        assert "No alerts" in str(sensor.evaluate_tick(context).skip_message)


@pytest.mark.parametrize("alert", [failed_alert("T", "r", AT, []), late_alert("T", AT, 3)])
def test_every_alert_names_a_page_of_the_documentation(alert: Any) -> None:
    assert alert.read.startswith("docs/")
    assert alert.mend
