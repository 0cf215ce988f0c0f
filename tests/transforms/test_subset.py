"""Models keep to the SQL that both engines read alike; what leaves it is told with its mend."""

from __future__ import annotations

import pytest

from transforms.models import Model, load_models
from transforms.subset import outside

MODELS = load_models().values()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_the_model_keeps_to_the_subset(model: Model) -> None:
    assert outside(model.select) == ()


@pytest.mark.parametrize(
    ("select", "fault", "mend"),
    [
        ("select median(x) from t", "median is not", "percentile_cont(0.5) within group"),
        (
            "select quantile_cont(x, 0.9) from t",
            "only the standard form",
            "percentile_cont(p) within group",
        ),
        ("select [x, y] from t", "array is not", "in percentile_cont alone"),
        ("select made[1] from t", "bracket is not", "a column called percentiles"),
        ("select percentiles[x] from t", "bracket is not", "a number picks"),
        ("select any_value(x) from t", "anyvalue is not", "min(x) or max(x)"),
        ("select list_sort(x) from t", "arraysort is not", "list_sort(array_agg(x))"),
        ("select list_sort(array_agg(x), 'desc') from t", "arraysort is not", "goes up"),
        ("select list_sort(array_agg(x), 'asc', 'nulls first') from t", "arraysort is not", "up"),
        ("select list_sort(array_agg(x order by y)) from t", "arraysort is not", "goes up"),
        ("select soundex_of_ours(x) from t", "soundex_of_ours is not", "transforms/dialect.py"),
        ("select x from t qualify x > 1", "qualify is not", "part of WITH"),
        ("select closed_on - opened_on from t", "an interval", "date_diff('day', from, to)"),
        ("select closed_on - (cast(x as date)) from t", "an interval", "date_diff('day'"),
        ("select strftime(x, '%j') from t", "no such format", "%G-W%V"),
        ("select cast(x as uuid) from t", "no such type", "BIGINT"),
        ("select cast(x as timestamp) from t", "wall clock", "timezone("),
        ("select row_number() over () from t", "numbers as it likes", "add order by"),
        ("select string_agg(x, ',') from t", "each engine has its own", "add order by"),
        (
            "select lead(x) over (order by y rows between 1 preceding and current row) from t",
            "have no frame",
            "leave ROWS BETWEEN out",
        ),
        ("select current_timestamp", "is not", "core.sources"),
    ],
)
def test_what_leaves_the_subset_is_told_with_its_mend(select: str, fault: str, mend: str) -> None:
    [told, *_] = outside(select)
    assert fault in told
    assert mend in told


def test_an_ordered_difference_of_numbers_is_no_difference_of_days() -> None:
    assert outside("select a - b, closed_on - 1, closed_on + b from core.t") == ()


def test_all_of_a_column_is_sorted_as_a_list() -> None:
    assert outside("select list_sort(array_agg(x)) from t") == ()


def test_several_shares_are_asked_for_at_once_and_picked_by_number() -> None:
    asked = (
        "select percentile_cont([0.5, 0.9]) within group (order by x) as percentiles from core.t"
    )
    assert outside(f"with t as ({asked}) select t.percentiles[2] from t") == ()
