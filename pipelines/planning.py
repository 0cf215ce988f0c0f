"""`hartslag plan`: how long it takes to see what the register expects, from the warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.configuration import load_municipality
from pipelines.errors import PlainError
from pipelines.evidence import questions
from pipelines.explaining import reading
from pipelines.reading import unknown
from pipelines.settings import Settings
from transforms.definitions import bodies_of
from transforms.evidence.history import Question
from transforms.evidence.plan import Plan, on_scale, plan
from transforms.models import load_models


class UnplannableError(PlainError):
    """An improvement that is not in the register, or expects nothing that can be measured."""


@dataclass(frozen=True)
class Planned:
    """An expectation and what it takes to see it."""

    question: Question
    plan: Plan


def plans(settings: Settings, improvement: str) -> list[Planned]:
    """One for each effect that is expected of an improvement.

    Raises UnplannableError where there is none, or a run holds the warehouse.
    """
    municipality = load_municipality(settings.config_file)
    known = [each.id for each in municipality.improvements]
    if improvement not in known:
        raise UnplannableError(unknown("Improvement", improvement, known))
    with reading(settings) as connection:
        asked = [
            each
            for each in questions(connection, municipality, bodies_of(load_models()))
            if each.improvement == improvement
        ]
    if not asked:
        raise UnplannableError(
            f"{improvement} expects nothing that can be judged.\n"
            "  Mend: name under `expected:` a definition that docs/kpis.md lists, such as"
            " lead_time.km.median."
        )
    return [Planned(each, _planned(each)) for each in asked]


def _planned(asked: Question) -> Plan:
    change = on_scale(asked.expected or 0.0, asked.expected_unit or "absolute", asked)
    return plan(asked, change)
