"""The processes of a server as `deploy/` starts them, by hand: the commands of compose.yaml."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
PROCESSES = ("code", "daemon", "webserver", "app")


@cache
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return content


def commands(values: Mapping[str, str]) -> dict[str, list[str]]:
    """The command of each process of Hartslag, with `${NAME}` filled in."""

    def filled(word: str) -> str:
        return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: values[found[1]], word)

    services = compose()["services"]
    return {name: [filled(word) for word in services[name]["command"]] for name in PROCESSES}


def free_ports(*usual: str) -> dict[str, str]:
    """A free port of 127.0.0.1 for each port that is written in the files."""
    taken = [socket.socket() for _ in usual]
    for one in taken:
        one.bind(("127.0.0.1", 0))
    found = {port: str(one.getsockname()[1]) for port, one in zip(usual, taken, strict=True)}
    for one in taken:
        one.close()
    return found


@contextmanager
def started(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with this environment alone, its programs those of this Python; ended at the end."""
    program = str(Path(sys.executable).parent / command[0])
    inherited = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    with log.open("wb") as file:
        process = subprocess.Popen(
            [str(DEPLOY / "with-password"), program, *command[1:]],
            env={**inherited, **environment},
            stdout=file,
            stderr=file,
            cwd=log.parent,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
