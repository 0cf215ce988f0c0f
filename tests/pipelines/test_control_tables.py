"""Charts of published months: limits on trial are drawn and say nothing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipelines.control_tables import control_tables

DEFINITION = "lead_time.km.median"


def marts(months: int) -> dict[str, pl.DataFrame]:
    """Steady months, and a last one far out."""
    starts = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(months)]
    values = [40.0 + n % 2 for n in range(months - 1)] + [90.0]
    figures = pl.DataFrame({"period_start": starts, "value": values}).with_columns(
        definition=pl.lit(DEFINITION),
        journey=pl.lit("permits"),
        segment_kind=pl.lit("all"),
        period_kind=pl.lit("month"),
        n=pl.lit(50),
        is_mature=pl.lit(value=True),
        is_withheld=pl.lit(value=False),
    )
    return {
        "kpi_values": figures,
        "improvements": pl.DataFrame(
            {"improvement": ["one"], "journey": ["permits"], "went_live_on": [date(2030, 1, 1)]}
        ),
        "improvement_evidence": pl.DataFrame({"improvement": ["one"], "definition": [DEFINITION]}),
        "norms": pl.DataFrame(
            {
                "journey": ["permits"],
                "definition": [DEFINITION],
                "at_most": [38.0],
                "at_least": [None],
            }
        ),
        "definitions": pl.DataFrame(
            {"definition": [DEFINITION], "unit": ["days"], "direction": ["lower"]}
        ),
    }


@pytest.mark.parametrize(("months", "said"), [(12, ""), (24, "concerning")])
def test_a_month_stands_out_only_where_limits_are_no_longer_on_trial(
    months: int, said: str
) -> None:
    last = control_tables(marts(months))["control_points"].row(-1, named=True)
    assert last["upper"] is not None
    assert last["value"] > last["upper"]
    assert last["meaning"] == said


def test_the_norm_is_the_target_that_ordinary_variation_never_meets() -> None:
    [chart] = control_tables(marts(24))["control_charts"].to_dicts()
    assert (chart["target"], chart["variation"]) == (38.0, "concerning")
    steady = marts(24)
    calm = steady["kpi_values"].with_columns(value=pl.lit(40.0) + pl.int_range(24) % 2)
    [chart] = control_tables(steady | {"kpi_values": calm})["control_charts"].to_dicts()
    assert (chart["assurance"], chart["variation"]) == ("hit_or_miss", "common_cause")
    far = steady["norms"].with_columns(at_most=pl.lit(30.0))
    [chart] = control_tables(steady | {"kpi_values": calm, "norms": far})[
        "control_charts"
    ].to_dicts()
    assert chart["assurance"] == "failing"


@pytest.mark.parametrize(
    ("live", "refusal"), [(date(2025, 1, 1), None), (date(2025, 9, 1), "too_few_after")]
)
def test_which_entries_of_the_register_gave_new_limits_is_told(
    live: date, refusal: str | None
) -> None:
    tables = marts(24)
    register = tables["improvements"].with_columns(went_live_on=pl.lit(live))
    found = control_tables(tables | {"improvements": register})
    [change] = found["control_changes"].to_dicts()
    assert (change["improvement"], change["month"], change["refusal"]) == ("one", live, refusal)
    stretches = found["control_points"]["stretch"].drop_nulls().n_unique()
    assert stretches == (1 if refusal else 2)


def test_an_improvement_for_another_figure_renews_no_limits() -> None:
    tables = marts(24)
    more = pl.DataFrame(
        {"improvement": ["two"], "journey": ["permits"], "went_live_on": [date(2025, 1, 1)]}
    )
    wish = pl.DataFrame({"improvement": ["two"], "definition": ["handoffs.team.per_case"]})
    known = {"definition": ["handoffs.team.per_case"], "unit": ["per_case"], "direction": ["lower"]}
    found = control_tables(
        tables
        | {
            "improvements": pl.concat([tables["improvements"], more]),
            "improvement_evidence": pl.concat([tables["improvement_evidence"], wish]),
            "definitions": pl.concat([tables["definitions"], pl.DataFrame(known)]),
        }
    )
    changes = found["control_changes"].filter(pl.col("definition") == DEFINITION)
    assert changes["improvement"].to_list() == ["one"]


def test_limits_on_trial_are_no_part_of_the_false_alarms() -> None:
    [chart] = control_tables(marts(12))["control_charts"].to_dicts()
    assert chart["false_alarm"] is None
