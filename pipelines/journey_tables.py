"""The configuration of journeys as tables: cases, phases, activities with a meaning, heartbeat."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.method import PHASES as METHOD
from pipelines.municipality import Municipality
from pipelines.term_tables import newest_term

JOURNEY_SCHEMAS: dict[str, dict[str, Any]] = {
    "journeys": {
        "journey": pl.String,
        "position": pl.Int64,
        "name_nl": pl.String,
        "name_en": pl.String,
        "service_formula": pl.String,
        "term_weeks": pl.Int32,
        "legal_basis": pl.String,
        "is_statutory": pl.Boolean,
        "has_end_activities": pl.Boolean,
        "gap_days": pl.Int32,
        "knows_suspensions": pl.Boolean,
        "knows_extensions": pl.Boolean,
        "knows_notices": pl.Boolean,
        "is_lifelong": pl.Boolean,
        "reassessed_within_months": pl.Int32,
    },
    "case_types": {"case_type": pl.String, "journey": pl.String},
    "lifelong_case_types": {"case_type": pl.String, "journey": pl.String},
    "reopening_activities": {"journey": pl.String, "activity": pl.String},
    "end_activities": {"journey": pl.String, "activity": pl.String},
    "phases": {
        "journey": pl.String,
        "phase": pl.String,
        "name_nl": pl.String,
        "name_en": pl.String,
        "position": pl.Int64,
        "silence_days": pl.Int32,
    },
    "phase_activities": {"journey": pl.String, "phase": pl.String, "activity": pl.String},
    "method_phases": {
        "journey": pl.String,
        "phase": pl.String,
        "position": pl.Int64,
        "started_on": pl.Date,
    },
    "heartbeat_spans": {
        "journey": pl.String,
        "moment": pl.String,
        "first_day": pl.Date,
        "last_day": pl.Date,
    },
    "desired_beats": {
        "journey": pl.String,
        "phase": pl.String,
        "persona": pl.String,
        "score": pl.String,
    },
}


def journey_rows(m: Municipality) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each of them, in the order of the configuration."""
    return {
        "journeys": _journeys(m),
        "case_types": [(t, j.id) for j in m.journeys for t in j.case_types],
        "lifelong_case_types": [(t, j.id) for j in m.journeys for t in j.lifelong_case_types],
        "reopening_activities": [(j.id, a) for j in m.journeys for a in j.reopens_with],
        "end_activities": [(j.id, a) for j in m.journeys for a in j.ends_with],
        "phases": [
            (j.id, p.id, p.name.nl, p.name.en, i, p.silence_days)
            for j in m.journeys
            for i, p in enumerate(j.phases, 1)
        ],
        "phase_activities": [
            (j.id, p.id, a) for j in m.journeys for p in j.phases for a in p.activities
        ],
        "method_phases": [
            (j.id, phase, METHOD.index(phase), day)
            for j in m.journeys
            for phase, day in j.method.days()
        ],
        "heartbeat_spans": [
            (j.id, moment, span.first, span.last)
            for j in m.journeys
            for moment, span in (("before", j.heartbeat.before), ("now", j.heartbeat.now))
            if span is not None
        ],
        "desired_beats": [
            (j.id, beat.phase, beat.persona, beat.score)
            for j in m.journeys
            for beat in j.heartbeat.desired
        ],
    }


def _journeys(m: Municipality) -> list[tuple[Any, ...]]:
    return [
        (
            j.id,
            i,
            j.name.nl,
            j.name.en,
            j.service_formula,
            term.length_days // 7 if term else None,
            term.legal_basis if term else None,
            term.is_statutory if term else True,
            bool(j.ends_with),
            j.gap_days,
            j.suspends is not None,
            bool(j.extended_by),
            bool(j.notice_of_default),
            j.lifelong,
            j.reassessed_within_months,
        )
        for i, j in enumerate(m.journeys)
        for term in [newest_term(j)]
    ]
