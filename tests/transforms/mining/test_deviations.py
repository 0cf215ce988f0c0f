"""What moves mean, and whom they touch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.mining.test_alignments import PLENTY, straight, ticking
from tests.transforms.sql_bench import CONFIG, Bench
from transforms.mining.alignments import Conformance, conformance
from transforms.mining.deviations import (
    DEVIATION_COLUMNS,
    DEVIATION_SCHEMA,
    counted,
    deviations_of,
    path_deviations,
)
from transforms.mining.variants import Variants

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def aligned(*paths: str) -> Conformance:
    """Held against a, b, c, d."""
    variants = Variants([tuple(path) for path in paths], [1] * len(paths), len(paths))
    return conformance(straight(), variants, {}, ticking().__next__, PLENTY)


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        ("abd", {("skipped", "c", None)}),
        ("abxcd", {("extra", "x", 3)}),
        ("abbcd", {("again", "b", 3)}),
        ("abcbd", {("again", "b", 4)}),
        ("abdc", {("moved", "d", 3)}),
        ("xd", {("extra", "x", 1), *(("skipped", name, None) for name in "abc")}),
    ],
)
def test_what_moves_mean(path: str, meaning: set[tuple[str, str, int | None]]) -> None:
    [moves] = aligned(path).moves.values()
    assert set(deviations_of(moves)) == meaning


def events(case: str, path: str) -> list[dict[str, Any]]:
    """A step a day."""
    return [
        {"case_id": case, "activity": name, "occurred_at": f"2025-03-{day:02} 09:00+01"}
        for day, name in enumerate(path, 3)
    ]


def case(name: str, client: str | None, closed: str | None = "2025-03-20 09:00+01") -> Any:
    opened = {"opened_at": "2025-03-03 09:00+01", "closed_at": closed}
    return {"case_id": name, "client": client} | opened


PATHS = {"1": "abcd", "2": "abxcd", "3": "abxcd", "4": "abxcd", "5": "abxcd", "6": "abd"}


def bench(**journey: Any) -> Bench:
    """Cases 2 and 3 are of one resident, 4 of an unknown one; 5 is open."""
    clients = {"1": "one", "2": "two", "3": "two", "4": None, "5": "five", "6": "six"}
    made = Bench(
        [event for name, path in PATHS.items() for event in events(name, path)],
        [
            case(name, of, None if name == "5" else "2025-03-20 09:00+01")
            for name, of in clients.items()
        ],
        journeys=[CONFIG["journeys"][0] | journey, CONFIG["journeys"][1]],
    )
    for model in ("core.closed_paths", "core.rule_checks"):
        made.build(model)
    return made


def ranked(made: Bench) -> list[dict[str, Any]]:
    keys = {
        (row["journey"], tuple(json_path(row["path"]))): row["path_key"]
        for row in made.rows("from core.closed_paths")
    }
    paths = ["".join(path) for _, path in keys]
    told = aligned(*paths)
    found = path_deviations({"permits": told}, keys)
    return counted(
        made.connection, found, list(zip(["permits"] * 9, keys.values(), strict=False))
    ).to_dicts()


def json_path(text: str) -> list[str]:
    import json

    return list(json.loads(text))


def test_deviations_count_closed_cases_their_residents_and_the_days_before_the_step() -> None:
    first, second = ranked(bench())
    assert (first["kind"], first["activity"], first["rank"]) == ("extra", "x", 1)
    assert (first["cases"], first["residents"], first["judged_cases"]) == (3, 2, 5)
    assert first["lost_days"] == pytest.approx(3.0)
    assert (first["median_days"], first["other_median_days"]) == (17.0, 17.0)
    assert (second["kind"], second["activity"], second["lost_days"]) == ("skipped", "c", None)


def test_broken_rules_stand_among_them() -> None:
    rules = [{"kind": "within", "first": "b", "then": "c", "days": 1}]
    kinds = {row["kind"]: row for row in ranked(bench(rules=rules))}
    late = kinds["within"]
    assert (late["basis"], late["activity"], late["other_activity"]) == ("rule", "b", "c")
    assert late["bound"] == 1
    # Five cases without c in time; the one that skipped it is closed, the open one is late too.
    assert (late["judged_cases"], late["cases"], late["lost_days"]) == (6, 5, 4.0)


def test_without_flow_and_rules_there_are_no_rows() -> None:
    made = bench()
    found = counted(made.connection, path_deviations({}, {}), [])
    assert (found.height, dict(found.schema)) == (0, DEVIATION_SCHEMA)
    assert list(DEVIATION_COLUMNS) == list(DEVIATION_SCHEMA)
