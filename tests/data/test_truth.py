"""The planted truth shows where `truth.yaml` says so, and each trap springs on who looks naively.

Naive is what a report of two periods shows: mean lead times of the weeks before and after the day
on which an improvement went live. All comparisons are of the default town.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from statistics import mean
from typing import Any

import pytest
from lindeveld.clock import DAY, epoch, local
from lindeveld.configuration import configuration
from lindeveld.journeys import BY_ID, JOURNEYS
from lindeveld.records import Case
from lindeveld.town import Scale, Town
from lindeveld.world import truth

from tests.conftest import REPOSITORY

WEEKS, YEAR = 84 * DAY, 364 * DAY
ENTRIES: dict[str, dict[str, Any]] = {entry["id"]: entry for entry in truth()["improvements"]}
DOORS = {  # what the demo may use of the simulation: what it hands out, not what it knows
    f"lindeveld.{name}"
    for name in (
        *("api.access", "api.server", "api.town_hall", "configuration", "desired", "generate"),
        "town",
    )
}
SPRUNG = -0.05  # an improvement that a meeting would applaud


def days(case: Case, since: Callable[[Case], float] = lambda case: case.opened_at) -> float:
    assert case.closed_at is not None
    return (case.closed_at - since(case)) / DAY


def by_end(town: Town, journey: str, first: float, last: float) -> list[Case]:
    """Cases closed in a period: what most reports count."""
    return [
        case
        for case in town.systems.cases
        if case.journey == journey and case.closed_at and first <= case.closed_at < last
    ]


def by_start(town: Town, journey: str, first: float, last: float) -> list[Case]:
    """Cases that began in a period, and are closed."""
    return [
        case
        for case in town.systems.cases
        if case.journey == journey and case.closed_at and first <= case.asked_at < last
    ]


def change(before: Iterable[float], after: Iterable[float]) -> float:
    return mean(after) / mean(before) - 1


def around(town: Town, entry: dict[str, Any], shift: float = 0, journey: str = "") -> float:
    """The relative change of the mean lead time, weeks after against weeks before, by start."""
    at, name = epoch(entry["went_live_on"]) - shift, journey or entry["journey"]
    before, after = by_start(town, name, at - WEEKS, at), by_start(town, name, at, at + WEEKS)
    return change(map(days, before), map(days, after))


def test_no_pipeline_code_can_read_the_truth() -> None:
    """It names neither the file nor the part of the simulation that reads it."""
    files = [
        file
        for room in ("pipelines", "transforms", "dashboards")
        for file in (REPOSITORY / room).rglob("*")
        if file.suffix in (".py", ".sql", ".yaml")
    ]
    assert len(files) > 100
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "truth.yaml" not in text, file
        imported = set(re.findall(r"(?:from|import) (lindeveld[\w.]*)", text))
        assert imported <= DOORS, file


def test_the_configuration_does_not_give_the_truth_away() -> None:
    told = configuration(Scale())
    for word in ("plants", "effects", "verdict", "looks_like", "gradual", "season", "factor"):
        assert not re.search(rf"\b{word}\b", told), word


def test_every_trap_has_nothing_planted_that_helps_anybody() -> None:
    for entry in ENTRIES.values():
        if "looks_like" in entry:
            assert not entry["effects"]
            assert {plant["what"] for plant in entry["plants"]} <= {"start"}


def test_season_looks_like_a_gain_and_is_there_every_year(town: Town) -> None:
    entry = ENTRIES["summer_desk"]
    assert around(town, entry) < SPRUNG
    assert around(town, entry, YEAR) < SPRUNG


def test_young_cases_look_fast_because_the_slow_ones_are_open(town: Town) -> None:
    entry = ENTRIES["permit_fast_lane"]
    assert around(town, entry) < SPRUNG
    at = epoch(entry["went_live_on"])
    began = [
        case
        for case in town.systems.cases
        if case.journey == entry["journey"] and case.asked_at >= at
    ]
    still_open = [case for case in began if case.closed_at is None]
    assert len(still_open) > 0.25 * len(began)
    for_sure = [epoch(town.scale.last) - case.opened_at for case in still_open]
    assert mean(for_sure) / DAY > 20


def test_fewer_cases_make_everything_fast(town: Town) -> None:
    entry = ENTRIES["desk_planning"]
    assert around(town, entry) < SPRUNG
    at = epoch(entry["went_live_on"])
    asked = Counter(
        at <= case.asked_at < at + WEEKS
        for case in town.systems.cases
        if case.journey == entry["journey"] and at - WEEKS <= case.asked_at < at + WEEKS
    )
    assert asked[True] < 0.85 * asked[False]


def test_another_start_shortens_what_is_registered_and_nothing_else(town: Town) -> None:
    entry = ENTRIES["new_case_screen"]
    assert around(town, entry) < SPRUNG
    at = epoch(entry["went_live_on"])
    before = by_start(town, entry["journey"], at - WEEKS, at)
    after = by_start(town, entry["journey"], at, at + WEEKS)

    def asked(case: Case) -> float:
        return days(case, lambda case: case.asked_at)

    assert abs(change(map(asked, before), map(asked, after))) < 0.11
    assert all(case.opened_at == case.asked_at for case in before)
    assert all(case.opened_at > case.asked_at for case in after)


def test_everybody_gained(town: Town) -> None:
    """Against the same weeks of the year before, as a yearly report would have it."""
    entry = ENTRIES["youth_director"]
    at = epoch(entry["went_live_on"])
    for journey in (entry["journey"], entry["comparison"]):
        before = by_end(town, journey, at - YEAR, at - YEAR + WEEKS)
        after = by_end(town, journey, at, at + WEEKS)
        assert change(map(days, before), map(days, after)) < SPRUNG


def test_too_recent_to_tell_has_hardly_a_case_that_is_closed(town: Town) -> None:
    entry = ENTRIES["digital_report"]
    at = epoch(entry["went_live_on"])
    assert len(by_start(town, entry["journey"], at, epoch(town.scale.last))) < 40


def effect(town: Town, twin: Town, journey: str, first: float, last: float) -> float:
    """What the plants did to the same cases: both towns have the same residents and days."""
    then = {(c.asked_at, c.resident): days(c) for c in by_start(twin, journey, first, last)}
    now = {(c.asked_at, c.resident): days(c) for c in by_start(town, journey, first, last)}
    both = then.keys() & now.keys()
    return change((then[key] for key in both), (now[key] for key in both))


def test_the_gradual_one_comes_gradually(town: Town, twin: Town) -> None:
    entry = ENTRIES["neighbourhood_routes"]
    at, end = epoch(entry["went_live_on"]), epoch(town.scale.last)
    at_first = effect(town, twin, entry["journey"], at, at + 60 * DAY)
    at_last = effect(town, twin, entry["journey"], at + 240 * DAY, end)
    assert at_last < SPRUNG
    assert at_first > at_last / 2


def test_the_one_that_made_things_worse_did(town: Town, twin: Town) -> None:
    entry = ENTRIES["online_form"]
    at, end = epoch(entry["went_live_on"]), epoch(town.scale.last)
    assert effect(town, twin, entry["journey"], at, end) > 0.1


def weekly_means(town: Town, journey: str) -> list[float]:
    weeks: defaultdict[date, list[float]] = defaultdict(list)
    for case in town.systems.cases:
        if case.journey == journey and case.closed_at:
            day = local(case.asked_at).date()
            weeks[date.fromisocalendar(*day.isocalendar()[:2], 1)].append(days(case))
    return [mean(weeks[week]) for week in sorted(weeks)][:-12]


def autocorrelation(values: list[float]) -> float:
    middle = mean(values)
    together = sum((a - middle) * (b - middle) for a, b in pairwise(values))
    return together / sum((value - middle) ** 2 for value in values)


@pytest.mark.parametrize("journey", [journey.id for journey in JOURNEYS])
def test_lead_times_are_skewed(town: Town, journey: str) -> None:
    """To the right: the third moment about the mean is well above zero."""
    closed = [days(c) for c in town.systems.cases if c.journey == journey and c.closed_at]
    middle = mean(closed)
    spread = mean((d - middle) ** 2 for d in closed) ** 0.5
    assert mean(((d - middle) / spread) ** 3 for d in closed) > 0.3


@pytest.mark.parametrize("journey", ["passport", "moving_house", "public_space"])
def test_a_week_resembles_the_week_before_because_queues_remember(town: Town, journey: str) -> None:
    assert autocorrelation(weekly_means(town, journey)) > 0.3


@pytest.mark.parametrize("journey", ["passport", "moving_house", "youth_support"])
def test_as_many_come_as_was_meant_and_more_unevenly_than_by_chance(
    town: Town, journey: str
) -> None:
    """The yearly number is right; days vary more than a Poisson process would (variance > mean),
    since demand goes up and down by the week and the day."""
    last = epoch(date(2026, 3, 1))  # demand of two journeys fell then
    began = Counter(
        local(case.asked_at).date()
        for case in town.systems.cases
        if case.journey == journey and case.asked_at < last
    )
    first = town.scale.first
    daily = [
        began[date.fromordinal(n)] for n in range(first.toordinal(), date(2026, 3, 1).toordinal())
    ]
    meant = sum(
        BY_ID[journey].yearly * town.scale.residents / 1000 * BY_ID[journey].season[month - 1] / 12
        for month in [*range(4, 13), *range(1, 13), 1, 2]
    )
    assert sum(daily) == pytest.approx(meant, rel=0.08)
    middle = mean(daily)
    assert mean((n - middle) ** 2 for n in daily) > 1.2 * middle
