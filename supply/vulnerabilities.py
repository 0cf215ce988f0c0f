"""Whether a known weakness is in what the lock names; only where a service that knows can be asked.

pip-audit says "No known vulnerabilities found" also where the service knows no package at all, as a
mirror of the package index does not. So it is first asked about a release that is known to be weak.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from supply.licences import ROOT

KNOWN_WEAK = "jinja2==3.1.2"
SERVICES = ("pypi", "osv")
Ask = Callable[[str, Path], dict[str, Any] | None]
_PATIENCE_S = 600


def pip_audit(service: str, requirements: Path) -> dict[str, Any] | None:
    """What pip-audit answers; None where it could not ask."""
    words = ["-r", str(requirements), "--no-deps", "--disable-pip", "-f", "json", "-s", service]
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", "10", *words],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
    )
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        return None
    return answer


def weak(answer: dict[str, Any]) -> list[str]:
    """Each known weakness of an answer, in words."""
    return [
        f"{one['name']} {one['version']}: {found['id']}, mended in"
        f" {', '.join(found['fix_versions']) or 'no version yet'}"
        for one in answer["dependencies"]
        for found in one.get("vulns", [])
    ]


def unknown(answer: dict[str, Any]) -> list[str]:
    """What the service could not judge, in words."""
    found = [one for one in answer["dependencies"] if "skip_reason" in one]
    return [f"{one['name']}: {one['skip_reason']}" for one in found]


def service_that_knows(ask: Ask = pip_audit) -> str | None:
    """The first service that calls the known weak release weak; None where none does."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(f"{KNOWN_WEAK}\n", encoding="utf-8")
        for service in SERVICES:
            answer = ask(service, file)
            if answer and weak(answer):
                return service
    return None


def audited(ask: Ask = pip_audit, lock: Path = ROOT / "requirements.lock") -> list[str] | None:
    """What is weak or could not be judged in the lock; None where no service can be asked."""
    service = service_that_knows(ask)
    answer = ask(service, lock) if service else None
    return None if answer is None else weak(answer) + unknown(answer)
