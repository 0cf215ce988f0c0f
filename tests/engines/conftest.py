"""Spark on this machine, for logs that are small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pipelines.engines.session import QUIET, has_java, open_session
from pipelines.municipality import Spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PLAINLY = {
    "spark.driver.extraJavaOptions": f"{QUIET} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
}
"""On a small log Spark spends its time on compiling, which gains nothing there."""


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    if not has_java():
        pytest.skip("Spark needs Java, which is not on this machine")
    session = open_session(Spark(master="local[2]", partitions=1, memory="1g"), **PLAINLY)
    yield session
    session.stop()
