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
