"""The configuration as tables, so that SQL joins it like anything else.

What belongs here: one frame per `config` table. What does not: reading the file
(`municipality.py`), or meaning (`transforms/`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.check_settings import CHECK_SCHEMAS, check_rows
from pipelines.contact_tables import CONTACT_SCHEMAS, contact_rows
from pipelines.journey_tables import JOURNEY_SCHEMAS, journey_rows
from pipelines.municipality import Improvement, Municipality, Norm
from pipelines.term_tables import TERM_SCHEMAS, term_rows, term_settings
from pipelines.wish_tables import WISH_SCHEMAS, wish_rows
from transforms.calendar import calendar_days, with_working_hours, working_day_us
from transforms.definitions import definition_needs, definitions
from transforms.models import Model

FIRST_YEAR, LAST_YEAR = 1990, 2050

_SCHEMAS: dict[str, dict[str, Any]] = {
    "municipality": {
        "name": pl.String,
        "disclosure_threshold": pl.Int64,
        "roll_extended_terms": pl.Boolean,
        "suspension_end": pl.String,
        "working_day_us": pl.Int64,
        "has_partners": pl.Boolean,
        "callback_working_days": pl.Int64,
    },
    "sources": {
        "source": pl.String,
        "position": pl.Int64,
        "kind": pl.String,
        "journey": pl.String,
        "has_registered_end": pl.Boolean,
        "has_handoffs": pl.Boolean,
        "has_event_rows": pl.Boolean,
        "complete_until": pl.Datetime("us", "UTC"),
    },
    "missing_values": {"source": pl.String, "value": pl.String},
    **CONTACT_SCHEMAS,
    "service_formulas": {"service_formula": pl.String, "name_nl": pl.String, "name_en": pl.String},
    **JOURNEY_SCHEMAS,
    **TERM_SCHEMAS,
    "personas": {
        "persona": pl.String,
        "name_nl": pl.String,
        "name_en": pl.String,
        "target_group": pl.String,
    },
    "norms": {
        "journey": pl.String,
        "service_formula": pl.String,
        "definition": pl.String,
        "at_most": pl.Float64,
        "at_least": pl.Float64,
        "basis": pl.String,
    },
    **WISH_SCHEMAS,
    **CHECK_SCHEMAS,
    "partners": {"partner": pl.String, "name_nl": pl.String, "name_en": pl.String},
    "partner_teams": {"partner": pl.String, "team": pl.String},
    "improvements": {
        "improvement": pl.String,
        "position": pl.Int64,
        "journey": pl.String,
        "name_nl": pl.String,
        "name_en": pl.String,
        "went_live_on": pl.Date,
        "owner": pl.String,
        "cost_eur": pl.Float64,
        "expected": pl.String,
        "comparison": pl.String,
        "transition_days": pl.Int32,
    },
}

TABLES = (*_SCHEMAS, "calendar_days", "definitions", "definition_needs")


def config_tables(
    municipality: Municipality, models: dict[str, Model], folder: Path = Path()
) -> dict[str, pl.DataFrame]:
    """Every `config` table by name, `calendar_days` and both of the definitions among them.

    `folder` is that of the configuration, from which it names other files.
    """
    rows = _rows(municipality) | wish_rows(municipality, folder)
    frames = {
        name: pl.DataFrame(rows[name], schema=schema, orient="row")
        for name, schema in _SCHEMAS.items()
    }
    calendar = municipality.calendar
    days = calendar_days(FIRST_YEAR, LAST_YEAR, calendar.extra_listed_days)
    frames["calendar_days"] = with_working_hours(days, calendar.hours(), calendar.closed_days)
    frames["definitions"] = definitions(models, figure_settings(municipality))
    frames["definition_needs"] = definition_needs(models)
    return frames


def figure_settings(municipality: Municipality) -> dict[str, Any]:
    """The choices that change figures, by the name under which a definition asks for them."""
    return {
        "missing_values": {s.id: sorted(s.missing_values) for s in municipality.sources},
        "end_activities": {j.id: sorted(j.ends_with) for j in municipality.journeys},
        "reopening_activities": {j.id: sorted(j.reopens_with) for j in municipality.journeys},
        "lifelong": {
            j.id: j.reassessed_within_months if j.lifelong else sorted(j.lifelong_case_types)
            for j in municipality.journeys
        },
        "calendar": municipality.calendar.model_dump(mode="json"),
        "gaps": {j.id: j.gap_days for j in municipality.journeys},
        **term_settings(municipality),
        "partners": {p.id: sorted(p.teams) for p in municipality.partners},
        "contact_words": municipality.contacts.words(),
        "callback_norm": municipality.contacts.callback_working_days,
        "resolved_results": {
            s.id: sorted(s.answering_results) for s in municipality.sources if s.answering_results
        },
    }


def _rows(m: Municipality) -> dict[str, list[tuple[Any, ...]]]:
    return {
        "municipality": [
            (
                m.name,
                m.disclosure_threshold,
                m.calendar.roll_extended_terms,
                m.calendar.suspension_end,
                working_day_us(m.calendar.hours()),
                any(partner.teams for partner in m.partners),
                m.contacts.callback_working_days,
            )
        ],
        "sources": [
            (
                s.id,
                i,
                s.kind,
                s.journey,
                s.has_registered_end,
                s.has_handoffs,
                s.has_several_rows,
                s.complete_until,
            )
            for i, s in enumerate(m.sources)
        ],
        "missing_values": [
            (s.id, value)
            for s in m.sources
            for value in sorted({v.strip().lower() for v in s.missing_values})
        ],
        **contact_rows(m),
        **term_rows(m),
        **check_rows(m.checks),
        "service_formulas": [(f.id, f.name.nl, f.name.en) for f in m.service_formulas],
        **journey_rows(m),
        "personas": [(p.id, p.name.nl, p.name.en, p.target_group) for p in m.personas],
        "norms": [
            *(_norm(j.id, None, n) for j in m.journeys for n in j.norms),
            *(_norm(None, f.id, n) for f in m.service_formulas for n in f.norms),
        ],
        "partners": [(p.id, p.name.nl, p.name.en) for p in m.partners],
        "partner_teams": [(p.id, t) for p in m.partners for t in p.teams],
        "improvements": [_improvement(i, x) for i, x in enumerate(m.improvements)],
    }


def _norm(journey: str | None, formula: str | None, norm: Norm) -> tuple[Any, ...]:
    return (journey, formula, norm.definition, norm.at_most, norm.at_least, norm.basis)


def _improvement(position: int, item: Improvement) -> tuple[Any, ...]:
    expected = [effect.model_dump(mode="json") for effect in item.expected]
    comparison = item.comparison.model_dump(mode="json") if item.comparison else None
    return (
        item.id,
        position,
        item.journey,
        item.name.nl,
        item.name.en,
        item.went_live_on,
        item.owner,
        item.cost_eur,
        json.dumps(expected, ensure_ascii=False),
        json.dumps(comparison, ensure_ascii=False),
        item.transition_days,
    )
