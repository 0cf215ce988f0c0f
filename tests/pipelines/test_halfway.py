"""A load that stops halfway leaves the warehouse as it was, and the next one begins where it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pytest
from dlt.common.exceptions import DltException
from dlt.destinations.exceptions import DatabaseTerminalException
from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient
from lindeveld.api.server import running

from pipelines.connectors.reading import Reading
from pipelines.pull import last_pull, pull
from tests.pipelines.histories import SEEN_DAILY, History
from tests.pipelines.test_faults import TABLES, clock, rows
from tests.pipelines.test_incremental import (
    CREDENTIALS,
    KEY,
    core,
    municipality,
    read_on,
    warehouse,
)

__all__ = ["clock"]  # secrets and an idle clock, for every test here


class Steps:
    """Counts the statements of a load; from number `last` on the warehouse takes no more, nor any
    with `word` in it."""

    def __init__(self) -> None:
        self.number, self.last, self.word = 0, 10**9, ""

    def __call__(self, query: str) -> None:
        self.number += 1
        if self.number >= self.last or (self.word and self.word in query):
            raise DatabaseTerminalException(duckdb.IOException("no space left on device"))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    steps, execute = Steps(), DuckDbSqlClient.execute_query

    @contextmanager
    def counted(self: DuckDbSqlClient, query: str, *args: Any, **more: Any) -> Iterator[Any]:
        steps(query)
        with execute(self, query, *args, **more) as found:
            yield found

    monkeypatch.setattr(DuckDbSqlClient, "execute_query", counted)
    return steps


def state(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Every row that a reader of the warehouse can see, and the watermarks."""
    marks = {source: last_pull(connection, source, KEY) for source in ("cases", "contacts")}
    return {table: rows(connection, table) for table in (*TABLES, "api_pulls")} | marks


def check(steps: Steps, seed: int, stops: int) -> None:
    """Stop a load at `stops` places, evenly over its statements, then let one through."""
    history = History(seed)
    for name in [*SEEN_DAILY, *SEEN_DAILY]:
        history.change(name)
    with running(history.store, CREDENTIALS) as at, warehouse() as connection:
        asked = municipality(at)
        read_on(connection, asked, "weekly", history.now)
        read_on(connection, asked, "weekly", history.now)
        steps.number = 0
        pull(connection, asked.sources[0], asked, KEY, Reading("weekly"), now=history.now)  # type: ignore[arg-type]
        # Of the first source, for what went in before a stop would stay; some loads need a few less.
        whole = steps.number - 6
        assert whole > 20
        for name in SEEN_DAILY:
            history.change(name)
        before = state(connection)
        for stop in range(stops):
            steps.number, steps.last = 0, 1 + stop * whole // stops
            with pytest.raises(DltException):
                read_on(connection, asked, "weekly", history.now)
            assert state(connection) == before, steps.last
        steps.last, steps.word = 10**9, '"_dlt_loads"('
        with pytest.raises(DltException):  # all is in, and nothing says so yet
            read_on(connection, asked, "weekly", history.now)
        assert state(connection) == before
        steps.word = ""
        read_on(connection, asked, "daily", history.now)
        with warehouse() as fresh:
            read_on(fresh, asked, "weekly", history.now)
            assert core(connection, asked) == core(fresh, asked)


def test_a_load_that_stops_halfway_leaves_all_as_it_was(steps: Steps) -> None:
    check(steps, 1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_load_that_stops_anywhere_leaves_all_as_it_was(steps: Steps, seed: int) -> None:
    check(steps, seed, 60)
