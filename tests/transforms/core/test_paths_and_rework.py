"""Five-row tests of paths, rework, slices, units and sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.transforms.sql_bench import Bench


def case(name: str, path: str, **more: Any) -> list[dict[str, Any]]:
    """One event a letter, a day apart."""
    return [
        {"case_id": name, "activity": letter, "occurred_at": f"2025-03-{day:02} 09:00+01", **more}
        for day, letter in enumerate(path, 3)
    ]


def log(*paths: str) -> Bench:
    names = [str(number) for number in range(len(paths))]
    events = [event for name, path in zip(names, paths, strict=True) for event in case(name, path)]
    return Bench(events, [{"case_id": name} for name in names])


@pytest.mark.parametrize(
    ("paths", "different"),
    [(("abc", "abc", "acb"), 2), (("ab", "abb", "a"), 3), (("aab", "aab"), 1)],
)
def test_equal_sequences_have_equal_path_keys(paths: Sequence[str], different: int) -> None:
    rows = log(*paths).build("core.case_paths")
    keys = {path: set() for path in paths}  # type: ignore[var-annotated]
    for row in sorted(rows, key=lambda row: row["case_key"]):
        keys[paths[row["case_key"] - 1]].add(row["path_key"])
    assert all(len(found) == 1 for found in keys.values())
    assert len(set.union(*keys.values())) == different


def test_a_path_is_spelled_out_once_with_its_number_of_cases() -> None:
    rows = log("aba", "aba").build("core.path_steps")
    found = [(row["position"], row["cases"], row["next_activity_key"]) for row in rows]
    assert sorted(found, key=lambda step: step[0]) == [(1, 2, 2), (2, 2, 1), (3, 2, None)]


@pytest.mark.parametrize(
    ("path", "executions", "runs", "self_loops"),
    [("abc", None, None, None), ("aab", 2, 1, 1), ("aba", 2, 2, 0), ("aabaa", 4, 2, 2)],
)
def test_rework_tells_repeats_in_a_row_from_repeats_later(
    path: str, executions: int | None, runs: int | None, self_loops: int | None
) -> None:
    rows = log(path).build("core.rework")
    found = [(row["executions"], row["runs"], row["self_loops"]) for row in rows]
    assert found == ([] if executions is None else [(executions, runs, self_loops)])


def test_rework_by_another_person_is_a_redo() -> None:
    events = case("0", "a", actor="x") + case("0", "a", actor="y")
    [row] = Bench(events, [{"case_id": "0"}]).build("core.rework")
    assert (row["self_loops_redo"], row["self_loop_redo_events"], row["actors"]) == (1, 1, 2)


def test_a_case_is_sliced_by_the_month_and_week_of_its_start_in_amsterdam() -> None:
    events = [{"occurred_at": "2025-03-31 22:30+00"}]
    case = {
        "channel": "web",
        "opened_at": "2025-03-31 22:30+00",
        "closed_at": "2025-05-01 12:00+02",
    }
    rows = Bench(events, [case]).build("core.case_slices")
    found = {(row["segment"], row["period_kind"], row["period"]) for row in rows}
    assert found == {
        ("all", "all", "all"),
        ("all", "month", "2025-04"),
        ("all", "week", "2025-W14"),
        ("all", "closing_month", "2025-05"),
        ("ontwerp", "all", "all"),
        ("ontwerp", "month", "2025-04"),
        ("web", "all", "all"),
        ("web", "month", "2025-04"),
    }


def test_units_are_numbered_per_level_by_name() -> None:
    events = [{"team": "B"}, {"team": "A"}, {"actor": "x"}]
    rows = Bench(events, [{}]).build("core.units")
    assert [(row["level"], row["unit_key"], row["unit"]) for row in rows] == [
        ("person", 1, "x"),
        ("team", 1, "A"),
        ("team", 2, "B"),
    ]


def test_a_source_adds_up_its_files_and_says_where_its_cutoff_comes_from() -> None:
    bench = Bench([{}], [{}])
    for number in (1, 2):
        counts = {"rows_read": 10, "rows_loaded": 9, "rows_quarantined": 1}
        bench.insert("raw.files", {"file": f"{number}.csv", "file_number": number, **counts})
    [row] = bench.build("core.sources")
    assert (row["files"], row["rows_read"], row["rows_quarantined"]) == (2, 20, 2)
    assert row["cutoff_basis"] == "configured"


def test_a_stamp_still_to_come_is_no_cut_off() -> None:
    days = ("2025-03-03", "2025-03-04", "2205-03-04")
    bench = Bench([{"occurred_at": f"{day} 09:00+01"} for day in days], [{}])
    bench.connection.execute("update config.sources set complete_until = null")
    counts = {"rows_read": 3, "rows_loaded": 3, "rows_quarantined": 0}
    bench.insert(
        "raw.files",
        {"file": "a.csv", "file_number": 1, "loaded_at": "2025-03-05 00:00+01", **counts},
    )
    [row] = bench.build("core.sources")
    assert row["cutoff_at"].isoformat() == "2025-03-04T08:00:00+00:00"


def test_the_owners_statistics_are_recomputed_from_the_events() -> None:
    bench = log("ab", "abcd")
    bench.insert("raw.owner_statistics", {"statistic": "meta_general:events_total", "value": "6"})
    found = {row["statistic"]: row["value"] for row in bench.build("core.log_statistics")}
    assert found["meta_general:events_total"] == 6
    assert found["meta_general:events_average"] == 3
    assert found["meta_concept:different_names_total"] == 4


def test_what_the_owner_printed_agrees_or_not_within_rounding() -> None:
    bench = log("ab", "abcd")
    for statistic, value in (
        ("meta_general:events_total", "6"),
        ("meta_general:events_average", "3.001"),
        ("meta_concept:different_names_total", "5"),
        ("meta_time:log_start_time", "no moment"),
    ):
        bench.insert("raw.owner_statistics", {"statistic": statistic, "value": value})
    found = {r["statistic"]: r["agrees"] for r in bench.build("core.owner_comparisons")}
    assert found == {
        "meta_general:events_total": True,
        "meta_general:events_average": True,
        "meta_concept:different_names_total": False,
        "meta_time:log_start_time": None,
    }


def test_a_stretch_is_as_long_as_one_unit_has_the_case() -> None:
    teams = ["A", "A", None, "EMPTY", "A", "B", "A"]
    events = [
        {"activity": "x", "team": team, "occurred_at": f"2025-03-0{day} 09:00+01"}
        for day, team in enumerate(teams, 1)
    ]
    rows = sorted(Bench(events, [{}]).build("core.assignments"), key=lambda row: row["run"])
    assert [(row["unit_key"], row["is_handoff"], row["is_ping_pong"]) for row in rows] == [
        (1, False, False),
        (2, True, False),
        (1, True, True),
    ]
