"""What each published table loses."""

from __future__ import annotations

import polars as pl

from transforms.withholding import _findings, _heartbeat, _journeys
from transforms.withholding_mining import variants as folded_variants

KPIS = pl.DataFrame(
    {
        "definition": ["workload.opened", "workload.opened", "age.open.median"],
        "journey": ["permit", "care", "permit"],
        "segment_kind": "all",
        "period_kind": "all",
        "n": [90, None, 20],
    }
)


def test_rare_variants_are_folded_with_others_until_the_fold_is_no_small_group() -> None:
    variants = pl.DataFrame(
        {
            "journey": "permit",
            "variant": [1, 2, 3],
            "path": ["a", "b", "c"],
            "cases": [60, 8, 2],
            "share": [86.0, 11.0, 3.0],
            "closed_cases": [60, 8, 2],
            "median_lead_time_days": 20.0,
            "due_cases": [60, 8, 2],
            "on_time_cases": [50, 8, 2],
            "on_time_share": [83.3, 100.0, 100.0],
        }
    )
    folded = folded_variants(variants, 5)
    assert folded["path"].to_list() == ["a", None]
    assert folded["cases"].to_list() == [60, 10]


def test_a_journey_whose_size_is_withheld_has_no_first_day() -> None:
    journeys = pl.DataFrame(
        {
            "journey": ["permit", "care"],
            "cases": [90, 7],
            "open_cases": [20, 7],
            "first_started_on": ["2026-01-05", "2026-02-02"],
        }
    )
    shown = _journeys(journeys, KPIS, 5)
    assert shown["cases"].to_list() == [90, None]
    assert shown["open_cases"].to_list() == [20, None]
    assert shown["first_started_on"].to_list() == ["2026-01-05", None]


def test_rows_set_aside_are_no_people_and_cases_are() -> None:
    findings = pl.DataFrame(
        {
            "finding": ["quarantined_rows", "ends_before_start", "cases_without_team"],
            "affected": [3, 3, 97],
            "total": [100, 100, 100],
        }
    )
    assert _findings(findings, KPIS, 5)["affected"].to_list() == [3, None, None]


def test_signs_of_a_phase_are_withheld_for_every_persona_where_one_has_few() -> None:
    beats = pl.DataFrame(
        {
            "journey": "permit",
            "persona": ["all", "young", "old"],
            "phase": ["ask", "ask", "ask"],
            "moment": "now",
            "first_day": "2026-01-01",
            "last_day": "2026-06-30",
            "basis": "signals",
            "score": "positive",
            "cases": [100, 60, 40],
            "ratings": [0, 0, 0],
            "negative": [10, 8, 2],
            "neutral": [30, 20, 10],
            "positive": [60, 32, 28],
            "late": [20, 10, 10],
            "repeated": [0, 0, 0],
            "handed_off": [0, 0, 0],
            "silent": [0, 0, 0],
        }
    )
    shown = _heartbeat(beats, 5)
    assert shown.select("negative", "neutral", "positive").null_count().row(0) == (3, 3, 3)
    assert shown["late"].to_list() == [20, 10, 10]
    assert shown["cases"].to_list() == [100, 60, 40]
