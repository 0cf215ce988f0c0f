"""The engine that the municipality chose, on the warehouse of a run.

What belongs here: opening and closing engines. What does not: either engine's own ways.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.engines import Engine
from pipelines.engines.duck import DuckEngine
from pipelines.engines.exchange import folder_of, lend, sources_of, take_back
from pipelines.engines.session import open_session
from pipelines.engines.spark import SparkEngine
from pipelines.municipality import Municipality
from transforms.models import Model


@contextmanager
def open_engine(
    asked: Municipality,
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    models: Collection[Model],
) -> Iterator[Engine]:
    """What builds `models`, into the warehouse or so that the warehouse can read it."""
    if asked.engine == "duckdb":
        yield DuckEngine(connection)
        return
    folder = folder_of(home)
    lend(connection, sources_of(models), folder)
    session = open_session(asked.spark)
    try:
        yield _Returning(SparkEngine(session, folder), connection, folder)
    finally:
        session.stop()


class _Returning:
    """Spark, each of whose tables the warehouse can read as soon as it is made."""

    def __init__(
        self, spark: SparkEngine, connection: duckdb.DuckDBPyConnection, folder: Path
    ) -> None:
        self._spark, self._connection, self._folder = spark, connection, folder

    def build(self, model: Model) -> int:
        rows = self._spark.build(model)
        take_back(self._connection, model, self._folder)
        return rows

    def fetch(self, query: str) -> pl.DataFrame:
        return self._spark.fetch(query)
