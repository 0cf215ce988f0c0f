"""On a cluster, and by Spark Connect, every model is made; also when a worker dies midway."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import duckdb
import pytest

from pipelines.engines.exchange import lend, sources_of
from pipelines.engines.session import SECRET, has_java
from pipelines.municipality import Spark
from pipelines.warehouse import read
from tests.conftest import REPOSITORY
from tests.engines.comparing import differences
from tests.engines.daemons import LOOPBACK, cluster, connect_server, kill
from tests.engines.logs import small_town
from transforms.models import load_models

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.skipif(not has_java(), reason="Spark needs Java, which is not on this machine"),
]
MODELS = load_models()
REFUSED = "All masters are unresponsive"
KILLED_AFTER = 40
"""Models that are made when the worker dies."""
WORD = "a secret that nobody guesses"
WITHOUT_ENCRYPTION = {
    "_SPARK_AUTH_SECRET": WORD,
    "SPARK_DAEMON_JAVA_OPTS": "-Dspark.authenticate=true",
}
SHOWN = WITHOUT_ENCRYPTION | {
    "SPARK_DAEMON_JAVA_OPTS": "-Dspark.authenticate=true -Dspark.network.crypto.enabled=true"
    " -Dspark.network.crypto.saslFallback=false -Dspark.network.crypto.authEngineVersion=2"
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_town(tmp_path_factory.mktemp("town"))


def lent(town: Path, folder: Path) -> Path:
    """Where Spark finds the sources of all models."""
    with duckdb.connect(town) as connection:
        connection.execute("set TimeZone = 'UTC'")
        lend(connection, sources_of(MODELS.values()), folder)
    return folder


@contextmanager
def driver(
    log: Path, folder: Path, spark: Spark, most: int, **more: str
) -> Iterator[subprocess.Popen[str]]:
    """A process that builds the models on a Spark and tells the name of each."""
    asked = spark.model_dump_json(exclude_unset=True)
    command = (sys.executable, "-m", "tests.engines.building", str(folder), asked, str(most))
    environment = os.environ | more
    with (
        log.open("wb") as told,
        subprocess.Popen(
            command, stdout=PIPE, stderr=told, text=True, cwd=REPOSITORY, env=environment
        ) as started,
    ):
        yield started


def apart(town: Path, folder: Path, names: Sequence[str]) -> dict[str, str]:
    """How the tables of Spark differ from those of the warehouse, where they do."""
    with duckdb.connect(town) as connection:
        connection.execute("set TimeZone = 'UTC'")
        told = {
            name: differences(
                read(connection, f"from {name}"),
                read(connection, f"from '{folder / name.replace('.', '/')}/*.parquet'"),
            )
            for name in names
        }
    return {name: difference for name, difference in told.items() if difference}


def test_a_worker_that_dies_midway_changes_nothing(town: Path, tmp_path: Path) -> None:
    folder, made = lent(town, tmp_path / "spark"), []
    with cluster(tmp_path) as (address, workers):
        spark = Spark(master=address, partitions=4, memory="1g")
        with driver(tmp_path / "driver.log", folder, spark, len(MODELS)) as building:
            assert building.stdout is not None
            for line in building.stdout:
                made.append(line.split()[0])
                if len(made) == KILLED_AFTER:
                    kill(workers[0])
        assert building.returncode == 0, (tmp_path / "driver.log").read_text()[-2000:]
        assert workers[1].poll() is None
    assert made == list(MODELS)
    assert apart(town, folder, made) == {}


def test_a_server_of_spark_connect_makes_the_same(town: Path, tmp_path: Path) -> None:
    folder = lent(town, tmp_path / "spark")
    with connect_server(tmp_path) as address:
        spark = Spark(master=address, partitions=1)
        with driver(tmp_path / "driver.log", folder, spark, len(MODELS)) as building:
            told, _ = building.communicate()
    assert building.returncode == 0, (tmp_path / "driver.log").read_text()[-2000:]
    assert [line.split()[0] for line in told.splitlines()] == list(MODELS)
    assert apart(town, folder, list(MODELS)) == {}


def own_address() -> str:
    """The address of this machine that others reach; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])


@pytest.fixture
def own() -> str:
    address = own_address()
    if address == LOOPBACK:
        pytest.skip("this machine has no address that others reach")
    return address


def guarded(master: str, own: str) -> Spark:
    return Spark.model_validate({"master": master, "driver": own, "partitions": 2, "memory": "1g"})


def test_workers_come_in_from_other_machines_by_the_secret_alone(
    town: Path, tmp_path: Path, own: str
) -> None:
    """All stand on this machine, but meet at the address that others would use."""
    folder, most = lent(town, tmp_path / "spark"), 20
    with cluster(tmp_path, own, **SHOWN) as (address, _):
        spark = guarded(address, own)
        with driver(tmp_path / "own.log", folder, spark, most, **{SECRET: WORD}) as building:
            told, _ = building.communicate()
        assert building.returncode == 0, (tmp_path / "own.log").read_text()[-2000:]
        made = [line.split()[0] for line in told.splitlines()]
        assert made == list(MODELS)[:most]
        assert apart(town, folder, made) == {}
        other = {SECRET: WORD.replace("guesses", "knows")}
        with driver(tmp_path / "other.log", folder, spark, 1, **other) as refused:
            told, _ = refused.communicate()
    assert (refused.returncode, told) == (1, "")
    assert REFUSED in (tmp_path / "other.log").read_text()


def test_a_cluster_that_does_not_encrypt_is_refused(town: Path, tmp_path: Path, own: str) -> None:
    folder = lent(town, tmp_path / "spark")
    with (
        cluster(tmp_path, own, **WITHOUT_ENCRYPTION) as (address, _),
        driver(tmp_path / "own.log", folder, guarded(address, own), 1, **{SECRET: WORD}) as refused,
    ):
        told, _ = refused.communicate()
    assert (refused.returncode, told) == (1, "")
    assert REFUSED in (tmp_path / "own.log").read_text()
