"""What the configuration says of terms, as `config` tables.

What belongs here: rows for SQL. What does not: the shape of the keys (`terms.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from pipelines.municipality import Journey, Municipality
from pipelines.terms import Penalty, Term

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 12, 31)

TERM_SCHEMAS: dict[str, dict[str, Any]] = {
    "terms": {
        "term": pl.Int32,
        "journey": pl.String,
        "case_type": pl.String,
        "valid_from": pl.Date,
        "valid_until": pl.Date,
        "term_days": pl.Int32,
        "longest_rolling_days": pl.Int32,
        "extension_days": pl.Int32,
        "legal_basis": pl.String,
        "is_statutory": pl.Boolean,
        "has_start_activities": pl.Boolean,
        "has_penalty": pl.Boolean,
    },
    "term_activities": {
        "journey": pl.String,
        "term": pl.Int32,
        "role": pl.String,
        "activity": pl.String,
    },
    "waiting_statuses": {"source": pl.String, "status": pl.String},
    "suspending": {
        "journey": pl.String,
        "rule": pl.Int32,
        "side": pl.String,
        "ground": pl.String,
        "stops_term": pl.Boolean,
        "period_days": pl.Int32,
        "role": pl.String,
        "activity": pl.String,
    },
    "penalties": {
        "regime": pl.Int32,
        "valid_from": pl.Date,
        "valid_until": pl.Date,
        "grace_days": pl.Int32,
        "legal_basis": pl.String,
        "days": pl.Int32,
        "amount_eur": pl.Float64,
    },
}


def term_rows(m: Municipality) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table of TERM_SCHEMAS.

    A term stands once for each case type that it names, else with case type null. A penalty stands
    once for each number of days that it can have run, from none, with the amount then due.
    """
    numbered = [
        (number, journey, term)
        for number, (journey, term) in enumerate(
            ((j, t) for j in m.journeys for t in j.all_terms), 1
        )
    ]
    return {
        "waiting_statuses": [(s.id, status) for s in m.sources for status in s.suspending_statuses],
        "terms": [
            _term(number, journey, term, case_type)
            for number, journey, term in numbered
            for case_type in term.case_types or (None,)
        ],
        "term_activities": [
            *(
                (journey.id, number, "starts", activity)
                for number, journey, term in numbered
                for activity in term.starts_with
            ),
            *((j.id, None, "extends", activity) for j in m.journeys for activity in j.extended_by),
            *(
                (j.id, None, "gives notice", activity)
                for j in m.journeys
                for activity in j.notice_of_default
            ),
        ],
        "suspending": [row for journey in m.journeys for row in _suspending(journey)],
        "penalties": [
            row
            for number, penalty in enumerate(m.penalties, 1)
            for row in _penalty(number, penalty)
        ],
    }


def term_settings(m: Municipality) -> dict[str, Any]:
    """What of them changes figures, for the hash of definitions."""
    return {
        "terms": {
            j.id: {
                "terms": [term.model_dump(mode="json") for term in j.all_terms],
                "extended_by": sorted(j.extended_by),
                "notice_of_default": sorted(j.notice_of_default),
            }
            for j in m.journeys
        },
        "suspensions": {
            j.id: None if j.suspends is None else [s.model_dump(mode="json") for s in j.suspends]
            for j in m.journeys
        },
        "penalties": [penalty.model_dump(mode="json") for penalty in m.penalties],
    }


def newest_term(journey: Journey) -> Term | None:
    """The term that pages name: the last to become valid, those for all case types first."""
    return max(journey.all_terms, key=lambda term: (not term.case_types, term.first), default=None)


def _term(number: int, journey: Journey, term: Term, case_type: str | None) -> tuple[Any, ...]:
    return (
        number,
        journey.id,
        case_type,
        term.valid_from or FIRST_DAY,
        term.valid_until or LAST_DAY,
        term.length_days,
        term.longest_rolling_days,
        None if term.extension_weeks is None else 7 * term.extension_weeks,
        term.legal_basis,
        term.is_statutory,
        bool(term.starts_with),
        term.has_penalty,
    )


def _suspending(journey: Journey) -> Iterator[tuple[Any, ...]]:
    for rule, how in enumerate(journey.suspends or (), 1):
        about = (journey.id, rule, how.side, how.ground, how.stands_still, how.period_days)
        roles = {"starts": how.starts_with, "ends": how.ends_with, "is void": how.without_period}
        for role, activities in roles.items():
            yield from ((*about, role, activity) for activity in activities)


def _penalty(number: int, penalty: Penalty) -> Iterator[tuple[Any, ...]]:
    amounts = [0.0]
    for step in penalty.steps:
        amounts += [amounts[-1] + step.eur_a_day * day for day in range(1, step.days + 1)]
    for days, amount in enumerate(amounts):
        yield (
            number,
            penalty.valid_from or FIRST_DAY,
            penalty.valid_until or LAST_DAY,
            penalty.grace_days,
            penalty.legal_basis,
            days,
            amount,
        )
