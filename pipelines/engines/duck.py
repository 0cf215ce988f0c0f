"""The models on DuckDB, in the warehouse itself."""

from __future__ import annotations

import duckdb
import polars as pl

from pipelines.engines.exchange import make_way
from pipelines.warehouse import read
from transforms.models import Model, build


class DuckEngine:
    """Builds into the warehouse that the connection has open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def build(self, model: Model) -> int:
        make_way(self._connection, model, "view" if model.is_view else "table")
        return build(self._connection, model)

    def fetch(self, query: str) -> pl.DataFrame:
        return read(self._connection, query)
