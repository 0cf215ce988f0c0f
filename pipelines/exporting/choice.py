"""Which journeys may leave the warehouse as an event log, and how its rows are read.

What belongs here: the refusal of small journeys, and reading row after row. What does not: the
forms of the files (`flat.py`, `objects.py`, `models.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb

from pipelines.errors import PlainError
from pipelines.reading import unknown

Progress = Callable[[int, int], None]
CASES = """
select *, case when count(*) over (partition by case_id) > 1 then source || ' ' || case_id
  else case_id end as case_name
from core.cases
"""
"""The cases by a name that no other has: two sources may have one number for different cases."""
_CHUNK = 10_000


class ExportError(PlainError):
    """Nothing was written; the message says why."""


class Journey(NamedTuple):
    """A journey with its cases that have events, those that have none, and its residents; a case
    of an unknown resident counts as one of its own."""

    name: str
    cases: int
    without_events: int
    residents: int


@dataclass(frozen=True)
class Choice:
    """The journeys that go out, and those that are too small for it."""

    journeys: Sequence[Journey]
    refused: Sequence[str]
    threshold: int

    @property
    def names(self) -> list[str]:
        return [journey.name for journey in self.journeys]


def choose(connection: duckdb.DuckDBPyConnection, asked: str | None) -> Choice:
    """Raises ExportError where the journey is not known, or nothing may be exported."""
    row: Any = connection.execute("select disclosure_threshold from config.municipality").fetchone()
    threshold = int(row[0])
    found = [
        Journey(*each)
        for each in connection.execute(
            "select journey, count(*) filter (where event_count > 0),"
            " count(*) filter (where event_count = 0),"
            " count(distinct coalesce(client, source || ' ' || case_id))"
            " from core.cases group by journey order by journey"
        ).fetchall()
    ]
    if asked is not None and asked not in {journey.name for journey in found}:
        raise ExportError(unknown("journey", asked, [journey.name for journey in found]))
    wanted = [journey for journey in found if asked in (None, journey.name)]
    large = [j for j in wanted if min(j.cases, j.residents) >= threshold]
    choice = Choice(large, [j.name for j in wanted if j not in large], threshold)
    if not large:
        said = ", ".join(choice.refused) or "none with cases"
        raise ExportError(
            f"Nothing to export: {said}. {too_small(threshold)}\n"
            "  Mend: choose a larger journey, or export when more cases have come in."
        )
    return choice


def too_small(threshold: int) -> str:
    return (
        f"A journey of fewer than {threshold} cases or residents is not exported, since its"
        " residents could be told apart."
    )


def rows(
    connection: duckdb.DuckDBPyConnection, query: str, names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The rows of a query with `$journeys`, a chunk at a time, so that no log fills the memory."""
    cursor = connection.cursor()
    cursor.execute("set TimeZone = 'UTC'")
    result = cursor.execute(query, {"journeys": list(names)})
    columns = [column[0] for column in result.description or ()]
    while chunk := result.fetchmany(_CHUNK):
        for row in chunk:
            yield dict(zip(columns, row, strict=True))
