"""The `municipality.yaml` of Lindeveld, made from its journeys and its improvement register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from lindeveld.api.catalog import END
from lindeveld.api.people import partner_number
from lindeveld.casework import EXTENSION_WEEKS
from lindeveld.clock import epoch
from lindeveld.desired import FOLDER
from lindeveld.exports import CALLBACKS, CASES, CONTACTS, SOORTEN, stamp
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
# Invented first names for who travels the journeys.
PERSONAS = {
    "truus": ("Truus", "ouderen"),
    "fatima": ("Fatima", "mantelzorgers"),
    "sanne": ("Sanne", "volwassenen"),
    "karim": ("Karim", "gezinnen"),
    "daan": ("Daan", "jongeren"),
    "ans": ("Ans", "huishoudens met een laag inkomen"),
    "joost": ("Joost", "ondernemers"),
    "mila": ("Mila", "studenten"),
    "henk": ("Henk", "huiseigenaren"),
    "bo": ("Bo", "bewoners"),
}
# The klantreis method: how long before the first improvement each phase of the work began, and
# how long ago where there is none yet.
PHASES = ("define", "discover", "design", "deliver")
DAYS_BEFORE = [timedelta(days) for days in (270, 200, 110, 21)]
DAYS_WITHOUT = [timedelta(days) for days in (75, 20)]
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
CONTACT_COLUMNS = {
    "contact_id": "contactnummer",
    "contacted_at": "tijdstip",
    "channel": "kanaal",
    "topic": "onderwerp",
    "reason": "soort",
    "case_id": "zaaknummer",
    "client": "burgerservicenummer",
    "actor": "medewerker",
    "direction": "richting",
    "result": "resultaat",
    "follows": "vervolg_op",
    "handled_s": "duur_seconden",
    "satisfaction": "tevredenheid",
}
CALLBACK_COLUMNS = {
    "contact_id": "contactnummer",
    "promised_at": "toegezegd_op",
    "due_at": "uiterlijk_op",
    "done_at": "afgehandeld_op",
    "team": "team",
    "attempts": "pogingen",
}


def configuration(scale: Scale, systems: Sequence[dict[str, Any]] | None = None) -> str:
    """The file as text, on the exports or on `systems` that are read over the network.

    Improvements that went live outside the period are left out.
    """
    is_live, sources = systems is not None, systems or _exports()
    improvements = _improvements(scale)
    content = {
        "name": NAME,
        "disclosure_threshold": 5,
        "service_formulas": [_formula(key, *names) for key, names in FORMULAS.items()],
        "journeys": [
            _journey(journey, is_live) | {"method": _method(journey, improvements, scale)}
            for journey in JOURNEYS
        ],
        "personas": [
            {"id": key, "name": name, "target_group": group}
            for key, (name, group) in PERSONAS.items()
        ],
        "partners": [
            {"id": key, "name": name, "teams": [name["nl"]]}
            | ({"registration_numbers": [partner_number(name["nl"])]} if is_live else {})
            for key, name in PARTNERS.items()
        ],
        "sources": [source | {"complete_until": stamp(epoch(scale.last))} for source in sources],
        "improvements": improvements,
    }
    if not is_live:  # the contact system of the live town keeps no reason
        content["contacts"] = {"status_topics": [SOORTEN["status"]]}
    return HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _formula(key: str, nl: str, en: str, on_time: int) -> dict[str, Any]:
    norm = {"definition": "on_time.due.rolled", "at_least": on_time, "basis": BASIS}
    return {"id": key, "name": {"nl": nl, "en": en}, "norms": [norm]}


def live_systems(zaken: str, catalogi: str, klantinteracties: str, kiss: str) -> list[Any]:
    """The sources of a town whose systems are served at these addresses."""
    topics = [journey.nl for journey in JOURNEYS]
    return [
        {"id": "zaaksysteem", "kind": "zgw", "zaken": zaken, "catalogi": catalogi},
        {
            "id": "klantcontact",
            "kind": "klantinteracties",
            "address": klantinteracties,
            "kiss": kiss,
            "topics": topics,
        },
    ]


def _exports() -> list[dict[str, Any]]:
    return [
        {"id": "zaaksysteem", "kind": "event_log", "path": CASES, "columns": COLUMNS},
        {
            "id": "klantcontact",
            "kind": "contact_export",
            "path": CONTACTS,
            "columns": CONTACT_COLUMNS,
        },
        {
            "id": "contactverzoeken",
            "kind": "callback_export",
            "contacts": "klantcontact",
            "path": CALLBACKS,
            "columns": CALLBACK_COLUMNS,
        },
    ]


def _journey(journey: Journey, is_live: bool) -> dict[str, Any]:
    """A case system ends each case with a status of its own, which the last phase then holds.

    What is done again belongs to the phase in which it was first done.
    """
    known: set[str] = set()
    phases = []
    for phase in journey.phases:
        names = dict.fromkeys(step.activity for step, _ in phase.steps())
        activities = [name for name in names if name not in known]
        known.update(activities)
        name = {"nl": phase.nl, "en": phase.en}
        phases.append({"id": phase.id, "name": name, "activities": activities})
    if is_live:
        phases[-1]["activities"].append(END)  # type: ignore[attr-defined]
    return {
        "id": journey.id,
        "name": {"nl": journey.nl, "en": journey.en},
        "service_formula": journey.formula,
        "case_types": [journey.case_type],
        "topics": [journey.nl],
        "phases": phases,
        "heartbeat": {"desired": [{"phase": p["id"], "score": "positive"} for p in phases]},
        "term": {
            "weeks": journey.term_weeks,
            "legal_basis": journey.legal_basis,
            "is_statutory": "servicenorm" not in journey.legal_basis.lower(),
            "extension_weeks": EXTENSION_WEEKS if journey.can_extend else 0,
        },
        **({} if is_live else {"suspends": _suspends(journey), "desired": _desired(journey)}),
    }


def _desired(journey: Journey) -> str:
    """Its file, written beside the exports alone: a case system tells statuses of its own."""
    return f"{FOLDER}/{journey.id}.bpmn"


def _suspends(journey: Journey) -> list[dict[str, Any]]:
    """Each step that suspends, from the step before it; the case system registers them itself."""
    steps = [step for step, _ in journey.steps()]
    return [
        {"starts_with": [asked.activity], "ends_with": [answered.activity]}
        for asked, answered in pairwise(steps)
        if answered.suspends
    ]


def _method(
    journey: Journey, improvements: Sequence[dict[str, Any]], scale: Scale
) -> dict[str, date]:
    """Work on a journey began months before its first improvement; without one it just began."""
    lives = [item["went_live_on"] for item in improvements if item["journey"] == journey.id]
    if not lives:
        return dict(zip(PHASES, (scale.last - d for d in DAYS_WITHOUT), strict=False))
    return dict(zip(PHASES, (min(lives) - d for d in DAYS_BEFORE), strict=True))


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
