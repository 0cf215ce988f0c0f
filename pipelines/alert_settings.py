"""Where alerts go, and the secrets that they need; read from the environment, from here alone.

What belongs here: the variables, and refusing what would send alerts in the open. What does not:
what an alert says (`alerts.py`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.errors import ConfigurationError


@dataclass(frozen=True)
class Mail:
    """An SMTP server and who is written to; `is_local` servers alone may do without TLS."""

    host: str
    port: int
    sender: str
    recipients: tuple[str, ...]
    user: str | None
    password: str | None
    is_local: bool


@dataclass(frozen=True)
class Webhook:
    """An address that takes JSON, and the token that it asks for, if any."""

    url: str
    token: str | None


@dataclass(frozen=True)
class Channels:
    """Where alerts go; both None where alerts are off. `late_days` is the age of data, in days,
    above which they are late."""

    mail: Mail | None
    webhook: Webhook | None
    late_days: float

    @property
    def is_on(self) -> bool:
        return self.mail is not None or self.webhook is not None


def channels(environment: Mapping[str, str] = os.environ) -> Channels:
    """What is asked for. Raises ConfigurationError where that cannot be, or is unsafe."""
    days = environment.get("HARTSLAG_ALERT_DATA_DAYS") or "3"
    try:
        late_days = float(days)
    except ValueError:
        raise _wrong("HARTSLAG_ALERT_DATA_DAYS", "is no number", "write days, such as 3") from None
    return Channels(_mail(environment), _webhook(environment), late_days)


def _webhook(environment: Mapping[str, str]) -> Webhook | None:
    name = "HARTSLAG_ALERT_WEBHOOK"
    url = _secret(environment, name)
    if not url:
        return None
    parts = urlsplit(url)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and _is_loopback(parts.hostname or "")
    )
    if not is_safe or not parts.hostname:
        raise _wrong(name, "is no https address", "use https, or http on this machine alone")
    return Webhook(url, _secret(environment, f"{name}_TOKEN") or None)


def _mail(environment: Mapping[str, str]) -> Mail | None:
    recipients = tuple(
        name.strip()
        for name in environment.get("HARTSLAG_ALERT_MAIL_TO", "").split(",")
        if name.strip()
    )
    if not recipients:
        return None
    host = environment.get("HARTSLAG_SMTP_HOST", "")
    if not host:
        raise _wrong("HARTSLAG_SMTP_HOST", "is not set", "name the mail server")
    port = environment.get("HARTSLAG_SMTP_PORT") or "587"
    if not port.isdecimal():
        raise _wrong("HARTSLAG_SMTP_PORT", "is no port", "such as 587, or 465 for TLS at once")
    sender = environment.get("HARTSLAG_ALERT_MAIL_FROM") or recipients[0]
    if any("\n" in name or "\r" in name for name in (sender, *recipients)):
        raise _wrong("HARTSLAG_ALERT_MAIL_TO", "has a line break", "separate addresses by commas")
    return Mail(
        host,
        int(port),
        sender,
        recipients,
        environment.get("HARTSLAG_SMTP_USER") or None,
        _secret(environment, "HARTSLAG_SMTP_PASSWORD") or None,
        _is_loopback(host),
    )


def _secret(environment: Mapping[str, str], name: str) -> str:
    """The variable, or with _FILE behind its name the file that it names; empty without either."""
    file = environment.get(f"{name}_FILE")
    if not file:
        return environment.get(name, "").strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"names {file}, which cannot be read ({type(error).__name__})"
        raise _wrong(f"{name}_FILE", problem, "name a file that this user may read") from None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wrong(name: str, problem: str, mend: str) -> ConfigurationError:
    return ConfigurationError(f"{name} {problem}.\n  Mend: {mend}.")
