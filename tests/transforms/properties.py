"""What must hold of every figure, whatever the rows.

Raw rows are a mapping from table (`raw.events`) to rows; each helper builds the named KPI models on
them twice, the second time with a change that must not matter, and compares every figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isclose
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.transforms.sql_bench import CASE, EVENT, Bench

Raw = Mapping[str, Sequence[Mapping[str, Any]]]
Figures = dict[tuple[str, ...], tuple[float | None, ...]]

SLICE = ("definition", "journey", "segment_kind", "segment", "period_kind", "period")
MEASURED = ("n", "numerator", "denominator", "value", "lower", "upper")
FIRST = datetime(2025, 2, 3, 8, tzinfo=UTC)  # the clock changes eight weeks later
PER_FILE = 1_000
BARE = {"source": "log", "file_number": 1}
EVENT_ROW = BARE | EVENT | {"provenance": "file", "time_quality": "exact"}


def figures(raw: Raw, *models: str, **config: Any) -> Figures:
    """Every figure of the models by its definition and slice; `config` are configuration keys."""
    bench = Bench(**config)
    for table, rows in raw.items():
        for row in rows:
            bench.insert(table, dict(row))
    found = [row for model in models for row in bench.build(model)]
    return {tuple(row[key] for key in SLICE): tuple(row[key] for key in MEASURED) for row in found}


def assert_same(found: Figures, expected: Figures) -> None:
    """Equal but for the last digits of a sum of floats."""
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert all(map(_is_same, found[key], values)), (key, found[key], values)


def _is_same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


def assert_order_is_irrelevant(raw: Raw, random: Random, *models: str, **config: Any) -> None:
    """In whatever order rows arrive, their `sequence` kept."""
    mixed = {table: random.sample(list(rows), len(rows)) for table, rows in raw.items()}
    assert_same(figures(mixed, *models, **config), figures(raw, *models, **config))


def assert_two_files_are_one(raw: Raw, at: int, *models: str, **config: Any) -> None:
    """The events from place `at` on come in a second file, which tells of their cases again."""
    later = {row["case_id"] for row in raw["raw.events"][at:]}
    second = [row for row in raw["raw.cases"] if row["case_id"] in later]
    split = {
        **raw,
        "raw.events": [
            *raw["raw.events"][:at],
            *(_in_second_file(row) for row in raw["raw.events"][at:]),
        ],
        "raw.cases": [*raw["raw.cases"], *map(_in_second_file, second)],
    }
    assert_same(figures(split, *models, **config), figures(raw, *models, **config))


def _in_second_file(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "file_number": 2, "sequence": row["sequence"] + PER_FILE}


def assert_unrelated_rows_change_nothing(
    raw: Raw, unrelated: Raw, journey: str, *models: str, **config: Any
) -> None:
    """Rows of another journey leave every figure of `journey` as it was."""
    tables = {*raw, *unrelated}
    both = {table: [*raw.get(table, ()), *unrelated.get(table, ())] for table in tables}

    def own(found: Figures) -> Figures:
        return {key: values for key, values in found.items() if key[1] == journey}

    assert_same(own(figures(both, *models, **config)), own(figures(raw, *models, **config)))


def moved(raw: Raw, by: timedelta) -> Raw:
    """Every instant later by so much; a whole number of days may cross the change of the clock."""

    def later(value: Any) -> Any:
        return value + by if isinstance(value, datetime) else value

    return {
        table: [{key: later(value) for key, value in row.items()} for row in rows]
        for table, rows in raw.items()
    }


def over_all_periods(found: Figures, definitions: str) -> Figures:
    """The figures that no period narrows, of the definitions that begin so."""
    return {
        key: values
        for key, values in found.items()
        if key[4] == "all" and key[0].startswith(definitions)
    }


@st.composite
def logs(
    draw: st.DrawFn,
    activities: Sequence[str] = "abc",
    case_type: str = "permit",
    names: str = "case",
    longest_days: int = 100,
) -> Raw:
    """Some cases with up to five events each, closed or not, in minutes from the first."""
    until = longest_days * 24 * 60
    moments = st.integers(0, until).map(lambda m: FIRST + timedelta(minutes=m))
    events: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        stamps = draw(st.lists(moments, min_size=2, max_size=6))
        case = {"case_id": f"{names}{number}", "sequence": number + 1, "opened_at": min(stamps)}
        is_closed, term = draw(st.booleans()), draw(st.integers(7, 100))
        case |= {
            "closed_at": max(stamps) if is_closed else None,
            "legal_end_at": min(stamps) + timedelta(days=term),
            "case_type": case_type,
            "channel": draw(st.sampled_from(["web", "desk", None])),
        }
        cases.append(BARE | CASE | case)
        for stamp in stamps:
            happened = {"activity": draw(st.sampled_from(activities)), "occurred_at": stamp}
            at = {"case_id": case["case_id"], "sequence": len(events) + 1}
            events.append(EVENT_ROW | happened | at)
    return {"raw.events": events, "raw.cases": cases}
