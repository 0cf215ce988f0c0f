"""The models in Spark's SQL: the same meaning, in the words of the other engine.

What belongs here: turning a SELECT of the subset (`subset.py`) into SQL that gives the same rows on
Spark 4, in a session with ANSI mode and time zone UTC. What does not: running it
(`pipelines/engines`).

sqlglot does most of it. What it gets wrong is mended here: percentiles stay exact, divisions are
of doubles, decimal literals are doubles, ordered lists keep their order, `max_by` leaves out rows
without a value, and dates and instants are taken as DuckDB takes them. A recursion by UNION, which
Spark does not know, is taken out as a `Closure` for the engine to work out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark

FORMATS = {
    "%Y": "DATE_FORMAT({day}, 'yyyy')",
    "%Y-%m": "DATE_FORMAT({day}, 'yyyy-MM')",
    "%G-W%V": (
        "CONCAT(EXTRACT(YEAROFWEEK FROM {day}), '-W', LPAD(EXTRACT(WEEK FROM {day}), 2, '0'))"
    ),
}
"""What `strftime` may be asked for, and how Spark writes it."""


class UnknownConstructError(Exception):
    """A construct for which there are no words on Spark."""


@dataclass(frozen=True)
class Closure:
    """A recursion by UNION: `base` once, then `step` on the rows that were new, until none are.

    Both are SELECTs of Spark; `step` reads the new rows as `name`.
    """

    name: str
    columns: tuple[str, ...]
    base: str
    step: str


@dataclass(frozen=True)
class SparkQuery:
    """What Spark is to run: `closures` in order, each a view of its name, then `select`."""

    closures: tuple[Closure, ...]
    select: str


class SparkWords(Spark):
    """Spark's SQL as the models mean it."""

    class Generator(Spark.Generator):
        def literal_sql(self, expression: exp.Literal) -> str:
            text = super().literal_sql(expression)
            return f"{text}D" if not expression.is_string and "." in text else text

        def anonymous_sql(self, expression: exp.Anonymous) -> str:
            words = _FUNCTIONS.get(expression.name.lower())
            return words(self, expression) if words else super().anonymous_sql(expression)

        TRANSFORMS = {
            **Spark.Generator.TRANSFORMS,
            exp.ArgMax: lambda self, e: _at_extreme(self, e, "MAX_BY"),
            exp.ArgMin: lambda self, e: _at_extreme(self, e, "MIN_BY"),
            exp.ArrayAgg: lambda self, e: _ordered_list(self, e),
            exp.Div: lambda self, e: f"CAST({self.sql(e.this)} AS DOUBLE) / {self.sql(e.expression)}",
            exp.PercentileCont: lambda self, e: f"PERCENTILE_CONT({self.sql(e.this)})",
            exp.Extract: lambda self, e: _part(self, e),
            exp.TimeToStr: lambda self, e: _formatted(self, e),
            exp.WithinGroup: lambda self, e: (
                f"{self.sql(e.this)} WITHIN GROUP ({self.sql(e.expression).strip()})"
            ),
        }
        TYPE_MAPPING = {
            **Spark.Generator.TYPE_MAPPING,
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
    for series in list(tree.find_all(exp.GenerateSeries)):
        series.replace(_numbers(series))
    for window in list(tree.find_all(exp.Window)):
        if window.args.get("alias") and isinstance(window.parent, exp.Sub):
            window.replace(exp.paren(window.copy()))
    for table in tree.find_all(exp.Table):
        if table.db:
            table.set("this", exp.to_identifier(named(table.db, table.name)))
            table.set("db", None)
    closures = []
    while (recursion := _recursion_by_union(tree)) is not None:
        closures.append(_closure(tree, recursion))
        recursion.pop()
    return SparkQuery(tuple(closures), _sql(tree))


def _sql(tree: exp.Expression) -> str:
    return tree.sql(dialect=SparkWords)


def _recursion_by_union(tree: exp.Expression) -> exp.CTE | None:
    return next(
        (
            cte
            for cte in tree.find_all(exp.CTE)
            if isinstance(cte.this, exp.Union)
            and cte.this.args.get("distinct")
            and any(table.name == cte.alias for table in cte.this.find_all(exp.Table))
        ),
        None,
    )


def _closure(tree: exp.Expression, recursion: exp.CTE) -> Closure:
    """The two halves of a recursion, each with the parts of the query that come before it."""
    union = recursion.this
    before = tree.args["with_"].copy()
    at = next(i for i, cte in enumerate(before.expressions) if cte.alias == recursion.alias)
    before.set("expressions", before.expressions[:at])
    halves = [union.this.copy(), union.expression.copy()]
    for half in halves:
        half.set("with_", before.copy())
    base, step = map(_sql, halves)
    return Closure(recursion.alias, tuple(union.this.named_selects), base, step)


def _at_extreme(self: Spark.Generator, call: exp.ArgMax | exp.ArgMin, name: str) -> str:
    """DuckDB leaves out the rows without a value; Spark takes the value of the row, even if null."""
    value, order = self.sql(call.this), self.sql(call.expression)
    return f"{name}({value}, CASE WHEN {value} IS NOT NULL THEN {order} END)"


def _ordered_list(self: Spark.Generator, call: exp.ArrayAgg) -> str:
    """Spark's lists have no order of their own: pairs are collected, sorted, and opened."""
    order = call.this
    if not isinstance(order, exp.Order) or len(order.expressions) != 1:
        raise UnknownConstructError(
            f"{call.sql('duckdb')}: a list needs one thing to be ordered by."
            " Mend: write array_agg(x order by y)."
        )
    value, key = self.sql(order.this), self.sql(order.expressions[0].this)
    pairs = f"ARRAY_SORT(COLLECT_LIST(STRUCT({key} AS k, {value} AS v)))"
    return f"TRANSFORM({pairs}, pair -> pair.v)"


def _numbers(series: exp.GenerateSeries) -> exp.Anonymous:
    """`range(..)` as a table; sqlglot would make a list of it, and open that."""
    bounds = [series.args[name] for name in ("start", "end", "step") if series.args.get(name)]
    return exp.Anonymous(this="RANGE", expressions=[bound.copy() for bound in bounds])


def _part(self: Spark.Generator, call: exp.Extract) -> str:
    part = {"isodow": "DAYOFWEEK_ISO"}.get(call.name.lower(), call.name)
    return f"EXTRACT({part} FROM {self.sql(call.expression)})"


def _formatted(self: Spark.Generator, call: exp.TimeToStr) -> str:
    wanted = call.args["format"].name
    if wanted not in FORMATS:
        raise UnknownConstructError(
            f"strftime(.., '{wanted}') has no words on Spark."
            f" Mend: use one of {', '.join(FORMATS)}, or add it to FORMATS in transforms/dialect.py."
        )
    return FORMATS[wanted].format(day=self.sql(call.this))


def _zoned(self: Spark.Generator, call: exp.Anonymous) -> str:
    """A wall clock is written `cast(.. as timestamp)`; anything else is an instant."""
    zone, moment = call.expressions
    is_wall_clock = isinstance(moment, exp.Cast) and moment.to.is_type("timestamp", "timestampntz")
    name = "TO_UTC_TIMESTAMP" if is_wall_clock else "FROM_UTC_TIMESTAMP"
    return f"{name}({self.sql(moment)}, {self.sql(zone)})"


def _json_string(self: Spark.Generator, call: exp.Anonymous) -> str:
    """Spark makes JSON of lists, not of strings: a list of one, without its brackets."""
    listed = f"TO_JSON(ARRAY({self.sql(call.expressions[0])}))"
    return f"SUBSTRING({listed}, 2, LENGTH({listed}) - 2)"


_FUNCTIONS: dict[str, Callable[[Spark.Generator, exp.Anonymous], str]] = {
    "epoch_us": lambda self, e: f"UNIX_MICROS({self.sql(e.expressions[0])})",
    "timezone": _zoned,
    "to_json": _json_string,
}
