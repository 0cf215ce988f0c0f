"""The simulation: residents with life events come to a town hall of people, queues and calendars.

Each case and each question draws from a stream of its own, seeded by what it is and not by when
it was reached, so two worlds that differ in one plant differ in that plant's consequences alone.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from lindeveld.casework import request
from lindeveld.chance import branch, poisson
from lindeveld.clock import days, epoch, is_working_day
from lindeveld.contact_centre import question
from lindeveld.journeys import JOURNEYS, Journey
from lindeveld.records import Systems
from lindeveld.town import Process, Scale, Town
from lindeveld.world import World

WORKING_DAY, FREE_DAY = 1.3, 0.25  # demand against the mean day of the week
MEMORY, SHOCK = 0.7, 0.07  # demand goes up and down by the week and remembers

__all__ = ["Scale", "run", "simulate"]


def simulate(
    scale: Scale,
    world: World | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Systems:
    """What one municipality registered. `progress` is told days done and days in all."""
    town = Town(scale, world or World())
    run(town, progress)
    return town.systems


def run(town: Town, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Let the town live to the end of its period, then number what it registered."""
    town.env.process(_arrivals(town))
    total = (town.scale.last - town.begin).days
    with _rare_collection():
        for number, day in enumerate(days(town.begin + timedelta(days=1), town.scale.last), 1):
            town.env.run(until=epoch(day))
            progress(number, total)
    _number(town.systems, town.start)


def _arrivals(town: Town) -> Process:
    pace = {journey.id: _pace(town, journey) for journey in JOURNEYS}
    thousands = town.scale.residents / 1000
    for day in days(town.begin, town.scale.last - timedelta(days=1)):
        for journey in JOURNEYS:
            chance = town.stream(journey.id, day)
            requests, questions = branch(chance), branch(chance)
            a_year = journey.season[day.month - 1] * pace[journey.id][day] * thousands
            a_day = a_year * (WORKING_DAY if is_working_day(day) else FREE_DAY) / 365
            usual = town.world.value(journey.id, "arrivals", "", journey.yearly, epoch(day))
            for _ in range(poisson(chance, usual * a_day)):
                town.env.process(request(town, journey, day, branch(requests)))
            for _ in range(poisson(chance, journey.questions * a_day)):
                town.env.process(question(town, journey, day, branch(questions)))
        yield town.env.timeout(epoch(day + timedelta(days=1)) - town.env.now)


def _pace(town: Town, journey: Journey) -> dict[date, float]:
    """How demand of a journey goes up and down over the weeks, around one."""
    chance, level, pace = town.stream(journey.id, "pace"), 0.0, {}
    for day in days(town.begin, town.scale.last):
        if day.weekday() == 0:
            level = MEMORY * level + chance.gauss(0, SHOCK)
        pace[day] = math.exp(level)
    return pace


def _number(systems: Systems, start: float) -> None:
    """Keep what falls in the period, numbered in order of time."""
    cases = [case for case in systems.cases if case.asked_at >= start and case.events]
    cases.sort(key=lambda case: (case.opened_at, case.journey, case.resident))
    for number, case in enumerate(cases, 1):
        case.number = number
    contacts = [contact for contact in systems.contacts if contact.at >= start]
    contacts.sort(key=lambda contact: (contact.at, contact.employee))
    for number, contact in enumerate(contacts, 1):
        contact.number = number
    callbacks = [callback for callback in systems.callbacks if callback.contact.number > 0]
    callbacks.sort(key=lambda callback: callback.contact.number)
    for number, callback in enumerate(callbacks, 1):
        callback.number = number
    systems.cases, systems.contacts, systems.callbacks = cases, contacts, callbacks


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for cycles of garbage rarely: almost all is freed by counting, and looking is slow."""
    before = gc.get_threshold()
    gc.set_threshold(500_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
