"""The questions that the register asks, put to the warehouse, and the verdicts as tables.

What belongs here: which improvement is judged on which definition, with what beside it. What does
not: judging (`transforms/evidence/`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from pipelines.municipality import ExpectedEffect, Improvement, Municipality
from transforms.definitions import bodies_of
from transforms.evidence import reading
from transforms.evidence.analyses import Analysis, analyses
from transforms.evidence.history import Compared, Items, Other, Question, longest_usual
from transforms.evidence.verdict import Verdict, controlled, judge
from transforms.models import Model

Bodies = Mapping[str, Mapping[str, Any]]
_DURATION = "lead_time.km.median"
_WINDOWS = {"24h": 1, "7d": 7, "14d": 14, "28d": 28}


def questions(
    connection: duckdb.DuckDBPyConnection, municipality: Municipality, bodies: Bodies
) -> Iterator[Question]:
    """One for each effect that the register expects, in its order, where it can be judged: the
    definition says what a row adds, and there is anything of the sort that it counts."""
    for improvement in municipality.improvements:
        for effect in improvement.expected:
            body = bodies.get(effect.definition)
            if body is None or not reading.can_be_judged(body):
                continue
            seen = _seen(connection, body.get("counts", "cases"), improvement)
            if seen is not None:
                yield question(connection, municipality, bodies, improvement, effect, seen)


def _seen(
    connection: duckdb.DuckDBPyConnection, counts: str, improvement: Improvement
) -> tuple[date, date] | None:
    """What was seen of the journey, and of the one that it is compared with."""
    found = reading.seen(connection, counts, improvement.journey)
    if found is None or improvement.comparison is None:
        return found
    other = reading.seen(connection, counts, improvement.comparison.journey)
    return None if other is None else (max(found[0], other[0]), min(found[1], other[1]))


def question(
    connection: duckdb.DuckDBPyConnection,
    municipality: Municipality,
    bodies: Bodies,
    improvement: Improvement,
    effect: ExpectedEffect,
    seen: tuple[date, date],
) -> Question:
    """Whether an improvement had the effect that was expected of it, by what was seen from the
    first day of `seen` up to the last."""
    body, journey = bodies[effect.definition], improvement.journey
    counts = body.get("counts", "cases")
    without = _not_in(improvement)
    return Question(
        improvement.id,
        effect.definition,
        reading.kind_of(body),
        body["direction"] == "lower",
        improvement.went_live_on,
        *seen,
        reading.items_of(connection, body, journey, without=without),
        reading.volume_of(connection, counts, journey, without=without),
        reading.habits_of(connection, counts, journey),
        window_days=_window_days(connection, bodies, body, journey),
        transition_days=improvement.transition_days,
        others=tuple(_others(municipality, improvement, effect, journey)),
        comparison=_compared(connection, municipality, bodies, improvement, effect),
        expected=effect.change,
        expected_unit=effect.unit,
    )


def _not_in(improvement: Improvement) -> str | None:
    """The channel of the journey itself that it is compared with, which is no part of it then."""
    compared = improvement.comparison
    is_own = compared is not None and compared.journey == improvement.journey
    return compared.channel if compared is not None and is_own else None


def _compared(
    connection: duckdb.DuckDBPyConnection,
    municipality: Municipality,
    bodies: Bodies,
    improvement: Improvement,
    effect: ExpectedEffect,
) -> Compared | None:
    asked = improvement.comparison
    if asked is None:
        return None
    body = bodies[effect.definition]
    counts = body.get("counts", "cases")
    others: tuple[Other, ...] = ()
    if asked.journey != improvement.journey:
        others = tuple(_others(municipality, improvement, effect, asked.journey))
    return Compared(
        reading.items_of(connection, body, asked.journey, asked.channel),
        reading.volume_of(connection, counts, asked.journey, asked.channel),
        reading.habits_of(connection, counts, asked.journey),
        _window_days(connection, bodies, body, asked.journey),
        others,
    )


def _window_days(
    connection: duckdb.DuckDBPyConnection, bodies: Bodies, body: Mapping[str, Any], journey: str
) -> int:
    """How long an item must be followed: a window, or for cases as long as most of them take."""
    if body.get("maturity") in _WINDOWS:
        return _WINDOWS[body["maturity"]]
    if body.get("counts", "cases") != "cases" or body.get("maturity") == "over":
        return 0
    times: Items = reading.items_of(connection, bodies[_DURATION], journey)
    return int(longest_usual(times)) + 1


def _others(
    municipality: Municipality, improvement: Improvement, effect: ExpectedEffect, journey: str
) -> Iterator[Other]:
    """The other improvements of a journey."""
    kpi = effect.definition.split(".")[0]
    for other in municipality.improvements:
        if other.id != improvement.id and other.journey == journey:
            moves = {wish.definition.split(".")[0] for wish in other.expected}
            yield Other(other.id, other.went_live_on, not moves or kpi in moves)


@dataclass(frozen=True)
class Judged:
    """A question, its verdict, what stands beside it, the verdicts under the definitions that
    compete with the one that was asked for, and what the register compares with."""

    question: Question
    verdict: Verdict
    analyses: tuple[Analysis, ...]
    others: tuple[Verdict, ...]
    compared_with: str | None = None


def judged(
    connection: duckdb.DuckDBPyConnection,
    municipality: Municipality,
    models: Mapping[str, Model],
    only: str | None = None,
) -> list[Judged]:
    """All that the register asks, with the false discovery rate controlled over it; `only` leaves
    out what stands beside the verdicts of other improvements."""
    bodies = bodies_of(models)
    asked = list(questions(connection, municipality, bodies))
    found = controlled([judge(each) for each in asked])
    return [
        Judged(
            each,
            verdict,
            *_beside(connection, bodies, municipality, each, verdict),
            _named(municipality, each.improvement),
        )
        for each, verdict in zip(asked, found, strict=True)
        if only is None or each.improvement == only
    ]


def _named(municipality: Municipality, improvement: str) -> str | None:
    """The comparison group of an improvement, as the register names it."""
    [found] = [each for each in municipality.improvements if each.id == improvement]
    return found.comparison.model_dump_json() if found.comparison else None


def _beside(
    connection: duckdb.DuckDBPyConnection,
    bodies: Bodies,
    municipality: Municipality,
    asked: Question,
    verdict: Verdict,
) -> tuple[tuple[Analysis, ...], tuple[Verdict, ...]]:
    [improvement] = [each for each in municipality.improvements if each.id == asked.improvement]
    found = tuple(analyses(asked, verdict.window, verdict.points))
    others = tuple(
        judge(_instead(connection, bodies, improvement, asked, name))
        for name in competing(bodies, asked.definition)
    )
    return found, others


def competing(bodies: Bodies, definition: str) -> list[str]:
    """The other readings of the same question that add up to the same sort of figure."""
    mine = bodies[definition]
    return [
        name
        for name, body in bodies.items()
        if mine.get("competes")
        and body.get("competes") == mine["competes"]
        and name != definition
        and body.get("level") != "person"
        and reading.can_be_judged(body)
        and reading.kind_of(body) == reading.kind_of(mine)
    ]


def _instead(
    connection: duckdb.DuckDBPyConnection,
    bodies: Bodies,
    improvement: Improvement,
    asked: Question,
    definition: str,
) -> Question:
    """The same question by another definition; nothing was expected of that one."""
    body, compared, comparison = bodies[definition], improvement.comparison, asked.comparison
    if compared is not None and comparison is not None:
        comparison = replace(
            comparison,
            items=reading.items_of(connection, body, compared.journey, compared.channel),
            window_days=_window_days(connection, bodies, body, compared.journey),
        )
    journey, without = improvement.journey, _not_in(improvement)
    return replace(
        asked,
        definition=definition,
        items=reading.items_of(connection, body, journey, without=without),
        comparison=comparison,
        window_days=_window_days(connection, bodies, body, improvement.journey),
        expected=None,
        expected_unit=None,
    )
