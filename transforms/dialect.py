"""The models in Spark's SQL: the same meaning, in the words of the other engine.

What belongs here: turning a SELECT of the subset (`subset.py`) into SQL that gives the same rows on
Spark 4, in a session with ANSI mode and time zone UTC. What does not: running it
(`pipelines/engines`).

sqlglot does most of it. What it gets wrong is mended here: percentiles stay exact, divisions are
of doubles, decimal literals are doubles, ordered lists keep their order, `max_by` leaves out rows
without a value, and dates and instants are taken as DuckDB takes them. The parts of a WITH are
given one by one: Spark would work a part out anew at each place that reads it, and knows no
recursion by UNION.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generator import Generator
from sqlglot.generators.spark import SparkGenerator

FORMATS = {
    "%Y": "DATE_FORMAT({day}, 'yyyy')",
    "%Y-%m": "DATE_FORMAT({day}, 'yyyy-MM')",
    "%G-W%V": (
        "CONCAT(EXTRACT(YEAROFWEEK FROM {day}), '-W', LPAD(EXTRACT(WEEK FROM {day}), 2, '0'))"
    ),
}
"""What `strftime` may be asked for, and how Spark writes it."""
_COSTLY = (exp.Join, exp.Group, exp.Window, exp.Distinct, exp.AggFunc)


class UnknownConstructError(Exception):
    """A construct for which there are no words on Spark."""


@dataclass(frozen=True)
class Part:
    """A named part of a query; a shared one is read more than once and worth keeping."""

    name: str
    select: str
    is_shared: bool


@dataclass(frozen=True)
class Closure:
    """A recursion by UNION: `base` once, then `step` on the rows that were new, until none are.

    `step` reads the new rows as `name`.
    """

    name: str
    columns: tuple[str, ...]
    base: str
    step: str


@dataclass(frozen=True)
class SparkQuery:
    """What Spark is to run: `parts` in order, each a view of its name, then `select`.

    `reads` names the tables of it, as `schema.table`; in the SQL they are called as `named` says.
    """

    reads: tuple[str, ...]
    parts: tuple[Part | Closure, ...]
    select: str


class SparkWords(Spark):
    """Spark's SQL as the models mean it."""

    class Generator(SparkGenerator):
        def literal_sql(self, expression: exp.Literal) -> str:
            text = super().literal_sql(expression)
            return f"{text}D" if not expression.is_string and "." in text else text

        def anonymous_sql(self, expression: exp.Anonymous) -> str:
            words = _FUNCTIONS.get(expression.name.lower())
            return words(self, expression) if words else super().anonymous_sql(expression)

        TRANSFORMS: ClassVar = {
            **SparkGenerator.TRANSFORMS,
            exp.ArgMax: lambda self, e: _at_extreme(self, e, "MAX_BY"),
            exp.ArgMin: lambda self, e: _at_extreme(self, e, "MIN_BY"),
            exp.ArrayAgg: lambda self, e: _listed(self, e),
            exp.ArraySort: lambda self, e: _sorted_list(self, e),
            exp.Div: lambda self, e: (
                f"CAST({self.sql(e.this)} AS DOUBLE) / {self.sql(e.expression)}"
            ),
            exp.GroupConcat: lambda self, e: (
                f"ARRAY_JOIN({_listed(self, e)}, {self.sql(e.args['separator'])})"
            ),
            exp.PercentileCont: lambda self, e: f"PERCENTILE_CONT({self.sql(e.this)})",
            exp.Extract: lambda self, e: _part(self, e),
            exp.TimeToStr: lambda self, e: _formatted(self, e),
            exp.WithinGroup: lambda self, e: (
                f"{self.sql(e.this)} WITHIN GROUP ({self.sql(e.expression).strip()})"
            ),
        }
        TYPE_MAPPING: ClassVar = {
            **SparkGenerator.TYPE_MAPPING,
            exp.DataType.Type.TIMESTAMP: "TIMESTAMP",
            exp.DataType.Type.TIMESTAMPNTZ: "TIMESTAMP",
            exp.DataType.Type.INT128: "DECIMAL(38, 0)",
        }


def named(schema: str, table: str) -> str:
    """What a table is called on Spark, where views of a session have no schema."""
    return f"{schema}__{table}"


def spark_query(select: str) -> SparkQuery:
    """A model's SELECT for Spark. Raises UnknownConstructError where there are no words for it."""
    tree = sqlglot.parse_one(select, read="duckdb")
    tables = {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}
    _prepare(tree)
    reads = Counter(table.name for table in tree.find_all(exp.Table))
    named_parts = tree.args["with_"].pop().expressions if tree.args.get("with_") else []
    parts = tuple(_part_of(cte, reads[cte.alias]) for cte in named_parts)
    return SparkQuery(tuple(sorted(tables)), parts, _sql(tree))


