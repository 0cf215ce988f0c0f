"""A town of `invented` with one improvement that was judged: its verdict and all that was looked at."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl

from dashboards.marts import SCHEMA, Marts
from dashboards.text import catalogue
from tests.dashboards.invented import invented

CHECKS = sorted(k.split(".")[1] for k in catalogue("nl") if k.startswith("check."))
FACTS: dict[str, dict[str, Any]] = {
    "cohorts_mature": {"left_out": 3, "horizon_days": 80},
    "enough_months": {"before": 5, "after": 9},
    "season_covered": {"share": 0.5, "months": 14},
    "registration_unchanged": {"traits": ["outside_office_hours", "activity:Intake"]},
    "volume_comparable": {"ratio": 0.61},
    "mix_comparable": {"moved": 0.4},
    "one_change_at_a_time": {"near": ["two"], "others": [], "cut_by": ["two"]},
    "parallel_before": {"yearly": 0.2},
    "baseline_stable": {"yearly": -0.1},
    "date_robust": {"chance": 0.7},
    "moved_itself": {"chance": 0.6},
}
ROW: dict[str, Any] = {
    "improvement": "one",
    "definition": "lead_time.km.median",
    "verdict": "improved",
    "reason": "proven",
    "unit": "percent",
    "effect": -26.2,
    "lower": -41.6,
    "upper": -10.5,
    "smallest_visible": 25.8,
    "p": 0.004,
    "items_before": 810,
    "items_after": 740,
    "first_month": date(2024, 4, 1),
    "last_month_before": date(2025, 5, 1),
    "first_month_after": date(2025, 6, 1),
    "last_month_after": date(2026, 6, 1),
    "followed_days": 88.0,
    "weeks_needed": None,
    "expected": -20.0,
    "expected_unit": "percent",
    "expectation": "met",
    "naive_before": 50.0,
    "naive_after": 37.0,
    "naive_verdict": "improved",
    "rule": "2026.1",
    "definition_hash": "a" * 64,
}


def checks() -> list[dict[str, Any]]:
    return [
        {
            "improvement": "one",
            "definition": ROW["definition"],
            "position": position,
            "check": name,
            "passed": position % 2 == 0,
            "facts": json.dumps(FACTS[name]),
        }
        for position, name in enumerate(CHECKS)
    ]


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA[table], orient="row")


def marts(**row: Any) -> Marts:
    """The invented town, with one improvement that was judged."""
    base = invented()
    journey = base.rows("journeys")[0]["journey"]
    item = {"improvement": "one", "journey": journey, "name_nl": "Eén <b>", "name_en": "One <b>"}
    item |= {"went_live_on": date(2025, 6, 1), "owner": "Team", "cost_eur": 85_000.0}
    key = {"improvement": "one", "definition": ROW["definition"]}
    points = [
        key | {"month": date(2025, month, 1), "is_after": month >= 6, "level": 50.0 - month}
        for month in range(1, 13)
    ]
    analyses = [
        key | {"position": n, "analysis": name, "detail": detail, "value": -20.0, "p": 0.0001}
        for n, (name, detail) in enumerate(
            [
                *[(name, "88") for name in ("level", "slope", "restricted_mean", "log_rank")],
                *[("drawn_again", ""), ("placebo", "2024-09-01")],
                ("definition", "lead_time.closed.median"),
            ]
        )
    ]
    for each in analyses:
        each |= {"lower": -30.0, "upper": -1.0, "verdict": "improved"}
    chart = {"journey": journey, "definition": ROW["definition"], "kind": "xmr"}
    control = [
        {"journey": journey, "definition": ROW["definition"], "month": date(2025, month, 1)}
        | {"value": 40.0 + month, "state": "judged" if month < 12 else "immature", "centre": 46.0}
        | {"stretch": 0 if month < 6 else 1, "lower": 40.0, "upper": 52.0, "flags": ""}
        | {"meaning": "concerning" if month == 11 else ""}
        for month in range(1, 13)
    ]
    chart |= {"rules": "mdc2023", "variation": "concerning", "false_alarm": 27.4}
    changed = key | {"publication": "run", "was": "not_yet", "became": "improved", "cause": "data"}
    tables = base.tables | {
        "improvements": frame("improvements", [item]),
        "improvement_evidence": frame("improvement_evidence", [ROW | row]),
        "evidence_checks": frame("evidence_checks", checks()),
        "evidence_points": frame("evidence_points", points),
        "evidence_analyses": frame("evidence_analyses", analyses),
        "control_charts": frame("control_charts", [chart]),
        "control_points": frame("control_points", control),
        "verdict_changes": frame("verdict_changes", [changed]),
    }
    return Marts(base.manifest, tables)
