"""On a cluster of a master and two workers every model is made, also when one worker dies midway."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from pipelines.engines.exchange import lend, sources_of
from pipelines.engines.spark import has_java
from pipelines.warehouse import read
from tests.conftest import REPOSITORY
from tests.engines.comparing import differences
from tests.engines.logs import small_town
from transforms.models import load_models

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(not has_java(), reason="Spark needs Java, which is not on this machine"),
]
MODELS = load_models()
KILLED_AFTER = 40
"""Models that are made when the worker dies."""


@contextmanager
def process(log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A part of the cluster, with all that it starts; killed at the end."""
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "true"}
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


def spark_class(name: str) -> tuple[str, ...]:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return (
        str(Path(found.origin).parent / "bin" / "spark-class"),
        f"org.apache.spark.deploy.{name}",
    )


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
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a master, and its two workers, each with one core."""
    port, master_log = free_port(), folder / "master.log"
    address = f"spark://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--webui-port", "0")
    with process(master_log, *spark_class("master.Master"), *here, "--port", str(port)):
        wait_for(master_log, "I have been elected leader")
        worker = (*spark_class("worker.Worker"), *here, "--cores", "1", "--memory", "1g")
        with (
            process(folder / "one.log", *worker, "-d", str(folder / "one"), address) as one,
            process(folder / "two.log", *worker, "-d", str(folder / "two"), address) as two,
        ):
            wait_for(master_log, "Registering worker", times=2)
            yield address, [one, two]


def test_a_worker_that_dies_midway_changes_nothing(tmp_path: Path) -> None:
    warehouse, folder, made = small_town(tmp_path / "town"), tmp_path / "spark", []
    with duckdb.connect(warehouse) as connection:
        connection.execute("set TimeZone = 'UTC'")
        lend(connection, sources_of(MODELS.values()), folder)
        with cluster(tmp_path) as (address, workers):
            builder = (sys.executable, "-m", "tests.engines.building", str(folder), address)
            with (tmp_path / "driver.log").open("wb") as told:
                driver = subprocess.Popen(
                    builder, stdout=subprocess.PIPE, stderr=told, text=True, cwd=REPOSITORY
                )
            assert driver.stdout is not None
            for line in driver.stdout:
                made.append(line.split()[0])
                if len(made) == KILLED_AFTER:
                    kill(workers[0])
            assert driver.wait() == 0, (tmp_path / "driver.log").read_text()[-2000:]
            assert workers[1].poll() is None
        assert made == list(MODELS)
        told_apart = {
            name: differences(
                read(connection, f"from {name}"),
                read(connection, f"from '{folder / name.replace('.', '/')}/*.parquet'"),
            )
            for name in MODELS
        }
    assert {name: told for name, told in told_apart.items() if told} == {}
