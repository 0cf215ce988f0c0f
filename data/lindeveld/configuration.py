"""The `municipality.yaml` of Lindeveld, made from its journeys and its improvement register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from lindeveld.clock import epoch
from lindeveld.exports import CASES, stamp
from lindeveld.journeys import JOURNEYS, PARTNERS, Journey
from lindeveld.town import Scale
from lindeveld.world import truth

REGISTER = Path(__file__).with_name("register.yaml")
HEAD = "# Lindeveld does not exist: its people, cases and figures are simulated.\n"
NAME = "Lindeveld (gesimuleerd)"
BASIS = "Servicenormen Lindeveld"
FORMULAS = {
    "snel": ("Snelservice", "Quick service", 95),
    "ontwerp": ("Ontwerpservice", "Tailored service", 90),
    "ontwikkel": ("Ontwikkelservice", "Service in partnership", 90),
    "handhaaf": ("Handhaafservice", "Enforcement", 90),
    "beheer": ("Beheerservice", "Public space", 85),
}
COLUMNS = {
    "case_id": "zaaknummer",
    "activity": "gebeurtenis",
    "occurred_at": "tijdstip",
    "actor": "medewerker",
    "team": "team",
    "case_type": "zaaktype",
    "client": "burgerservicenummer",
    "channel": "kanaal",
    "target_group": "doelgroep",
    "opened_at": "startdatum",
    "closed_at": "einddatum",
    "legal_end_at": "uiterste_datum",
    "result": "resultaat",
}


def configuration(scale: Scale) -> str:
    """The file as text. Improvements that went live outside the period are left out."""
    content = {
        "name": NAME,
        "disclosure_threshold": 5,
        "service_formulas": [_formula(key, *names) for key, names in FORMULAS.items()],
        "journeys": [_journey(journey) for journey in JOURNEYS],
        "partners": [
            {"id": key, "name": name, "teams": [name["nl"]]} for key, name in PARTNERS.items()
        ],
        "sources": [
            {
                "id": "zaaksysteem",
                "kind": "event_log",
                "path": CASES,
                "complete_until": stamp(epoch(scale.last)),
                "columns": COLUMNS,
            }
        ],
        "improvements": _improvements(scale),
    }
    return HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _formula(key: str, nl: str, en: str, on_time: int) -> dict[str, Any]:
    norm = {"definition": "on_time.due.rolled", "at_least": on_time, "basis": BASIS}
    return {"id": key, "name": {"nl": nl, "en": en}, "norms": [norm]}


def _journey(journey: Journey) -> dict[str, Any]:
    return {
        "id": journey.id,
        "name": {"nl": journey.nl, "en": journey.en},
        "service_formula": journey.formula,
        "case_types": [journey.case_type],
        "phases": [
            {
                "id": phase.id,
                "name": {"nl": phase.nl, "en": phase.en},
                "activities": [step.activity for step, _ in phase.steps()],
            }
            for phase in journey.phases
        ],
        "term": {
            "weeks": journey.term_weeks,
            "legal_basis": journey.legal_basis,
            "is_statutory": "servicenorm" not in journey.legal_basis.lower(),
        },
    }


def _improvements(scale: Scale) -> list[dict[str, Any]]:
    register = yaml.safe_load(REGISTER.read_text(encoding="utf-8"))
    found = []
    for planted in truth()["improvements"]:
        if scale.first < planted["went_live_on"] < scale.last:
            entry = {key: planted[key] for key in ("id", "journey", "went_live_on")}
            if "comparison" in planted:
                entry["comparison"] = {"journey": planted["comparison"]}
            found.append(entry | register[planted["id"]])
    return found
