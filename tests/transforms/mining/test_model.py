"""Fitness and precision of mined models, where they are known."""

from __future__ import annotations

import json

import polars as pl
import pytest

from transforms.mining.model import FIT_SCHEMA, process_fit

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def variants(*rows: tuple[str, str, int]) -> pl.DataFrame:
    """(journey, activities as letters, cases)."""
    return pl.DataFrame(
        [(journey, json.dumps(list(path)), cases) for journey, path, cases in rows],
        schema={"journey": pl.String, "path": pl.String, "cases": pl.Int64},
        orient="row",
    )


def test_one_path_is_described_perfectly() -> None:
    [fit] = process_fit(variants(("permits", "abc", 10))).to_dicts()
    assert (fit["cases"], fit["fitness"], fit["precision"]) == (10, 1.0, 1.0)
    assert fit["perfectly_fitting_share"] == 100.0


def test_a_rare_detour_is_left_out_of_the_model_and_lowers_its_fitness() -> None:
    [fit] = process_fit(variants(("permits", "abc", 95), ("permits", "acbbcca", 5))).to_dicts()
    assert 0.5 < fit["fitness"] < 1.0
    assert fit["perfectly_fitting_share"] == pytest.approx(95.0)


def test_each_journey_has_its_own_model() -> None:
    found = process_fit(variants(("permits", "ab", 3), ("care", "xyz", 4)))
    assert found.select("journey", "cases").rows() == [("care", 4), ("permits", 3)]


def test_no_cases_give_no_rows_of_the_same_shape() -> None:
    found = process_fit(variants())
    assert (found.height, dict(found.schema)) == (0, FIT_SCHEMA)
