"""What the process page says of the desired journey, of models and of slow cases."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from dashboards.conformance import Conformance, conformance_of
from dashboards.marts import Marts
from dashboards.text import Text
from tests.dashboards.invented import PATH, invented

EN = Text("en")


def told(marts: Marts) -> Conformance:
    return conformance_of("permits", marts, EN)


def changed(table: str, **columns: object) -> Marts:
    marts = invented()
    frame = marts.tables[table].with_columns(**{n: pl.lit(v) for n, v in columns.items()})
    cast = frame.cast(dict(marts.tables[table].schema))  # type: ignore[arg-type]
    return replace(marts, tables={**marts.tables, table: cast})


def without(table: str, keep: pl.Expr) -> Marts:
    marts = invented()
    return replace(marts, tables={**marts.tables, table: marts.tables[table].filter(keep)})


def test_a_bound_is_said_to_be_one() -> None:
    said = told(invented()).desired
    assert said.startswith("At least 75.2\N{NO-BREAK SPACE}% and at most 77.9\N{NO-BREAK SPACE}%")
    assert "12 of 116 routes have not been compared yet" in said


def test_the_widest_and_the_costliest_deviation_are_named() -> None:
    said = told(invented()).desired
    assert f"touched, and most days lost, by ‘{PATH[1]}: done again’: 311 residents" in said
    apart = told(without("deviations", pl.col("kind") != "again")).desired
    assert f"touched, and most days lost, by ‘{'T07 Ask the applicant'}: not in the flow’" in apart


def test_deviations_of_two_kinds_are_two_sentences() -> None:
    said = told(without("deviations", ~pl.col("kind").is_in(["again", "extra", "within"]))).desired
    assert f"touched by ‘{PATH[3]}: skipped’: 30 residents." in said
    assert f"lost by ‘{PATH[4]}: at another place’: 1\N{NO-BREAK SPACE}day in all." in said


def test_each_kind_has_words_and_a_withheld_one_no_numbers() -> None:
    table = told(invented()).deviations
    assert table is not None
    said = [row[0].words for row in table.rows]
    assert f"{PATH[2]} more than 5 days after {PATH[0]}" in said
    assert "handoffs between teams: more than 1" in said
    assert f"{PATH[0]} and {PATH[2]} by the same person" in said
    last = table.rows[-1]
    assert last[0].words == "T99 Rare step: not in the flow"
    assert {cell.words for cell in last[1:]} == {"withheld"}


@pytest.mark.parametrize(
    ("marts", "said"),
    [
        (
            changed("process_fit", unaligned_variants=0),
            "75.2\N{NO-BREAK SPACE}% of closed cases go",
        ),
        (changed("deviations", is_withheld=True, residents=None), "The deviations are withheld."),
        (changed("process_fit", perfectly_fitting_share=None), "is withheld. Most residents"),
    ],
)
def test_what_is_known_is_said(marts: Marts, said: str) -> None:
    assert said in told(marts).desired


def test_a_journey_without_a_wish_says_so() -> None:
    marts = without("process_fit", pl.col("model") != "desired")
    empty = marts.tables["deviations"].clear()
    found = told(replace(marts, tables={**marts.tables, "deviations": empty}))
    assert found.desired == "How this journey should go has not been laid down."
    assert found.deviations is None


def test_no_deviation_is_claimed_to_be_absent_while_routes_are_left() -> None:
    left = told(without("deviations", pl.lit(value=False))).desired
    assert "no deviations" not in left
    whole = changed("process_fit", unaligned_variants=0)
    empty = {**whole.tables, "deviations": whole.tables["deviations"].clear()}
    assert told(replace(whole, tables=empty)).desired.endswith("There are no deviations.")


def test_the_best_model_is_named_and_what_it_leaves_out() -> None:
    found = told(changed("process_fit", covered_share=96.0))
    assert "‘inductive miner, noise left out’ fits best: 75.2" in found.models
    assert "the routes of 96.0\N{NO-BREAK SPACE}% of cases" in found.models
    assert found.qualities is not None
    assert found.qualities.rows[2][-1].words == "unknown"


def test_what_goes_with_slow_cases_is_said_with_both_shares() -> None:
    found = told(invented())
    assert f"‘{PATH[1]}, more than once’: 46.3" in found.slow
    assert found.traits is not None
    assert [row[4].words for row in found.traits.rows] == ["28 to 40"]
    none = told(changed("variant_lift", is_clear=False))
    assert (none.slow, none.traits) == ("No trait clearly goes with slow cases.", None)
