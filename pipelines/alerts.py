"""Alerts: what they say, and bringing them to mail and webhook.

What belongs here: the words of an alert and its delivery. What does not: when there is one
(`alert_sensors.py`), and where it goes (`alert_settings.py`). No alert holds data: it names checks,
steps and moments; what a check found is in Dagster, behind its own door.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Literal
from zoneinfo import ZoneInfo

import requests

from pipelines.alert_settings import Channels, Mail, Webhook
from pipelines.errors import PlainError
from transforms.data_checks import load_data_checks

Kind = Literal["blocked", "failed", "stale", "late", "trial"]
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TRIES, FIRST_PAUSE_S, TIMEOUT_S = 3, 1.0, 15.0


class AlertError(PlainError):
    """An alert that could not be brought."""


@dataclass(frozen=True)
class Alert:
    """What happened, since when (an aware instant), and what to do about it."""

    kind: Kind
    municipality: str
    title: str
    what: str
    since: datetime
    mend: str
    read: str
    run: str | None = None
    checks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = [
            f"{self.municipality}: {self.title}",
            "",
            f"What: {self.what}",
            f"Since: {_stamp(self.since)}",
            f"Do: {self.mend}",
            f"Read: {self.read}",
        ]
        return "\n".join([*lines, f"Run: {self.run}"] if self.run else lines)

    @property
    def record(self) -> dict[str, Any]:
        """For programs; `text` is the key that chat programs show."""
        return {
            "product": "hartslag",
            "kind": self.kind,
            "municipality": self.municipality,
            "title": self.title,
            "what": self.what,
            "since": _stamp(self.since),
            "mend": self.mend,
            "read": self.read,
            "run": self.run,
            "checks": list(self.checks),
            "text": self.text,
        }


def blocked_alert(municipality: str, run: str, at: datetime, checks: Sequence[str]) -> Alert:
    """For a run that checks kept from publication."""
    known = {check.name: check for check in load_data_checks()}
    found = [known[name] for name in (check.split(": ")[-1] for check in checks) if name in known]
    what = " ".join(f"{check.meaning} ({check.name})" for check in found)
    rest = [check for check in checks if check.split(": ")[-1] not in known]
    return Alert(
        "blocked",
        municipality,
        "a check blocked publication",
        " ".join(filter(None, (what, f"Tests of tables: {', '.join(rest)}." if rest else ""))),
        at,
        " ".join([*(check.mend for check in found), "What stands published still stands."]),
        "docs/checks.md",
        run,
        tuple(checks),
    )


def failed_alert(municipality: str, run: str, at: datetime, steps: Sequence[str]) -> Alert:
    """For a run that did not come to its end."""
    return Alert(
        "failed",
        municipality,
        "a run failed",
        f"The run stopped in {', '.join(steps) or 'its start'}; it published nothing.",
        at,
        "Open the run in Dagster and read the last error: it says how to mend it. What was"
        " published before still stands.",
        "docs/operations.md",
        run,
    )


def stale_alert(municipality: str, made_at: datetime) -> Alert:
    """For a publication that should have been followed by another by now."""
    return Alert(
        "stale",
        municipality,
        "there is no new publication",
        "The latest publication is older than the freshness policy allows.",
        made_at,
        "Look in Dagster whether the schedules are on, whether a run waits or was stopped, and"
        " whether the last one was blocked.",
        "docs/operations.md",
    )


def late_alert(municipality: str, data_until: datetime, days: float) -> Alert:
    """For a publication that is made in time, of data that are not."""
    return Alert(
        "late",
        municipality,
        "the data are late",
        f"A source has given nothing for more than {days:g} days (HARTSLAG_ALERT_DATA_DAYS).",
        data_until,
        "Look which source lags on the page on data quality, and ask its administrator for the"
        " extract or the right to read; raise `complete_until` where it is configured.",
        "docs/operations.md",
    )


def trial_alert(municipality: str, at: datetime) -> Alert:
    """For trying the channels."""
    return Alert(
        "trial",
        municipality,
        "this is a trial",
        "Somebody tried whether alerts arrive.",
        at,
        "Nothing.",
        "docs/checks.md",
    )


def send(
    alert: Alert, to: Channels, pause: Callable[[float], None] = time.sleep
) -> tuple[str, ...]:
    """Bring an alert to every channel that is on; returns their names.

    Each is tried three times, whatever became of the other. Raises AlertError naming those that
    stayed shut.
    """
    deliveries: dict[str, Callable[[], None]] = {}
    if mail := to.mail:
        deliveries["mail"] = lambda: _mail(alert, mail)
    if webhook := to.webhook:
        deliveries["webhook"] = lambda: _post(alert, webhook)
    faults = {name: _tried(deliver, pause) for name, deliver in deliveries.items()}
    if shut := [f"{name} ({fault})" for name, fault in faults.items() if fault]:
        raise AlertError(
            f"The alert {alert.title!r} did not reach {', '.join(shut)}.\n"
            "  Mend: look at the HARTSLAG_ALERT_ and HARTSLAG_SMTP_ variables; docs/checks.md."
        )
    return tuple(deliveries)


def _tried(deliver: Callable[[], None], pause: Callable[[float], None]) -> str | None:
    """None once it is brought, else the kind of the last error: its words may hold an address."""
    fault = None
    for attempt in range(TRIES):
        if attempt:
            pause(FIRST_PAUSE_S * 2 ** (attempt - 1))
        try:
            deliver()
        except (OSError, smtplib.SMTPException, requests.RequestException) as error:
            fault = type(error).__name__
        else:
            return None
    return fault


def _post(alert: Alert, to: Webhook) -> None:
    headers = {"Authorization": f"Bearer {to.token}"} if to.token else {}
    answer = requests.post(
        to.url, json=alert.record, headers=headers, timeout=TIMEOUT_S, allow_redirects=False
    )
    if answer.status_code // 100 != 2:
        raise requests.HTTPError(f"{answer.status_code}")


def _mail(alert: Alert, to: Mail) -> None:
    message = EmailMessage()
    message["Subject"] = f"Hartslag {alert.municipality}: {alert.title}".replace("\n", " ")
    message["From"] = to.sender
    message["To"] = ", ".join(to.recipients)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(alert.text)
    with _server(to) as server:
        if to.user and to.password:
            server.login(to.user, to.password)
        server.send_message(message)


def _server(to: Mail) -> smtplib.SMTP:
    """A connection under TLS, but to this machine itself."""
    if to.port == smtplib.SMTP_SSL_PORT:
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT_S, context=secure)
    server = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT_S)
    if not to.is_local:
        server.starttls(context=ssl.create_default_context())
    return server


def _stamp(at: datetime) -> str:
    return at.astimezone(_AMSTERDAM).isoformat(timespec="minutes")
