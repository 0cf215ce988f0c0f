"""The questions that the register asks, put to the warehouse, and the verdicts as tables.

What belongs here: which improvement is judged on which definition, with what beside it. What does
not: judging (`transforms/evidence/`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb
import polars as pl

from pipelines.municipality import ExpectedEffect, Improvement, Municipality
from transforms.definitions import definitions_of
from transforms.evidence import reading
from transforms.evidence.history import Items, Other, Question, first_day, longest_usual
from transforms.evidence.verdict import Verdict, controlled, judge
from transforms.models import Model

Bodies = Mapping[str, Mapping[str, Any]]
_DURATION = "lead_time.km.median"
_WINDOWS = {"24h": 1, "7d": 7, "14d": 14, "28d": 28}


def bodies_of(models: Mapping[str, Model]) -> dict[str, Mapping[str, Any]]:
    """Every definition as its header has it."""
    return {name: body for model in models.values() for name, body in definitions_of(model)}


def questions(
    connection: duckdb.DuckDBPyConnection, municipality: Municipality, bodies: Bodies
) -> Iterator[Question]:
    """One for each effect that the register expects, in its order, where it can be judged."""
    for improvement in municipality.improvements:
        for effect in improvement.expected:
            body = bodies.get(effect.definition)
            if body is not None and reading.can_be_judged(body):
                yield question(connection, municipality, bodies, improvement, effect)


def question(
    connection: duckdb.DuckDBPyConnection,
    municipality: Municipality,
    bodies: Bodies,
    improvement: Improvement,
    effect: ExpectedEffect,
) -> Question:
    """Whether an improvement had the effect that was expected of it."""
    body, journey = bodies[effect.definition], improvement.journey
    counts = body.get("counts", "cases")
    compared, comparison = improvement.comparison, None
    if compared is not None:
        comparison = reading.items_of(connection, body, compared.journey, compared.channel)
    first, last = reading.seen(connection, counts)
    return Question(
        improvement.id,
        effect.definition,
        reading.kind_of(body),
        body["direction"] == "lower",
        improvement.went_live_on,
        first,
        last,
        reading.items_of(connection, body, journey),
        reading.volume_of(connection, counts, journey),
        reading.habits_of(connection, counts, journey),
        window_days=_window_days(connection, bodies, body, journey),
        transition_days=improvement.transition_days,
        others=tuple(_others(municipality, improvement, effect)),
        comparison=comparison,
        expected=effect.change,
        expected_unit=effect.unit,
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
    municipality: Municipality, improvement: Improvement, effect: ExpectedEffect
) -> Iterator[Other]:
    kpi = effect.definition.split(".")[0]
    for other in municipality.improvements:
        if other.id != improvement.id and other.journey == improvement.journey:
            moves = {wish.definition.split(".")[0] for wish in other.expected}
            yield Other(other.id, other.went_live_on, not moves or kpi in moves)


def verdicts(
    connection: duckdb.DuckDBPyConnection,
    municipality: Municipality,
    models: Mapping[str, Model],
    told: Callable[[int, int], None] = lambda done, total: None,
) -> list[Verdict]:
    """All of the register's, with the false discovery rate controlled over them."""
    asked = list(questions(connection, municipality, bodies_of(models)))
    found = []
    for done, each in enumerate(asked, 1):
        found.append(judge(each))
        told(done, len(asked))
    return controlled(found)
