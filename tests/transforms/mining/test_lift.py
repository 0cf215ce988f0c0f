"""Intervals and tests where others published or programmed them; what is said of slow cases."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.mining.lift import (
    LIFT_COLUMNS,
    LIFT_SCHEMA,
    benjamini_hochberg,
    fisher,
    newcombe,
    variant_lift,
    wilson,
)


def test_wilson_as_published() -> None:
    """Newcombe 1998 (Statistics in Medicine 17:857), table I: 81 of 263."""
    assert wilson(81, 263) == pytest.approx((25.53, 36.62), abs=0.005)


@pytest.mark.parametrize(
    ("table", "interval"),
    [
        ((56, 70, 48, 80), (5.24, 33.39)),
        ((9, 10, 3, 10), (17.05, 80.90)),
        ((10, 10, 0, 10), (60.75, 100.0)),
    ],
)
def test_newcombe_as_published(
    table: tuple[int, int, int, int], interval: tuple[float, float]
) -> None:
    """Newcombe 1998 (Statistics in Medicine 17:873), table II, method 10."""
    assert newcombe(*table) == pytest.approx(interval, abs=0.01)


def test_benjamini_and_hochberg_as_published() -> None:
    """Benjamini & Hochberg 1995, section 4: of 15 hypotheses the first four are rejected."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    q = benjamini_hochberg(p)
    assert [value <= 0.05 for value in q] == [True] * 4 + [False] * 11
    assert benjamini_hochberg(p[::-1]) == q[::-1]


@settings(deadline=None)  # the first import of scipy
@given(*[st.integers(0, 30)] * 4)
def test_fisher_is_that_of_scipy(a: int, b: int, c: int, d: int) -> None:
    from scipy.stats import fisher_exact

    if a + b and c + d:
        found = fisher(a, a + b, c, c + d)
        assert found == pytest.approx(fisher_exact([[a, b], [c, d]]).pvalue, abs=1e-9)


def counts(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    """(trait, value, cases, slow cases) of 200 cases, 50 of which are slow."""
    return pl.DataFrame(
        [("permits", *row, 200, 50, 60.0) for row in rows],
        schema=[
            "journey",
            "trait",
            "value",
            "cases",
            "slow_cases",
            "all_cases",
            "all_slow_cases",
            "slow_from_days",
        ],
        orient="row",
    )


def test_a_trait_of_slow_cases_is_told_with_its_size_and_doubt() -> None:
    [row] = variant_lift(counts(("again", "check", 40, 30))).to_dicts()
    assert (row["slow_share"], row["other_share"], row["difference"]) == (75.0, 12.5, 62.5)
    assert row["lift"] == 3.0
    assert row["difference_lower"] < 62.5 < row["difference_upper"]
    assert (row["q_value"], row["is_clear"]) == (row["p_value"], True)


def test_chance_over_many_traits_is_controlled() -> None:
    """One of twenty traits has p of 0.04, which is what twenty traits give by chance."""
    many = [("channel", str(n), 100, 25) for n in range(19)]
    odd = variant_lift(counts(("channel", "odd", 100, 32), *many))
    [row] = odd.filter(pl.col("value") == "odd").to_dicts()
    assert row["p_value"] < 0.05 < row["q_value"]
    assert row["is_clear"] is False


def test_what_all_cases_have_tells_nothing() -> None:
    assert variant_lift(counts(("activity", "start", 200, 50))).is_empty()


def test_no_counts_give_no_rows_of_the_same_shape() -> None:
    found = variant_lift(counts())
    assert (found.height, dict(found.schema)) == (0, LIFT_SCHEMA)
    assert list(LIFT_COLUMNS) == list(LIFT_SCHEMA)
