"""Teams: people with their own calendars who take work from a queue."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush
from itertools import count
from typing import Any

import simpy

from lindeveld.chance import stream
from lindeveld.clock import DAY, HOUR, Calendar, epoch, leave_days, staffed
from lindeveld.journeys import (
    CONTACT_CENTRE,
    JOURNEYS,
    TEAMS,
    UTILISATION,
    Journey,
)

CONTACT_MINUTES, CALLBACK_MINUTES = 5.5, 9.0
DAY_HOURS, PRESENT = 8.0, 0.88  # a full-time day; the share of working days not lost to leave
WORKING_DAYS = 252


@dataclass(eq=False, slots=True)
class Job:
    work: float  # seconds left
    done: simpy.Event
    queued_at: float
    started: float | None = None
    is_cancelled: bool = False

    def give_up(self, _: simpy.Event | None = None) -> None:
        """Whoever waits for it goes away, unless somebody has begun."""
        if self.started is None:
            self.is_cancelled = True
            self.done.succeed(None)


@dataclass(eq=False, slots=True)
class Worker:
    id: str
    calendar: Calendar
    own: list[tuple[int, int, Job]] = field(default_factory=list)
    idle: simpy.Event | None = None
    busy_s: float = 0.0


class Team:
    """A queue and the people who serve it; whoever began a case goes on with it when present.

    `submit` returns an event whose value is the worker who did the job.
    """

    def __init__(self, env: simpy.Environment, name: str, workers: list[Worker]) -> None:
        self.env, self.name, self.workers = env, name, workers
        self._queue: list[tuple[int, int, Job]] = []
        self._order = count()
        self.length, self._changed, self.area = 0, env.now, 0.0
        self.left, self.waited_s = 0, 0.0  # how many left the queue, and their waits together
        for worker in workers:
            env.process(self._work(worker))

    def submit(self, minutes: float, owner: Worker | None = None, priority: int = 1) -> Job:
        job = Job(minutes * 60, self.env.event(), self.env.now)
        self._put(job, owner, priority)
        return job

    def _put(self, job: Job, owner: Worker | None, priority: int) -> None:
        now = job.queued_at = self.env.now
        if owner is not None and owner.calendar.next_open(now) - now > 4 * DAY:
            owner = None
        heappush(owner.own if owner else self._queue, (priority, next(self._order), job))
        self._count(1)
        waiting = [w for w in ([owner] if owner else self.workers) if w.idle is not None]
        if waiting:
            first = min(waiting, key=lambda worker: worker.calendar.next_open(now))
            event, first.idle = first.idle, None
            if event is not None:
                event.succeed()

    def _take(self, worker: Worker) -> Job | None:
        own, shared, now = worker.own, self._queue, self.env.now
        while own or shared:
            _, _, job = heappop(own if own and (not shared or own[0] < shared[0]) else shared)
            self._count(-1)
            self.left += 1
            self.waited_s += now - job.queued_at
            if not job.is_cancelled:
                return job
        return None

    def waits_s(self) -> float:
        """All waits together, of those who left the queue and of those still in it."""
        heaps = [self._queue, *(worker.own for worker in self.workers)]
        waiting = sum(self.env.now - job.queued_at for heap in heaps for *_, job in heap)
        return self.waited_s + waiting

    def _count(self, change: int) -> None:
        now = self.env.now
        self.area += self.length * (now - self._changed)
        self.length, self._changed = self.length + change, now

    def _work(self, worker: Worker) -> Generator[Any, Any, None]:
        env, calendar = self.env, worker.calendar
        while True:
            begun = env.now
            opens = calendar.next_open(begun)
            if opens > begun:
                yield env.timeout(opens - begun)
                begun = env.now
            job = self._take(worker)
            if job is None:
                worker.idle = env.event()
                yield worker.idle
                continue
            if job.started is None:
                job.started = begun
            stops, is_done = calendar.stint(begun, job.work)
            yield env.timeout(stops - begun)
            if is_done:
                worker.busy_s += job.work
                job.done.succeed(worker)
            else:  # a colleague finishes it, before anything else
                done = calendar.worked(begun, env.now)
                worker.busy_s += done
                job.work -= done
                self._put(job, None, 0)


def yearly_minutes(journey: Journey) -> dict[str, float]:
    """Expected minutes of work a year per 1,000 residents, per team, without callbacks."""
    minutes: dict[str, float] = dict.fromkeys(TEAMS, 0.0)
    for step, share in journey.steps():
        if step.team and step.minutes:
            minutes[step.team] += journey.yearly * share * step.minutes
    return minutes


def answering_team(journey: Journey) -> str:
    """The team that does most of the journey's work, and so calls residents back."""
    minutes = yearly_minutes(journey)
    return max(TEAMS, key=lambda team: minutes[team])


def open_days(journey: Journey) -> float:
    """A rough mean of the days that a case is open, for staffing alone."""
    return 4 + 1.2 * sum(share * (step.wait_days + 1) for step, share in journey.steps())


def contacts_a_year(journey: Journey) -> float:
    """Rough number of questions a year per 1,000 residents, for staffing alone."""
    own = journey.questions + journey.yearly * open_days(journey) / journey.asks_after_days
    return 1.25 * (own + journey.yearly * (1 - journey.channels.get("web", 0.0)))


def needed_staff(residents: int) -> dict[str, float]:
    """Full-time equivalents per team, so that the mean load takes the intended share of time."""
    minutes = dict.fromkeys(TEAMS, 0.0)
    for journey in JOURNEYS:
        for team, load in yearly_minutes(journey).items():
            minutes[team] += load
        asked = contacts_a_year(journey)
        minutes[CONTACT_CENTRE] += asked * CONTACT_MINUTES
        minutes[answering_team(journey)] += asked * (1 - journey.resolved) * 1.3 * CALLBACK_MINUTES
    a_year = WORKING_DAYS * DAY_HOURS * 60 * PRESENT
    return {
        team: load * residents / 1000 / a_year / UTILISATION[team] for team, load in minutes.items()
    }


def employ(
    seed: int, team: str, full_time: float, first: date, last: date, since: date | None = None
) -> list[Worker]:
    """The people of a team, part-time so that their hours add up to `full_time` equivalents."""
    number = max(1 if since else 3, round(full_time / 0.7))
    hours = min(9.0, DAY_HOURS * full_time / number)
    kind = "n" if since else "m"
    workers = []
    for index in range(number):
        chance = stream(seed, team, kind, index)
        leave = leave_days(chance, first, last)
        calendar = staffed(since or first, last, hours, leave, index % 2)
        workers.append(Worker(f"{kind}{TEAMS.index(team):02d}{index:03d}", calendar))
    return workers


def utilisation(team: Team, first: date, last: date) -> float:
    """Share of the time present that the team worked."""
    start, end = epoch(first), epoch(last)
    present = sum(worker.calendar.worked(start, end) for worker in team.workers)
    return sum(worker.busy_s for worker in team.workers) / max(present, HOUR)
