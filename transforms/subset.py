"""The part of SQL that models keep to, so that both engines read them alike.

What belongs here: the list of what a model may use, and the mend for what it may not. What does
not: how it is said on Spark (`dialect.py`). docs/scale.md tells the subset in words.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from transforms.dialect import FORMATS

_SHAPE = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered,
    exp.With, exp.CTE, exp.Subquery, exp.Union, exp.Table, exp.TableAlias, exp.Column, exp.Star,
    exp.Alias, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Var,
    exp.Distinct, exp.Exists, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType,
    exp.Interval, exp.Window, exp.WindowSpec, exp.Filter, exp.WithinGroup, exp.IgnoreNulls,
)  # fmt: skip
_OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is, exp.In,
    exp.Between, exp.Like, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.Div,
    exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe,
)  # fmt: skip
_FUNCTIONS = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.StddevSamp, exp.LogicalOr, exp.ArgMax,
    exp.ArgMin, exp.PercentileCont, exp.ArrayAgg, exp.GroupConcat, exp.RowNumber, exp.DenseRank,
    exp.Lag, exp.Lead, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Abs, exp.Round,
    exp.Floor, exp.Ceil, exp.Sqrt, exp.Ln, exp.Exp, exp.Lower, exp.Trim, exp.Length, exp.Right,
    exp.Substring, exp.Replace, exp.Split, exp.SplitPart, exp.Unnest, exp.GenerateSeries,
    exp.DateDiff, exp.TimestampTrunc, exp.DateTrunc, exp.TimeToStr, exp.Extract,
)  # fmt: skip
_ALLOWED = frozenset((*_SHAPE, *_OPERATORS, *_FUNCTIONS))
_BY_NAME = frozenset({"epoch_us", "timezone", "to_json"})
_TYPES = frozenset(
    map(
        exp.DataType.build,
        ("boolean", "bigint", "int", "double", "text", "date", "timestamptz", "int128"),
    )
)
_WALL_CLOCK = ("timestamp", "timestampntz")

_USUAL = "say it with what transforms/subset.py lists, or teach transforms/dialect.py its words"
SHOWN = 80
"""Characters of a construct that a message repeats."""
_MENDS: dict[type[exp.Expr], str] = {
    exp.Pivot: "write one aggregate with FILTER for each column",
    exp.Quantile: "write percentile_cont(p) within group (order by x)",
    exp.Median: "write percentile_cont(0.5) within group (order by x)",
    exp.ApproxQuantile: "write percentile_cont(p) within group (order by x)",
    exp.ApproxDistinct: "write count(distinct x)",
    exp.Qualify: "number the rows in a part of WITH, and choose in a WHERE",
    exp.Lambda: "open the list with unnest, and aggregate",
    exp.Array: "a list of shares stands in percentile_cont alone; else use rows",
    exp.ArraySort: "write list_sort(array_agg(x)), which goes up; else use rows",
    exp.Bracket: "a number picks from a column called percentiles; else use unnest, or split_part",
    exp.AnyValue: "write min(x) or max(x): any value is another one on each engine",
    exp.First: "write min_by(x, order): the first is another one on each engine",
    exp.CurrentTimestamp: "read the cut-off from core.sources: a model has no clock",
}


def outside(select: str) -> tuple[str, ...]:
    """What a SELECT uses that is not in the subset, each with its mend, in order; none is right."""
    tree = sqlglot.parse_one(select, read="duckdb")
    return tuple(dict.fromkeys(told for node in tree.walk() for told in _faults(node)))


def _faults(node: exp.Expr) -> Iterator[str]:
    is_known = (
        type(node) in _ALLOWED
        or (isinstance(node, exp.Anonymous) and node.name.lower() in _BY_NAME)
        or _is_of_percentiles(node)
        or _is_sorted_list(node)
    )
    if not is_known:
        called = node.name if isinstance(node, exp.Anonymous) else node.key
        yield _told(node, f"{called} is not in the subset", _MENDS.get(type(node), _USUAL))
    match node:
        case exp.Cast(to=kind) if kind.is_type(*_WALL_CLOCK):
            if not isinstance(node.parent, exp.Anonymous):
                yield _told(node, "a wall clock is no instant", "put timezone('..', ..) around it")
        case exp.Cast(to=kind) if kind not in _TYPES:
            names = ", ".join(sorted(each.sql("duckdb") for each in _TYPES))
            yield _told(node, "tables have no such type", f"one of {names}")
        case exp.TimeToStr() if node.args["format"].name not in FORMATS:
            yield _told(node, "Spark has no such format", f"one of {', '.join(FORMATS)}")
        case exp.Sub() if _is_day(node.this) and _is_day(node.expression):
            yield _told(node, "on Spark that is an interval", "date_diff('day', from, to)")
        case exp.PercentileCont() if not isinstance(node.parent, exp.WithinGroup):
            mend = "write percentile_cont(p) within group (order by x)"
            yield _told(node, "only the standard form is in the subset", mend)
        case exp.Window():
            yield from _faults_of_window(node)
        case exp.ArrayAgg() if _is_sorted_list(node.parent):
            pass
        case exp.ArrayAgg() | exp.GroupConcat() if not isinstance(node.this, exp.Order):
            yield _told(node, "without an order each engine has its own", "add order by")


def _faults_of_window(node: exp.Window) -> Iterator[str]:
    is_numbering = isinstance(node.this, exp.RowNumber | exp.DenseRank)
    if is_numbering and not node.args.get("order") and not node.args.get("alias"):
        yield _told(node, "without an order each engine numbers as it likes", "add order by")
    if isinstance(node.this, exp.Lag | exp.Lead) and node.args.get("spec"):
        yield _told(node, "lag and lead have no frame", "leave ROWS BETWEEN out")


def _told(node: exp.Expr, fault: str, mend: str) -> str:
    return f"{node.sql('duckdb')[:SHOWN]}: {fault}. Mend: {mend}."


def _is_of_percentiles(node: exp.Expr) -> bool:
    """The shares that are asked for at once, or one of what they gave, by its number."""
    if isinstance(node, exp.Array):
        return isinstance(node.parent, exp.PercentileCont)
    return (
        isinstance(node, exp.Bracket)
        and isinstance(node.this, exp.Column)
        and node.this.name == "percentiles"
        and all(isinstance(each, exp.Literal) and each.is_int for each in node.expressions)
    )


def _is_sorted_list(node: exp.Expr | None) -> bool:
    """`list_sort(array_agg(x))`: all of x, going up, nulls last; another order has other words on
    each engine."""
    return (
        isinstance(node, exp.ArraySort)
        and isinstance(node.this, exp.ArrayAgg)
        and not isinstance(node.this.this, exp.Order)
        and node.args.get("asc") is None
        and not node.args["nulls_first"].this
    )


def _is_day(node: exp.Expr) -> bool:
    """A date by its name (`_on`), or by its cast."""
    if isinstance(node, exp.Paren):
        return _is_day(node.this)
    if isinstance(node, exp.Cast):
        return bool(node.to.is_type("date"))
    return isinstance(node, exp.Column) and node.name.endswith("_on")
