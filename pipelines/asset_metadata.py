"""What Dagster draws of a table over time, beside its number of rows.

What belongs here: numbers by name, so that Dagster's own pages plot them, and a small table of the
latest. What does not: published figures, which are withheld where groups are small; these stay
behind Dagster's own door, as the warehouse does, and are of no person.
"""

from __future__ import annotations

from typing import Any

import dagster as dg
import duckdb

from transforms.models import Model

_HEADLINES = """
select v.journey || '/' || v.definition, v.journey, v.definition, d.unit,
  coalesce(
    v.value,
    case when d.unit = 'percent' then 100.0 else 1.0 end * v.numerator / nullif(v.denominator, 0)
  ) as value
from {table} as v
inner join config.definitions as d on d.definition = v.definition
where d.is_headline and d.level <> 'person' and v.segment_kind = 'all' and v.period_kind = 'all'
order by 1
"""
_COUNTS = {
    "core.sources": "select sum(rows_read) as rows_read, sum(rows_loaded) as rows_loaded,"
    " sum(rows_quarantined) as rows_set_aside from core.sources",
    "core.cases": "select count(*) filter (where closed_at is null) as open_cases from core.cases",
    "mart.data_quality": "select count(*) filter (where severity = 'warning') as warnings,"
    " count(*) filter (where severity = 'info') as notes from mart.data_quality",
}


def told_of(connection: duckdb.DuckDBPyConnection, model: Model) -> dict[str, Any]:
    """Numbers of a table that was just made, by name; `headlines` is a table in Markdown."""
    if model.name in _COUNTS:
        found = connection.execute(_COUNTS[model.name])
        names = [column[0] for column in found.description or ()]
        [row] = found.fetchall()
        return {name: int(value or 0) for name, value in zip(names, row, strict=True)}
    if model.definitions or model.name == "mart.kpi_values":
        return _headlines(connection, model.name)
    return {}


def _headlines(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any]:
    """The headline figure of each KPI and journey over the whole period."""
    rows = connection.execute(_HEADLINES.format(table=table)).fetchall()
    known = [row for row in rows if row[-1] is not None]
    if not known:
        return {}
    lines = [
        f"| {journey} | {name} | {value:,.2f} {unit} |" for _, journey, name, unit, value in known
    ]
    shown = "\n".join(["| journey | definition | value |", "|---|---|---:|", *lines])
    numbers = {key: dg.MetadataValue.float(float(value)) for key, *_, value in known}
    return {**numbers, "headlines": dg.MetadataValue.md(shown)}
