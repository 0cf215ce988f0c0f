"""Spark's own processes: a master with workers, or a server of Spark Connect."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from pipelines.engines.session import QUIET

LOOPBACK = "127.0.0.1"


@contextmanager
def process(
    log: Path, *command: str, host: str = LOOPBACK, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A daemon with all that it starts, told `more` by its environment; killed at the end."""
    environment = os.environ | more | {"SPARK_LOCAL_IP": host, "SPARK_NO_DAEMONIZE": "true"}
    with log.open("wb") as told:
        started = subprocess.Popen(
            command, stdout=told, stderr=told, env=environment, start_new_session=True
        )
        try:
            yield started
        finally:
            kill(started)


def kill(started: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, without a chance to say goodbye."""
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def script(name: str) -> str:
    """One of the scripts that come with Spark."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "bin" / name)


def spark_class(name: str) -> tuple[str, ...]:
    return script("spark-class"), f"org.apache.spark.deploy.{name}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(log: Path, words: str, times: int = 1) -> None:
    end = time.monotonic() + 180
    while log.read_text(errors="replace").count(words) < times:
        assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
        time.sleep(0.2)


@contextmanager
def cluster(
    folder: Path, host: str = LOOPBACK, **more: str
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a master, and its two workers, each with one core."""
    port, master_log = free_port(), folder / "master.log"
    address = f"spark://{host}:{port}"
    here = ("--host", host, "--webui-port", "0")
    part = partial(process, host=host, **more)
    with part(master_log, *spark_class("master.Master"), *here, "--port", str(port)):
        wait_for(master_log, "I have been elected leader")
        worker = (*spark_class("worker.Worker"), *here, "--cores", "1", "--memory", "1g")
        with (
            part(folder / "one.log", *worker, "-d", str(folder / "one"), address) as one,
            part(folder / "two.log", *worker, "-d", str(folder / "two"), address) as two,
        ):
            wait_for(master_log, "Registering worker", times=2)
            yield address, [one, two]


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """The address of a server of Spark Connect with two cores."""
    port, log = free_port(), folder / "server.log"
    settings = {
        "spark.connect.grpc.binding.address": LOOPBACK,
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.extraJavaOptions": QUIET,
        "spark.ui.enabled": "false",
    }
    told = [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    server = "org.apache.spark.sql.connect.service.SparkConnectServer"
    submit = (script("spark-submit"), "--master", "local[2]", "--driver-memory", "1g", *told)
    with process(log, *submit, "--class", server, "spark-internal"):
        wait_for_port(port, log)
        yield f"sc://{LOOPBACK}:{port}"


def wait_for_port(port: int, log: Path) -> None:
    end = time.monotonic() + 180
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, port)) == 0:
                return
        assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
        time.sleep(0.2)
