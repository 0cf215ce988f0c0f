"""What happens to a case, from the request to its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from lindeveld.chance import branch, lognormal, pick
from lindeveld.clock import DAY, epoch, local
from lindeveld.contact_centre import asks, contact
from lindeveld.journeys import Detour, Journey, Step
from lindeveld.records import Case, Event
from lindeveld.teams import Worker
from lindeveld.town import Process, Town

PARKED, PARKED_DAYS = 0.03, 12.0
EXTENDS_WITHIN, EXTENSION_CHANCE, EXTENSION_WEEKS = 10 * DAY, 0.6, 6
WITHDRAWN, WITHDRAWN_EARLY = "ingetrokken", 0.5


@dataclass(slots=True)
class Work:
    """A case under way: who works on it, and the stream that its steps draw from."""

    journey: Journey
    case: Case
    extends: bool
    chance: Random
    owners: dict[str, Worker] = field(default_factory=dict)


def request(town: Town, journey: Journey, day: date, chance: Random) -> Process:
    """One request of that day, until it is closed."""
    channel = pick(chance, journey.channels)
    asked = town.moment(chance, day, channel)
    yield town.env.timeout(asked - town.env.now)
    case = Case(
        number=-1,
        journey=journey.id,
        resident=town.lives.asker(journey.id, asked, chance.randrange(town.scale.residents)),
        channel=channel,
        target_group=pick(chance, journey.target_groups),
        asked_at=asked,
        opened_at=asked,
        due_at=epoch(local(asked).date() + timedelta(weeks=journey.term_weeks)),
    )
    town.systems.cases.append(case)
    asking = branch(chance)
    if channel != "web":
        town.env.process(contact(town, asking, journey, "request", case.resident, channel, case))
    town.env.process(asks(town, branch(chance), journey, case))
    result = pick(chance, journey.results)
    is_short = result == WITHDRAWN and chance.random() < WITHDRAWN_EARLY
    extends = journey.can_extend and chance.random() < EXTENSION_CHANCE
    work = Work(journey, case, extends, chance)
    for phase in journey.phases[:1] if is_short else journey.phases:
        for part in phase.flow:
            if isinstance(part, Step):
                yield from _step(town, work, part, chance)
            else:
                yield from _detour(town, work, part)
    case.closed_at, case.result = town.env.now, result


def _detour(town: Town, work: Work, detour: Detour) -> Process:
    journey, asked = work.journey.id, work.case.asked_at
    chance = branch(work.chance)
    if chance.random() < town.world.value(journey, "chance", detour.id, detour.chance, asked):
        for step in detour.steps:
            yield from _step(town, work, step, chance)


def _step(town: Town, work: Work, step: Step, chance: Random) -> Process:
    case, journey, value = work.case, work.journey.id, town.world.value
    if step.wait_days:
        mean = value(journey, "wait", step.id, step.wait_days, case.asked_at)
        yield from _wait(town, case, step, lognormal(chance, mean, step.spread) * DAY)
    actor = None
    if step.team and step.minutes:
        if chance.random() < PARKED:
            yield town.env.timeout(lognormal(chance, PARKED_DAYS, 0.8) * DAY)
        mean = value(journey, "work", step.id, step.minutes, case.asked_at)
        minutes, owner = lognormal(chance, mean, step.spread), work.owners.get(step.team)
        work.owners[step.team] = yield town.teams[step.team].submit(minutes, owner).done
        actor = work.owners[step.team].id
    now = town.env.now
    if town.world.starts_late(journey, step.id, case.asked_at):
        case.opened_at = now
        for event in case.events:
            event.at = now
    case.events.append(Event(step.activity, now, step.team, actor))
    if work.extends and case.extended_at is None and case.due_at - now < EXTENDS_WITHIN:
        case.extended_at, case.due_at = now, case.due_at + EXTENSION_WEEKS * 7 * DAY


def _wait(town: Town, case: Case, step: Step, seconds: float) -> Process:
    env, begun = town.env, town.env.now
    if step.suspends:
        case.suspensions.append((begun, None))
    yield env.timeout(seconds)
    if not step.minutes and (opens := town.office.next_open(env.now)) > env.now:
        yield env.timeout(opens - env.now)  # the post of who answers is opened in office hours
    if step.suspends:
        case.suspensions[-1] = (begun, env.now)
        case.due_at += round((env.now - begun) / DAY) * DAY
