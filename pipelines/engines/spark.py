"""The models on Spark: tables are folders of Parquet files, named as the tables are.

What belongs here: running what `transforms/dialect.py` writes, and the tables of a folder. What
does not: the words of the dialect; the session (`session.py`); the warehouse (`exchange.py`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from transforms.dialect import Closure, named, spark_query
from transforms.models import Model, ModelError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_KINDS: dict[pl.DataType, str] = {
    pl.Boolean(): "BOOLEAN",
    pl.Date(): "DATE",
    pl.Datetime("us", "UTC"): "TIMESTAMP",
    pl.Float64(): "DOUBLE",
    pl.Int32(): "INT",
    pl.Int64(): "BIGINT",
    pl.String(): "STRING",
}
"""What tables are made of, in Parquet and in Spark's words; nothing else is."""


class SparkEngine:
    """Reads the tables of `folder`, and builds into it: `<folder>/<schema>/<table>/*.parquet`."""

    def __init__(self, session: SparkSession, folder: Path) -> None:
        self._session, self._folder = session, folder
        self._known: set[str] = set()

    def build(self, model: Model) -> int:
        place = self._folder / model.schema / model.table
        with self._result(model.select) as frame:
            documented = [column.name for column in model.columns]
            if frame.columns != documented:
                raise ModelError(
                    f"{model.name}: on Spark the SELECT gives {frame.columns}, the header documents"
                    f" {documented}. Make them equal, in the same order."
                )
            frame.write.mode("overwrite").parquet(str(place))
        self._known.discard(model.name)
        return _rows(place)

    def fetch(self, query: str) -> pl.DataFrame:
        place = self._folder / "fetched"
        with self._result(query) as frame:
            frame.write.mode("overwrite").parquet(str(place))
        return pl.read_parquet(place / "*.parquet")

    def _name_all(self, tables: Iterable[str]) -> None:
        """Give the Parquet files of tables the names by which the dialect reads them."""
        for table in set(tables) - self._known:
            place = self._folder.joinpath(*table.split("."))
            kinds = pl.read_parquet_schema(next(place.glob("*.parquet")))
            columns = ", ".join(f"`{name}` {_KINDS[kind]}" for name, kind in kinds.items())
            frame = self._session.read.schema(columns).parquet(str(place))
            frame.createOrReplaceTempView(named(*table.split(".")))
            self._known.add(table)

    @contextmanager
    def _result(self, select: str) -> Iterator[DataFrame]:
        """What a query gives, to be used before its parts are let go."""
        query = spark_query(select)
        kept: list[DataFrame] = []
        self._name_all(query.reads)
        for part in query.parts:
            if isinstance(part, Closure):
                frame = self._closed(part)
            else:
                frame = self._session.sql(part.select)
                if part.is_shared:
                    kept.append(frame.persist())
            frame.createOrReplaceTempView(part.name)
        try:
            yield self._session.sql(query.select)
        finally:
            for frame in kept:
                frame.unpersist()
            for part in query.parts:
                self._session.catalog.dropTempView(part.name)

    def _closed(self, closure: Closure) -> DataFrame:
        """All rows of a recursion, worked out round by round; each round is kept as files, since
        plans that grow with every round soon take longer to make than to run."""
        rounds = self._folder / "rounds" / closure.name
        shutil.rmtree(rounds, ignore_errors=True)
        new = self._session.sql(closure.base).toDF(*closure.columns).distinct()
        for number in count():
            place = rounds / str(number)
            new.write.parquet(str(place))
            found = self._session.read.schema(new.schema).parquet(str(rounds / "*"))
            if not _rows(place):
                return found
            latest = self._session.read.schema(new.schema).parquet(str(place))
            latest.createOrReplaceTempView(closure.name)
            reached = self._session.sql(closure.step).toDF(*closure.columns)
            new = reached.subtract(found)
        raise AssertionError("a count has no end")


def _rows(place: Path) -> int:
    return int(pl.scan_parquet(place / "*.parquet").select(pl.len()).collect().item())
