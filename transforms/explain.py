"""What is behind one figure: its rows step by step, and ten of those that are left.

A definition says under `rows:` in its header where its rows are and which are kept:

    rows:
      facts: core.case_handoffs        # one row per thing counted; else what `counts` names
      where: level = 'team'            # which of its rows are meant
      keep:                            # what is left out, step by step
        - {nl: met een bekend team, en: with a known team, sql: handoffs is not null}
      show: [handoffs, ping_pongs]     # columns to show of a row

What belongs here: counting and showing on a DuckDB connection that the caller opened. What does
not: printing, and the figures themselves, which the models compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from transforms.populations import POPULATIONS, Population

SHOWN = 10


class UnexplainedError(Exception):
    """A definition whose header does not say where its rows are."""


@dataclass(frozen=True)
class Slice:
    """The cell of `mart.kpi_values` that a figure stands in."""

    journey: str
    segment_kind: str = "all"
    segment: str = "all"
    period_kind: str = "all"
    period: str = "all"


@dataclass(frozen=True)
class Step:
    """How many rows are left after a step; the first is the whole slice."""

    nl: str
    en: str
    rows: int


@dataclass(frozen=True)
class Explanation:
    """The steps, the query behind them, and some of the rows in order of their key."""

    steps: tuple[Step, ...]
    query: str
    columns: tuple[str, ...]
    examples: tuple[tuple[Any, ...], ...]


def explained(
    connection: duckdb.DuckDBPyConnection, body: Mapping[str, Any], wanted: Slice
) -> Explanation:
    """The rows behind one definition in one slice; the last step counts what the figure counts.

    `body` is the definition as its header has it. Raises UnexplainedError where it has no `rows:`.
    """
    if "rows" not in body:
        raise UnexplainedError("the header of its model has no `rows:`; see docs/models.md.")
    population, rows = POPULATIONS[body.get("counts", "cases")], body["rows"]
    keep, sliced = rows.get("keep", ()), _sliced(population, rows)
    values = [
        wanted.journey,
        wanted.segment_kind,
        wanted.segment,
        wanted.period_kind,
        wanted.period,
    ]
    parts = [_all(keep[:number]) for number in range(len(keep) + 1)]
    counts = ", ".join(f"count(*) filter (where {part})" for part in parts)
    query = f"select {counts} from ({sliced}) as sliced"  # noqa: S608
    [numbers] = connection.execute(query, values).fetchall()
    said = [{"nl": "alles in deze selectie", "en": "all in this selection"}, *keep]
    steps = tuple(Step(s["nl"], s["en"], int(n)) for s, n in zip(said, numbers, strict=True))
    query = (
        f"select {', '.join([population.pseudonym, *rows.get('show', ())])}\n"
        f"from (\n{sliced}\n) as sliced\n"
        f"where {_all(keep)}\norder by {population.key}\nlimit {SHOWN:d}"
    )
    result = connection.execute(query, values)
    columns = tuple(column[0] for column in result.description or ())
    return Explanation(steps, query, columns, tuple(result.fetchall()))


def _sliced(population: Population, rows: Mapping[str, Any]) -> str:
    """The facts of the slice; its five coordinates are parameters."""
    facts, key = rows.get("facts"), population.key
    columns = "p.*" if facts is None else f"f.*, p.{population.pseudonym}"
    joined = (
        ""
        if facts is None
        else f"  left join (select * from {facts} where {rows.get('where', 'true')}) as f"  # noqa: S608
        f" on f.{key} = p.{key}\n"
    )
    return (
        f"  select {columns} from {population.table} as p\n{joined}"  # noqa: S608
        f"  inner join {population.slices} as s on s.{key} = p.{key}\n"
        "  where s.journey = ? and s.segment_kind = ? and s.segment = ? and s.period_kind = ?\n"
        "    and s.period = ?"
    )


def _all(keep: Any) -> str:
    return " and ".join(f"({step['sql']})" for step in keep) or "true"
