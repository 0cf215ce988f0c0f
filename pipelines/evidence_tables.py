"""Verdicts as tables of `mart`, published like any other.

What belongs here: columns. Counts are rounded to tens, so that no withheld month follows from a
sum. What does not: judging (`transforms/evidence/`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.evidence import Judged
from transforms.evidence.history import Kind, first_day
from transforms.evidence.monthly import as_shown

EVIDENCE: dict[str, Any] = {
    "improvement": pl.String,
    "definition": pl.String,
    "verdict": pl.String,
    "reason": pl.String,
    "unit": pl.String,
    "effect": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "smallest_visible": pl.Float64,
    "p": pl.Float64,
    "autocorrelation": pl.Float64,
    "items_before": pl.Int64,
    "items_after": pl.Int64,
    "first_month": pl.Date,
    "last_month_before": pl.Date,
    "first_month_after": pl.Date,
    "last_month_after": pl.Date,
    "followed_days": pl.Float64,
    "weeks_needed": pl.Int64,
    "expected": pl.Float64,
    "expected_unit": pl.String,
    "expectation": pl.String,
    "naive_before": pl.Float64,
    "naive_after": pl.Float64,
    "naive_change": pl.Float64,
    "naive_verdict": pl.String,
    "rule": pl.String,
    "definition_hash": pl.String,
    "register_hash": pl.String,
}
CHECKS: dict[str, Any] = {
    "improvement": pl.String,
    "definition": pl.String,
    "position": pl.Int64,
    "check": pl.String,
    "passed": pl.Boolean,
    "facts": pl.String,
}
POINTS: dict[str, Any] = {
    "improvement": pl.String,
    "definition": pl.String,
    "month": pl.Date,
    "is_after": pl.Boolean,
    "level": pl.Float64,
}
ANALYSES: dict[str, Any] = {
    "improvement": pl.String,
    "definition": pl.String,
    "position": pl.Int64,
    "analysis": pl.String,
    "detail": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "p": pl.Float64,
    "verdict": pl.String,
}
EVIDENCE_TABLES = {
    "improvement_evidence": EVIDENCE,
    "evidence_checks": CHECKS,
    "evidence_points": POINTS,
    "evidence_analyses": ANALYSES,
}
MEANINGS = {
    "improvement_evidence": "The verdict on each effect that the register expects.",
    "evidence_checks": "What must hold before a difference may be claimed, and whether it does.",
    "evidence_points": "The monthly levels that were compared, the mix of groups held constant.",
    "evidence_analyses": "Other methods, competing definitions and placebo dates; none decides.",
}
_NUMBERS = (
    *("effect", "lower", "upper", "smallest_visible", "p", "autocorrelation"),
    *("items_before", "items_after", "naive_before", "naive_after", "naive_change"),
)
_UNITS: Mapping[Kind, str] = {"time": "percent", "share": "points", "mean": "absolute"}


def evidence_tables(
    judged: Sequence[Judged], hashes: Mapping[str, str], threshold: int
) -> dict[str, pl.DataFrame]:
    """The four tables by name; `hashes` is that of each definition. Sides and months of fewer items
    than the threshold tell no number."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in EVIDENCE_TABLES}
    for each in judged:
        is_small = min(each.verdict.items_before, each.verdict.items_after) < threshold
        row = _evidence(each, hashes)
        hidden = dict.fromkeys(_NUMBERS) if is_small else {}
        rows["improvement_evidence"].append(row | hidden)
        rows["evidence_checks"] += _checks(each)
        rows["evidence_points"] += _points(each, threshold)
        rows["evidence_analyses"] += [] if is_small else _analyses(each)
    return {
        name: pl.DataFrame(rows[name], schema=schema, orient="row")
        for name, schema in EVIDENCE_TABLES.items()
    }


def _key(each: Judged) -> dict[str, Any]:
    return {"improvement": each.verdict.improvement, "definition": each.verdict.definition}


def _evidence(each: Judged, hashes: Mapping[str, str]) -> dict[str, Any]:
    found, asked = each.verdict, each.verdict.window
    effect = found.effect
    return {
        **_key(each),
        "verdict": found.verdict,
        "reason": found.reason,
        "unit": _UNITS[each.question.kind],
        "effect": effect.mean if effect else None,
        "lower": effect.lower if effect else None,
        "upper": effect.upper if effect else None,
        "smallest_visible": effect.smallest_visible if effect else None,
        "p": effect.p if effect else None,
        "autocorrelation": effect.autocorrelation if effect else None,
        "items_before": round(found.items_before, -1),
        "items_after": round(found.items_after, -1),
        "first_month": first_day(asked.first),
        "last_month_before": first_day(asked.last_before),
        "first_month_after": first_day(asked.first_after),
        "last_month_after": first_day(asked.last_after) if asked.months_after else None,
        "followed_days": asked.horizon_days,
        "weeks_needed": found.weeks_needed,
        "expected": each.question.expected,
        "expected_unit": each.question.expected_unit,
        "expectation": found.expectation,
        "naive_before": _number(found.naive.before),
        "naive_after": _number(found.naive.after),
        "naive_change": _number(found.naive.change),
        "naive_verdict": found.naive.says,
        "rule": found.rule,
        "definition_hash": hashes.get(found.definition),
        "register_hash": _register_hash(each),
    }


def _register_hash(each: Judged) -> str:
    """Of what the register says that a verdict hangs on: date, transition, comparison, wish."""
    asked = each.question
    said = (
        asked.went_live_on.isoformat(),
        asked.transition_days,
        asked.expected,
        asked.expected_unit,
        each.compared_with,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _number(value: float) -> float | None:
    """Three digits, so that no sum over a small month follows from it."""
    return float(f"{value:.3g}") if value == value else None


def _checks(each: Judged) -> list[dict[str, Any]]:
    return [
        {
            **_key(each),
            "position": position,
            "check": check.name,
            "passed": check.passed,
            "facts": json.dumps(dict(check.facts), sort_keys=True),
        }
        for position, check in enumerate(each.verdict.checks)
    ]


def _points(each: Judged, threshold: int) -> list[dict[str, Any]]:
    points = each.verdict.points
    return [
        {
            **_key(each),
            "month": first_day(int(month)),
            "is_after": bool(month >= each.verdict.window.first_after),
            "level": as_shown(float(level), each.question),
        }
        for month, level, count in zip(points.month, points.level, points.count, strict=True)
        if count >= threshold
    ]


def _analyses(each: Judged) -> list[dict[str, Any]]:
    own = [
        {
            "analysis": found.name,
            "detail": found.detail,
            "value": found.value,
            "lower": found.lower,
            "upper": found.upper,
            "p": found.p,
            "verdict": None,
        }
        for found in each.analyses
    ]
    others = [
        {
            "analysis": "definition",
            "detail": other.definition,
            "value": other.effect.mean if other.effect else None,
            "lower": other.effect.lower if other.effect else None,
            "upper": other.effect.upper if other.effect else None,
            "p": other.effect.p if other.effect else None,
            "verdict": other.verdict,
        }
        for other in each.others
    ]
    return [
        {**_key(each), "position": position, **row} for position, row in enumerate([*own, *others])
    ]
