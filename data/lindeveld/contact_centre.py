"""What residents ask, who answers, who promises to call back, and who calls again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from lindeveld.chance import branch, lognormal, pick
from lindeveld.clock import DAY, HOUR, MINUTE
from lindeveld.journeys import CONTACT_CENTRE, Journey
from lindeveld.records import Callback, Case, Contact
from lindeveld.teams import CALLBACK_MINUTES, CONTACT_MINUTES, Worker
from lindeveld.town import LIVE, Process, Town

ASKING = {
    "phone": 0.62,
    "e-mail": 0.14,
    "desk": 0.12,
    "web": 0.07,
    "social media": 0.03,
    "local team": 0.02,
}
PRIORITY = {"phone": 0, "desk": 1}
PATIENCE = {"phone": 8 * MINUTE, "desk": 40 * MINUTE}  # mean, over the first two minutes
SETTLED, PROMISED, UNSETTLED = (
    "Zelfstandig afgehandeld",
    "Contactverzoek gemaakt",
    "Klant neemt opnieuw contact op",
)
CALLED_BACK, NOT_REACHED = "Teruggebeld", "Niet bereikt"
PROMISES = 0.85  # share of unsettled questions for which a callback is promised
RETURNS = {SETTLED: 0.05, UNSETTLED: 0.7}  # who asks the same again, though nobody owes them a call
TRIES, CALLS, REPEATS = 3, 3, 3
REACHED, ANONYMOUS, RATES = 0.7, 0.35, 0.12
PROMISED_HOURS = 17  # office hours: two working days


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know; `again` counts how often it was asked before."""

    journey: Journey
    kind: str
    resident: int
    channel: str
    case: Case | None
    again: int = 0

    def repeated(self, channel: str) -> Question:
        return Question(self.journey, "repeat", self.resident, channel, self.case, self.again + 1)


def question(town: Town, journey: Journey, day: date, chance: Random) -> Process:
    """A question of that day that belongs to no case."""
    channel = pick(chance, ASKING)
    yield town.env.timeout(town.moment(chance, day, channel) - town.env.now)
    resident = chance.randrange(town.scale.residents)
    yield from contact(town, chance, journey, "question", resident, channel, None)


def asks(town: Town, chance: Random, journey: Journey, case: Case) -> Process:
    """While a case is open its resident now and then asks where it stands, more so when late."""
    while True:
        pace = journey.asks_after_days * (0.5 if town.env.now > case.due_at else 1.0)
        yield town.env.timeout(chance.expovariate(1 / pace) * DAY)
        if case.closed_at is not None:
            return
        yield from contact(
            town, chance, journey, "status", case.resident, pick(chance, ASKING), case
        )


def contact(
    town: Town,
    chance: Random,
    journey: Journey,
    kind: str,
    resident: int,
    channel: str,
    case: Case | None,
) -> Process:
    """One question to the contact centre, and all that comes of it."""
    yield from _ask(town, chance, Question(journey, kind, resident, channel, case))


def _ask(town: Town, chance: Random, asked: Question) -> Process:
    answer = yield from _reach(town, chance, asked.channel)
    if answer is None:
        return
    worker, seconds = answer
    journey, env = asked.journey, town.env
    likely = town.world.value(journey.id, "resolved", "", journey.resolved, env.now)
    result = SETTLED
    if asked.kind != "request" and chance.random() >= likely:
        result = PROMISED if chance.random() < PROMISES else UNSETTLED
    registered = _register(town, chance, asked, worker, seconds, result)
    if result == PROMISED:
        env.process(_call_back(town, chance, asked, registered))
    elif asked.again < REPEATS and chance.random() < RETURNS[result]:
        yield env.timeout(lognormal(chance, 2.5, 0.8) * DAY)
        yield from _ask(town, chance, asked.repeated(asked.channel))


def _reach(town: Town, chance: Random, channel: str) -> Process:
    """The employee who answered and the seconds that it took; None for who gave up."""
    env, centre = town.env, town.teams[CONTACT_CENTRE]
    for _ in range(TRIES):
        minutes = lognormal(chance, CONTACT_MINUTES, 0.7)
        if channel not in LIVE:
            return (yield centre.submit(minutes, priority=2).done), minutes * 60
        if wait := town.until_open(chance):
            yield env.timeout(wait)
        job = centre.submit(minutes, priority=PRIORITY[channel])
        patience = 2 * MINUTE + chance.expovariate(1 / PATIENCE[channel])
        env.timeout(patience).callbacks.append(job.give_up)
        worker = yield job.done
        if worker is not None:
            return worker, minutes * 60
        town.systems.abandoned += env.now >= town.start
        yield env.timeout(chance.uniform(0.3, 20) * HOUR)
    return None


def _register(
    town: Town,
    chance: Random,
    asked: Question,
    worker: Worker,
    seconds: float,
    result: str,
    follows: Contact | None = None,
) -> Contact:
    is_anonymous = asked.case is None and follows is None and chance.random() < ANONYMOUS
    liked = min(5, max(1, round(chance.gauss(4.2 if result == SETTLED else 2.9, 0.9))))
    contact = Contact(
        number=-1,
        journey=asked.journey.id,
        kind="callback" if follows else asked.kind,
        resident=None if is_anonymous else asked.resident,
        channel="phone" if follows else asked.channel,
        at=town.env.now,
        handled_s=seconds,
        employee=worker.id,
        case=asked.case,
        result=result,
        follows=follows,
        satisfaction=liked if chance.random() < RATES else None,
    )
    town.systems.contacts.append(contact)
    return contact


def _call_back(town: Town, chance: Random, asked: Question, first: Contact) -> Process:
    """The team calls back, late when it is busy; who waits too long calls again."""
    env, team = town.env, town.answers[asked.journey.id]
    due = town.office.finish(env.now, PROMISED_HOURS * HOUR)
    callback = Callback(-1, first, team.name, env.now, due)
    town.systems.callbacks.append(callback)
    if asked.again < REPEATS:
        env.process(_impatient(town, branch(chance), asked, callback))
    while callback.attempts < CALLS:
        minutes = lognormal(chance, CALLBACK_MINUTES, 0.6)
        worker = yield team.submit(minutes, priority=2).done
        callback.attempts += 1
        result = CALLED_BACK if chance.random() < REACHED else NOT_REACHED
        _register(town, chance, asked, worker, minutes * 60, result, first)
        if result == CALLED_BACK:
            break
        yield env.timeout(lognormal(chance, 1.0, 0.5) * DAY)
    callback.done_at = env.now


def _impatient(town: Town, chance: Random, asked: Question, callback: Callback) -> Process:
    yield town.env.timeout(lognormal(chance, 3.5, 0.7) * DAY)
    if callback.done_at is None and chance.random() < 0.8:
        yield from _ask(town, chance, asked.repeated("phone"))
