"""Municipalities side by side: what is compared, what is pooled, and what stays withheld."""

from __future__ import annotations

from typing import Any

import polars as pl

from transforms.side_by_side import side_by_side

ON_TIME = "on_time.due.rolled"
_VALUES = {
    **dict.fromkeys(("definition", "journey", "segment_kind", "segment", "period"), pl.String),
    "n": pl.Int64,
    **dict.fromkeys(("numerator", "denominator", "value", "lower", "upper"), pl.Float64),
    "is_withheld": pl.Boolean,
    "is_rounded": pl.Boolean,
}


def figure(hits: float | None, n: int | None, **more: Any) -> dict[str, Any]:
    told = hits is not None and n is not None
    usual = {"definition": ON_TIME, "journey": "passport", "segment_kind": "all", "segment": "all"}
    usual |= {"period": "all", "n": n, "numerator": hits, "denominator": n}
    usual |= {"value": 100 * hits / n if told else None, "is_withheld": not told}
    return usual | {"is_rounded": False} | more


def town(
    *rows: dict[str, Any], sql: str = "a", settings: str = "a", unit: str = "percent"
) -> tuple[pl.DataFrame, pl.DataFrame]:
    definition = {"definition": ON_TIME, "unit": unit, "sql_hash": sql, "definition_hash": settings}
    return pl.DataFrame(list(rows), schema=_VALUES), pl.DataFrame([definition])


def compared(
    period: str = "all", **towns: tuple[pl.DataFrame, pl.DataFrame]
) -> dict[str, dict[str, Any]]:
    rows = side_by_side(
        {name: values for name, (values, _) in towns.items()},
        {name: known for name, (_, known) in towns.items()},
        period,
    )
    return {row["municipality"]: row for row in rows.to_dicts()}


def test_a_share_far_from_the_others_is_marked() -> None:
    found = compared(
        a=town(figure(900, 1000)), b=town(figure(905, 1000)), c=town(figure(700, 1000))
    )
    assert {name: row["place"] for name, row in found.items()} == {
        "a": "above",
        "b": "above",
        "c": "below",
    }
    assert found["a"]["pooled"] == 100 * 2505 / 3000
    assert found["a"]["funnel_lower"] < found["a"]["pooled"] < found["a"]["funnel_upper"]


def test_what_is_withheld_or_told_roughly_is_in_no_sum() -> None:
    towns = {name: town(figure(90, 100)) for name in "abc"}
    hidden = compared(**towns, d=town(figure(None, None)))
    rough = compared(**towns, d=town(figure(10, 100, is_rounded=True)))
    assert hidden["a"]["pooled"] == rough["a"]["pooled"] == 90.0
    assert (hidden["d"]["value"], hidden["d"]["place"]) == (None, None)
    assert (rough["d"]["value"], rough["d"]["place"]) == (10.0, None)


def test_other_sql_is_not_compared_and_other_settings_are_told() -> None:
    found = compared(
        a=town(figure(90, 100)),
        b=town(figure(90, 100)),
        c=town(figure(90, 100), settings="b"),
        d=town(figure(10, 100), sql="b", settings="c"),
    )
    assert {n: (r["is_same_sql"], r["is_same_settings"]) for n, r in found.items()} == {
        "a": (True, True),
        "b": (True, True),
        "c": (True, False),
        "d": (False, False),
    }
    assert found["a"]["pooled"] == 90.0
    assert found["d"]["place"] is None


def test_times_have_no_funnel_and_keep_their_interval() -> None:
    rows = {n: town(figure(9, 10, lower=1.0, upper=2.0), unit="days") for n in "abc"}
    row = compared(**rows)["a"]
    assert (row["lower"], row["upper"], row["place"]) == (1.0, 2.0, None)


def test_a_journey_of_one_municipality_is_no_comparison_and_a_period_is_by_name() -> None:
    alone = figure(9, 10, journey="market")
    march = figure(8, 10, period="2026-03")
    found = compared(
        "2026-03", a=town(figure(9, 10), march), b=town(march, alone | {"period": "2026-03"})
    )
    assert {name: (row["journey"], row["value"]) for name, row in found.items()} == {
        "a": ("passport", 80.0),
        "b": ("passport", 80.0),
    }
