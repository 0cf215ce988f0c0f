"""The names by which the parts of `municipality.yaml` know each other, and what is wrong there.

What belongs here: names that stand twice or that nobody knows. What does not: the shape of each
part (`municipality.py`), and how a refusal is said (`configuration.py`).
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.municipality import Municipality
from transforms.definitions import bodies_of
from transforms.models import load_models

Steps = tuple[str | int, ...]
_MOST_SHOWN = 12
POOLED = "all"  # the journey of figures over several journeys


@dataclass(frozen=True)
class Refusal:
    """One thing that is wrong; `steps` lead to it from the top of the file."""

    steps: Steps
    problem: str
    mend: str


def reference_refusals(municipality: Municipality) -> Iterator[Refusal]:
    """Names that no other part of the file, and no definition, knows."""
    yield from _doubled_names(municipality)
    journeys = [journey.id for journey in municipality.journeys]
    if POOLED in journeys:
        steps: Steps = ("journeys", journeys.index(POOLED), "id")
        yield Refusal(steps, f"is {POOLED!r}, which stands for all of them", "use another id.")
    formulas = [formula.id for formula in municipality.service_formulas]
    definitions, personas = bodies_of(load_models()), [p.id for p in municipality.personas]
    for i, formula in enumerate(municipality.service_formulas):
        for n, norm in enumerate(formula.norms):
            yield from _unknown(
                ("service_formulas", i, "norms", n, "definition"), norm.definition, definitions
            )
    for i, journey in enumerate(municipality.journeys):
        at: Steps = ("journeys", i)
        yield from _unknown((*at, "service_formula"), journey.service_formula, formulas)
        for n, beat in enumerate(journey.heartbeat.desired):
            where: Steps = (*at, "heartbeat", "desired", n)
            yield from _unknown((*where, "phase"), beat.phase, [p.id for p in journey.phases])
            if beat.persona is not None:
                yield from _unknown((*where, "persona"), beat.persona, personas)
        for n, norm in enumerate(journey.norms):
            yield from _unknown((*at, "norms", n, "definition"), norm.definition, definitions)
    for i, source in enumerate(municipality.sources):
        if source.journey is not None:
            yield from _unknown(("sources", i, "journey"), source.journey, journeys)
    sources = [source.id for source in municipality.sources]
    for i, term in enumerate(municipality.retention.terms if municipality.retention else ()):
        for n, name in enumerate(term.sources):
            yield from _unknown(("retention", "terms", i, "sources", n), name, sources)
    for i, improvement in enumerate(municipality.improvements):
        at = ("improvements", i)
        yield from _unknown((*at, "journey"), improvement.journey, journeys)
        if improvement.comparison is not None:
            compared = improvement.comparison.journey
            yield from _unknown((*at, "comparison", "journey"), compared, journeys)
        for n, effect in enumerate(improvement.expected):
            where = (*at, "expected", n, "definition")
            yield from _unknown(where, effect.definition, definitions)
            yield from _unjudgeable(where, effect.definition, definitions)


def _unjudgeable(
    steps: Steps, definition: str, definitions: Mapping[str, Mapping[str, Any]]
) -> Iterator[Refusal]:
    """Definitions of which no improvement may be expected."""
    body = definitions.get(definition, {})
    mend = "name a definition that docs/kpis.md lists for teams or cases."
    if body.get("level") == "person":
        yield Refusal(steps, f"is {definition!r}, which is about persons and never published", mend)
    elif body.get("direction") == "none":
        yield Refusal(steps, f"is {definition!r}, of which neither less nor more is better", mend)


def missing_flows(municipality: Municipality, folder: Path) -> Iterator[Refusal]:
    """Desired flows whose file cannot be read; `folder` is that of the configuration."""
    for i, journey in enumerate(municipality.journeys):
        if journey.desired is None:
            continue
        at: Steps = ("journeys", i, "desired")
        try:
            (folder / journey.desired).read_text(encoding="utf-8")
        except OSError:
            mend = "name a BPMN 2.0 file from the folder of this configuration."
            yield Refusal(at, f"is {journey.desired!r}, and there is no such file", mend)
        except UnicodeDecodeError:
            yield Refusal(at, f"is {journey.desired!r}, which is not UTF-8", "save it as UTF-8.")


def _doubled_names(municipality: Municipality) -> Iterator[Refusal]:
    for key in ("service_formulas", "journeys", "personas", "partners", "sources", "improvements"):
        for name in twice(item.id for item in getattr(municipality, key)):
            yield Refusal((key,), f"the id {name!r} stands twice", "give each an id of its own.")
    for name in twice(t for journey in municipality.journeys for t in journey.case_types):
        yield Refusal(
            ("journeys",), f"case type {name!r} belongs to two journeys", "keep it in one."
        )
    for name in twice(t for partner in municipality.partners for t in partner.teams):
        yield Refusal(("partners",), f"team {name!r} belongs to two partners", "keep it in one.")
    for i, journey in enumerate(municipality.journeys):
        for name in twice(a for phase in journey.phases for a in phase.activities):
            at: Steps = ("journeys", i, "phases")
            yield Refusal(at, f"activity {name!r} is in two phases", "keep it in one.")


def _unknown(steps: Steps, value: str, known: Iterable[str]) -> Iterator[Refusal]:
    names = sorted(known)
    if value not in names:
        family = [name for name in names if name.split(".")[0] == value.split(".")[0]]
        shown = names if len(names) <= _MOST_SHOWN else family[:_MOST_SHOWN]
        use = f"use one such as: {', '.join(shown)}" if shown else "see the list of definitions"
        mend = f"{guess(value, names)}{use}."
        yield Refusal(steps, f"is {value!r}, which is not known", mend)


def guess(value: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, list(known), n=1)
    return f"did you mean {close[0]!r}? Otherwise " if close else ""


def twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
