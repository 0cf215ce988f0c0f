"""The town hall at work: its clock, its teams, its way of working, and what it registers."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import simpy

from lindeveld.chance import stream
from lindeveld.clock import HOUR, epoch, office
from lindeveld.journeys import JOURNEYS, TEAMS
from lindeveld.lives import Lives
from lindeveld.records import Systems
from lindeveld.residents import MOST
from lindeveld.teams import Team, Worker, answering_team, employ, needed_staff
from lindeveld.world import World, truth

WARM_UP = timedelta(days=150)
BEYOND = timedelta(days=400)  # how far calendars reach after the end
EVENING = 0.35  # share of what comes without seeing anybody that comes after office hours
RESIDENTS, MONTHS = range(1000, MOST + 1), range(6, 61)
LIVE = ("phone", "desk")  # channels where somebody stands waiting
Process = Generator[Any, Any, Any]


@dataclass(frozen=True)
class Scale:
    """How large and how long. The data begin on `first` and end before `last`."""

    residents: int = 27_000
    months: int = 30
    seed: int = 2026
    last: date = date(2026, 10, 1)

    def __post_init__(self) -> None:
        """Raises ValueError for a town that is too small to staff, or larger than its numbers."""
        _within("residents", self.residents, RESIDENTS)
        _within("months", self.months, MONTHS)

    @property
    def first(self) -> date:
        month = self.last.year * 12 + self.last.month - 1 - self.months
        return date(month // 12, month % 12 + 1, 1)


def _within(name: str, value: int, allowed: range) -> None:
    if value not in allowed:
        raise ValueError(
            f"{name} is {value:,}; it can be {allowed.start:,} to {allowed.stop - 1:,}."
        )


class Town:
    """What everything that happens shares; `begin` lies before the data, to fill the queues."""

    def __init__(self, scale: Scale, world: World) -> None:
        self.scale, self.world = scale, world
        self.begin = scale.first - WARM_UP
        self.env = simpy.Environment(initial_time=epoch(self.begin))
        self.start = epoch(scale.first)
        self.systems = Systems()
        self.lives = Lives(scale.seed)
        self.office = office(self.begin, scale.last + BEYOND)
        needed = needed_staff(scale.residents)
        self.teams = {
            name: Team(self.env, name, self._people(name, needed[name])) for name in TEAMS
        }
        self.answers = {journey.id: self.teams[answering_team(journey)] for journey in JOURNEYS}

    def _people(self, team: str, full_time: float) -> list[Worker]:
        seed, until = self.scale.seed, self.scale.last + BEYOND
        people = employ(seed, team, full_time, self.begin, until)
        for change in truth()["world"]:
            if change.get("of") == team and self.begin < change["since"] < self.scale.last:
                since = change["since"]
                more = self.world.value("", "staff", team, 1.0, epoch(since)) - 1
                if more > 0:
                    people += employ(seed, team, full_time * more, self.begin, until, since)
        return people

    def stream(self, *names: object) -> Random:
        return stream(self.scale.seed, *names)

    def until_open(self, chance: Random) -> float:
        """Seconds until somebody who finds the town hall shut comes back, 0 when it is open."""
        opens = self.office.next_open(self.env.now)
        if opens == self.env.now:
            return 0.0
        return opens - self.env.now + chance.uniform(0, 7) * HOUR

    def moment(self, chance: Random, day: date, channel: str) -> float:
        """When on that day somebody comes; the evening is for who needs to see nobody."""
        hour = chance.triangular(8.5, 17, 10.5)
        if channel not in (*LIVE, "local team") and chance.random() < EVENING:
            hour = chance.uniform(17, 23.5)
        moment = epoch(day) + hour * HOUR
        if channel in LIVE and (opens := self.office.next_open(moment)) > moment:
            moment = opens + chance.uniform(0, 7) * HOUR
        return moment