def _prepare(tree: exp.Expr) -> None:
    """What is said otherwise on Spark in a place that no single word covers."""
    for series in list(tree.find_all(exp.GenerateSeries)):
        series.replace(_numbers(series))
    for window in list(tree.find_all(exp.Window)):
        if window.args.get("alias") and isinstance(window.parent, exp.Sub):
            window.replace(exp.paren(window.copy()))  # else `w - x` is read as a name
    for table in tree.find_all(exp.Table):
        if table.db:
            table.set("this", exp.to_identifier(named(table.db, table.name)))
            table.set("db", None)


def _part_of(cte: exp.CTE, reads: int) -> Part | Closure:
    name, body = cte.alias, cte.this
    if not any(table.name == name for table in body.find_all(exp.Table)):
        is_shared = reads > 1 and body.find(*_COSTLY) is not None
        return Part(name, _sql(body), is_shared)
    if isinstance(body, exp.Union) and body.args.get("distinct"):
        return Closure(name, tuple(body.named_selects), _sql(body.this), _sql(body.expression))
    itself = exp.select("*").from_(name).with_(name, as_=body, recursive=True)
    return Part(name, _sql(itself), is_shared=True)


def _sql(tree: exp.Expr) -> str:
    return tree.sql(dialect=SparkWords)


def _at_extreme(self: Generator, call: exp.ArgMax | exp.ArgMin, name: str) -> str:
    """DuckDB leaves out rows without a value; Spark takes the value of its row, even if null."""
    value, order = self.sql(call.this), self.sql(call.expression)
    return f"{name}({value}, CASE WHEN {value} IS NOT NULL THEN {order} END)"


def _listed(self: Generator, call: exp.ArrayAgg | exp.GroupConcat) -> str:
    """Spark's lists have no order of their own: rows are collected, sorted, and opened."""
    order = call.this
    if not isinstance(order, exp.Order) or any(key.args.get("desc") for key in order.expressions):
        raise UnknownConstructError(
            f"{call.sql('duckdb')}: Spark has a list in ascending order, or in none."
            " Mend: write order by with what it goes up by."
        )
    keys = "".join(f"{self.sql(key.this)} AS k{at}, " for at, key in enumerate(order.expressions))
    rows = f"ARRAY_SORT(COLLECT_LIST(STRUCT({keys}{self.sql(order.this)} AS v)))"
    return f"TRANSFORM({rows}, each -> each.v)"


def _sorted_list(self: Generator, call: exp.ArraySort) -> str:
    """COLLECT_LIST leaves nulls out, but not rows that hold one; ARRAY_SORT puts them last."""
    listed = call.this
    if not isinstance(listed, exp.ArrayAgg) or isinstance(listed.this, exp.Order):
        raise UnknownConstructError(
            f"{call.sql('duckdb')}: only a list of all rows is sorted."
            " Mend: write list_sort(array_agg(x))."
        )
    rows = f"ARRAY_SORT(COLLECT_LIST(STRUCT({self.sql(listed.this)} AS v)))"
    return f"TRANSFORM({rows}, each -> each.v)"


def _numbers(series: exp.GenerateSeries) -> exp.Anonymous:
    """`range(..)` as a table; sqlglot would make a list of it, and open that."""
    bounds = [series.args[name] for name in ("start", "end", "step") if series.args.get(name)]
    return exp.Anonymous(this="RANGE", expressions=[bound.copy() for bound in bounds])


def _part(self: Generator, call: exp.Extract) -> str:
    part = {"isodow": "DAYOFWEEK_ISO"}.get(call.name.lower(), call.name)
    return f"EXTRACT({part} FROM {self.sql(call.expression)})"


def _formatted(self: Generator, call: exp.TimeToStr) -> str:
    wanted = call.args["format"].name
    if wanted not in FORMATS:
        raise UnknownConstructError(
            f"strftime(.., '{wanted}') has no words on Spark."
            f" Mend: use one of {', '.join(FORMATS)}, or add it to FORMATS in {__file__}."
        )
    return FORMATS[wanted].format(day=self.sql(call.this))


def _zoned(self: Generator, call: exp.Anonymous) -> str:
    """A wall clock is written `cast(.. as timestamp)`; anything else is an instant."""
    zone, moment = call.expressions
    is_wall_clock = isinstance(moment, exp.Cast) and moment.to.is_type("timestamp", "timestampntz")
    name = "TO_UTC_TIMESTAMP" if is_wall_clock else "FROM_UTC_TIMESTAMP"
    return f"{name}({self.sql(moment)}, {self.sql(zone)})"


def _json_string(self: Generator, call: exp.Anonymous) -> str:
    """Spark makes JSON of lists, not of strings: a list of one, without its brackets."""
    listed = f"TO_JSON(ARRAY({self.sql(call.expressions[0])}))"
    return f"SUBSTRING({listed}, 2, LENGTH({listed}) - 2)"


_FUNCTIONS: dict[str, Callable[[Generator, exp.Anonymous], str]] = {
    "epoch_us": lambda self, e: f"UNIX_MICROS({self.sql(e.expressions[0])})",
    "timezone": _zoned,
    "to_json": _json_string,
}
