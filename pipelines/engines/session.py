"""A Spark session: inside the run, on a cluster, or on a server by Spark Connect.

What belongs here: reaching Spark and what it is told once. What does not: queries (`spark.py`).
"""

from __future__ import annotations

import os
import shlex
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pipelines.errors import PlainError
from pipelines.municipality import Spark
from pipelines.settings import secret

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SECRET = "HARTSLAG_SPARK_SECRET"  # noqa: S105 - the name of a variable
QUIET = f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties')}"
"""What Java is told of its log: errors alone."""
_LEAST = 16
"""Characters of the secret."""
_QUERIES = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.cteRecursionRowLimit": "-1",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.session.timeZone": "UTC",
}
"""What queries mean; a server by Spark Connect takes these too."""
_GUARDED = {
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.saslFallback": "false",
    "spark.network.crypto.authEngineVersion": "2",
    "spark.io.encryption.enabled": "true",
}
"""Between processes on several machines: nobody without the secret, nothing in clear, no way round
for one that does not encrypt, and what is spilled unreadable."""


def open_session(asked: Spark, **more: str) -> SparkSession:
    """A session as the municipality asked for it; `more` are Spark's own settings.

    Raises PlainError where Spark or Java is not on this machine, or a secret is missing.
    """
    _refuse_absent(asked)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # about pandas, which is not used here
        return _connected(asked, more) if asked.is_connect else _driven(asked, more)


def _connected(asked: Spark, more: Mapping[str, str]) -> SparkSession:
    """At a server, whose memory, cores and disks are its own affair."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(asked.master).getOrCreate()
    settings = _QUERIES | {"spark.sql.shuffle.partitions": str(asked.partitions)} | dict(more)
    for key, value in settings.items():
        session.conf.set(key, value)
    return session


def _driven(asked: Spark, more: Mapping[str, str]) -> SparkSession:
    """With this process as the driver."""
    from pyspark.sql import SparkSession

    settings = {
        **_QUERIES,
        "spark.driver.bindAddress": str(asked.driver),
        "spark.driver.host": str(asked.driver),
        "spark.driver.extraJavaOptions": QUIET,
        "spark.driver.memory": asked.memory,
        "spark.executor.memory": asked.memory,
        "spark.sql.shuffle.partitions": str(asked.partitions),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **more,
    }
    os.environ.pop("SPARK_CONNECT_MODE_ENABLED", None)  # a session by Connect leaves it
    with _guard(asked) as guarded:
        os.environ["SPARK_LOCAL_IP"] = str(asked.driver)
        builder = SparkSession.builder.master(asked.master).appName("hartslag")
        for key, value in {**settings, **guarded}.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def _guard(asked: Spark) -> Iterator[Mapping[str, str]]:
    """Where workers come in from other machines, they show the secret. Java takes it from a file
    that is gone when it has started, since a setting would stand in the list of processes."""
    if asked.driver.is_loopback:
        yield {}
        return
    word = secret(SECRET, f"spark.driver {asked.driver}, which other machines reach")
    if len(word) < _LEAST or not (word.isascii() and word.isprintable()):
        raise PlainError(
            f"spark.driver is {asked.driver}, which other machines reach, and what {SECRET} holds"
            f" has fewer than {_LEAST} characters, or others than printed ASCII.\n"
            "  Mend: give master, workers and Hartslag another one (docs/scale.md)."
        )
    with TemporaryDirectory(prefix="hartslag-spark-") as folder:
        file = Path(folder) / "secret.properties"
        escaped = word.replace("\\", "\\\\")
        file.write_text(f"spark.authenticate.secret={escaped}\n", encoding="utf-8")
        arguments = f"--properties-file {shlex.quote(str(file))} --load-spark-defaults"
        before = os.environ.get("PYSPARK_SUBMIT_ARGS", "pyspark-shell")
        os.environ["PYSPARK_SUBMIT_ARGS"] = f"{arguments} {before}"
        try:
            yield _GUARDED
        finally:
            os.environ["PYSPARK_SUBMIT_ARGS"] = before


def _refuse_absent(asked: Spark) -> None:
    if find_spec("pyspark") is None:
        raise PlainError(
            "engine: spark needs pyspark, which is not installed.\n"
            "  Mend: install hartslag[spark], or leave `engine:` out of the configuration."
        )
    if asked.is_connect:
        if find_spec("pyarrow") is None or find_spec("grpc_status") is None:
            raise PlainError(
                f"spark.master {asked.master} is Spark Connect, whose parts are not installed.\n"
                "  Mend: install hartslag[spark-connect]."
            )
    elif not has_java():
        raise PlainError(
            "engine: spark needs Java 17 or newer, and there is no `java` on the path.\n"
            "  Mend: install it (Debian: default-jre-headless), or set JAVA_HOME."
        )


def has_java() -> bool:
    return shutil.which("java") is not None or "JAVA_HOME" in os.environ
