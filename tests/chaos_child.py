"""Runs to be disturbed, each in a process of its own that begins with everything imported.

Reads a line of JSON per run and answers with one: `config` and `home`; `cpu_s`, the processor time
after which it is killed; `limits`, bytes by the name of a limit, `RLIMIT_AS` above what the process
has at its beginning. This process starts no thread of Polars or DuckDB, since those do not survive
the fork.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import transforms.mining
from pipelines.settings import Settings
from tests.chain import run_chain
from transforms.models import load_models

PATIENCE_S = 600
TICK_S = 0.002
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()


def warm_up() -> None:
    """Import what a run would import, and read the models."""
    for module in pkgutil.iter_modules(transforms.mining.__path__):
        importlib.import_module(f"transforms.mining.{module.name}")
    for name in ("dashboards.site", "holidays", "pm4py", "pygraphviz", "dlt"):
        importlib.import_module(name)
    for model in load_models().values():
        assert model.reads is not None


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def begin(asked: dict[str, Any]) -> int:
    """Fork a run; a child never returns."""
    pid = os.fork()
    if pid:
        return pid
    try:
        own = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * _PAGE
        for name, size in asked.get("limits", {}).items():
            most = size + own if name == "RLIMIT_AS" else size
            resource.setrlimit(getattr(resource, name), (most, resource.RLIM_INFINITY))
        run_chain(Settings(config_file=Path(asked["config"]), home=Path(asked["home"])))
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        os._exit(1)
    os._exit(0)


def run(asked: dict[str, Any]) -> dict[str, Any]:
    pid, began, was_killed = begin(asked), time.monotonic(), False
    while True:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            break
        is_time = asked.get("cpu_s") is not None and cpu_s(pid) >= asked["cpu_s"]
        if is_time or time.monotonic() - began > PATIENCE_S:
            os.kill(pid, signal.SIGKILL)
            was_killed = is_time
            _, status, used = os.wait4(pid, 0)
            break
        time.sleep(TICK_S)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "was_killed": was_killed,
        "cpu_s": used.ru_utime + used.ru_stime,
    }


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # pm4py prints when it is imported
    warm_up()
    for line in sys.stdin:
        answers.write(json.dumps(run(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
