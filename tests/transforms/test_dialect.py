"""What the models say in DuckDB's words means the same in Spark's."""

from __future__ import annotations

import pytest

from transforms.dialect import Closure, Part, UnknownConstructError, spark_query
from transforms.models import Model, load_models

MODELS = load_models().values()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            "percentile_cont(0.5) within group (order by x) filter (where y)",
            "PERCENTILE_CONT(0.5D) WITHIN GROUP (ORDER BY x NULLS LAST) FILTER(WHERE y)",
        ),
        (
            "percentile_cont([0.5, 0.9]) within group (order by x)",
            "PERCENTILE_CONT(ARRAY(0.5D, 0.9D)) WITHIN GROUP (ORDER BY x NULLS LAST)",
        ),
        ("percentiles[2]", "percentiles[1]"),
        ("a // b", "a DIV b"),
        ("a / b", "CAST(a AS DOUBLE) / b"),
        ("100.0 * a", "100.0D * a"),
        ("epoch_us(x)", "UNIX_MICROS(x)"),
        ("timezone('Europe/Paris', x)", "FROM_UTC_TIMESTAMP(x, 'Europe/Paris')"),
        (
            "timezone('Europe/Paris', cast(x as timestamp))",
            "TO_UTC_TIMESTAMP(CAST(x AS TIMESTAMP), 'Europe/Paris')",
        ),
        ("date_diff('day', a, b)", "DATEDIFF(DAY, a, b)"),
        ("extract(isodow from x)", "EXTRACT(DAYOFWEEK_ISO FROM x)"),
        ("strftime(x, '%Y-%m')", "DATE_FORMAT(x, 'yyyy-MM')"),
        ("cast(x as timestamptz)", "CAST(x AS TIMESTAMP)"),
        ("cast(x as hugeint)", "CAST(x AS DECIMAL(38, 0))"),
        ("max_by(a, b)", "MAX_BY(a, CASE WHEN a IS NOT NULL THEN b END)"),
        ("lag(x ignore nulls) over w", "LAG(x) IGNORE NULLS OVER w"),
        ("lead(x) over w - x", "(LEAD(x) OVER w) - x"),
        (
            "array_agg(x order by y)",
            "TRANSFORM(ARRAY_SORT(COLLECT_LIST(STRUCT(y AS k0, x AS v))), each -> each.v)",
        ),
        (
            "list_sort(array_agg(x))",
            "TRANSFORM(ARRAY_SORT(COLLECT_LIST(STRUCT(x AS v))), each -> each.v)",
        ),
    ],
)
def test_the_words_of_the_other_engine(ours: str, theirs: str) -> None:
    assert spark_query(f"select {ours} as it").select == f"SELECT {theirs} AS it"


def test_a_list_that_goes_down_has_no_words() -> None:
    with pytest.raises(UnknownConstructError, match="Mend: write order by"):
        spark_query("select array_agg(x order by y desc)")


def test_a_list_that_has_an_order_is_not_sorted_again() -> None:
    with pytest.raises(UnknownConstructError, match="only a list of all rows"):
        spark_query("select list_sort(array_agg(x order by y)) from core.t")


def test_a_format_without_words_is_told_with_those_that_have_them() -> None:
    with pytest.raises(UnknownConstructError, match="%G-W%V"):
        spark_query("select strftime(x, '%j')")


def test_a_part_that_is_costly_and_read_twice_is_shared() -> None:
    query = spark_query(
        "with a as (select x, count(*) as n from core.t group by x), b as (select x from a)"
        " select a.n from a inner join b on b.x = a.x"
    )
    assert query.reads == ("core.t",)
    assert [(part.name, part.is_shared) for part in query.parts if isinstance(part, Part)] == [
        ("a", True),
        ("b", False),
    ]
    assert "core__t" in query.parts[0].select  # type: ignore[union-attr]


def test_a_recursion_by_union_is_a_closure_with_its_two_halves() -> None:
    query = spark_query(
        "with recursive r as (select a, b from e union"
        " select r.a, e.b from r inner join e on e.a = r.b) select * from r"
    )
    assert query.parts == (
        Closure(
            "r",
            ("a", "b"),
            "SELECT a, b FROM e",
            "SELECT r.a, e.b FROM r INNER JOIN e ON e.a = r.b",
        ),
    )
    assert query.select == "SELECT * FROM r"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_reads_the_same_tables_on_spark(model: Model) -> None:
    assert spark_query(model.select).reads == model.reads
