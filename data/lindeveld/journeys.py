"""The journeys, life events, teams and partners of Lindeveld, as `journeys.yaml` has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens to a case: first a wait, then work by a team, then the event.

    `wait_days` is a mean; `waits_for` says whose time it is: planning, resident or a partner.
    `minutes` is the mean time of the team's work; without it nobody of the town hall works on it.
    """

    id: str
    activity: str
    team: str | None = None
    minutes: float = 0
    wait_days: float = 0
    waits_for: str = "planning"
    spread: float = 0.6  # coefficient of variation of both
    suspends: bool = False


@dataclass(frozen=True, slots=True)
class Detour:
    """Steps that a part of the cases go through, as wished or because something was amiss."""

    id: str
    chance: float
    steps: tuple[Step, ...]
    is_wished: bool = True


@dataclass(frozen=True, slots=True)
class Phase:
    id: str
    nl: str
    en: str
    flow: tuple[Step | Detour, ...]

    def steps(self) -> Iterator[tuple[Step, float]]:
        """Each step with the share of the cases that go through it."""
        for part in self.flow:
            if isinstance(part, Step):
                yield part, 1.0
            else:
                yield from ((step, part.chance) for step in part.steps)


@dataclass(frozen=True, slots=True)
class Journey:
    """`yearly` counts cases per 1,000 residents; `season` has a factor per month, mean one."""

    id: str
    nl: str
    en: str
    formula: str
    case_type: str
    term_weeks: int
    legal_basis: str
    yearly: float
    season: tuple[float, ...]
    channels: dict[str, float]
    target_groups: dict[str, float]
    phases: tuple[Phase, ...]
    results: dict[str, float]
    questions: float  # contacts a year per 1,000 residents without a case
    resolved: float  # share of first contacts that the answering employee can settle
    asks_after_days: float  # mean days between two questions of one resident about an open case
    can_extend: bool = True

    def steps(self) -> Iterator[tuple[Step, float]]:
        for phase in self.phases:
            yield from phase.steps()


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Whoever asked for `begins_with` makes so many `days` later a share of the requests of what
    it `brings`."""

    id: str
    begins_with: str
    days: tuple[float, float]
    brings: dict[str, float]


def _journey(entry: dict[str, Any]) -> Journey:
    phases = tuple(
        Phase(phase["id"], **phase["name"], flow=tuple(map(_part, phase["flow"])))
        for phase in entry.pop("phases")
    )
    return Journey(**entry.pop("name"), phases=phases, **entry | {"season": tuple(entry["season"])})


def _part(entry: dict[str, Any]) -> Step | Detour:
    if "detour" not in entry:
        return Step(**entry)
    steps = tuple(Step(**step) for step in entry["steps"])
    return Detour(entry["detour"], entry["chance"], steps, entry.get("is_wished", True))


_TOWN = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
CONTACT_CENTRE: str = _TOWN["contact_centre"]
UTILISATION: dict[str, float] = _TOWN["teams"]
TEAMS = tuple(UTILISATION)
PARTNERS: dict[str, dict[str, str]] = _TOWN["partners"]
JOURNEYS = tuple(map(_journey, _TOWN["journeys"]))
LIFE_EVENTS = tuple(
    LifeEvent(**entry | {"days": tuple(entry["days"])}) for entry in _TOWN["life_events"]
)
BY_ID = {journey.id: journey for journey in JOURNEYS}
