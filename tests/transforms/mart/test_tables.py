"""Five-row tests of the tables around the figures, and of rework, workload and maturity."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.transforms.core.test_paths_and_rework import case, log
from tests.transforms.sql_bench import CONFIG, Bench, models
from transforms.definitions import definitions_of

NORM = {"definition": "on_time.due.rolled", "at_least": 90, "basis": "Servicenormen"}
OWN_NORM = NORM | {"at_least": 95}


def whole(rows: list[dict[str, Any]], definition: str) -> dict[str, Any]:
    [row] = [
        row
        for row in rows
        if (row["definition"], row["segment"], row["period"]) == (definition, "all", "all")
    ]
    return row


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ("rework.any_cases", 50.0),
        ("rework.repetition_cases", 25.0),
        ("rework.self_loop_cases", 25.0),
        ("rework.any_events", 0.75),
    ],
)
def test_rework_counts_cases_and_extra_events(definition: str, value: float) -> None:
    rows = log("abc", "ab", "aaab", "aba").build("mart.kpi_values")
    assert whole(rows, definition)["value"] == pytest.approx(value)


def test_workload_counts_starts_and_ends_in_their_own_months() -> None:
    cases = [{"opened_at": "2025-03-31 12:00+02", "closed_at": "2025-04-01 12:00+02"}]
    rows = Bench([{}], cases).build("mart.kpi_workload")
    months = {(r["definition"], r["period_kind"], r["period"]) for r in rows}
    months = {found for found in months if found[1].endswith("month")}
    assert months == {
        ("workload.opened", "month", "2025-03"),
        ("workload.closed", "closing_month", "2025-04"),
    }


def test_every_figure_carries_the_hash_of_its_definition() -> None:
    bench = log("ab", "aab")
    rows = bench.build("mart.kpi_values")
    hashes = {r["definition"]: r["definition_hash"] for r in bench.build("mart.definitions")}
    assert rows
    assert all(row["definition_hash"] == hashes[row["definition"]] for row in rows)


def test_what_is_not_in_a_figure_is_excluded_from_its_slice() -> None:
    bench = Bench([{}, {"case_id": "b", "team": "A"}], [{}, {"case_id": "b"}])
    rows = [row for row in bench.build("core.slice_sizes") if row["period"] == "all"]
    sizes = {(row["journey"], row["segment"]): row["size"] for row in rows}
    assert sizes == {("permits", "all"): 2, ("all", "ontwerp"): 2}
    row = whole(bench.build("mart.kpi_values"), "handoffs.team.per_known_case")
    assert (row["n"], row["n_excluded"]) == (1, 1)


def test_a_service_formula_pools_its_journeys() -> None:
    cases = [{}, {"case_id": "b", "case_type": "care"}]
    rows = Bench([{}, {"case_id": "b"}], cases).build("mart.kpi_values")
    found = {
        (r["journey"], r["segment"]): r["value"]
        for r in rows
        if (r["definition"], r["period"]) == ("workload.opened", "all")
    }
    assert found == {("permits", "all"): 1, ("care", "all"): 1, ("all", "ontwerp"): 2}


def test_a_young_month_is_immature_and_an_old_one_is_not() -> None:
    ends = [("2024-12-02", "2024-12-05"), ("2025-06-30", None)]
    cases = [
        {"case_id": str(n), "opened_at": f"{a} 09:00+01", "closed_at": b and f"{b} 09:00+01"}
        for n, (a, b) in enumerate(ends)
    ]
    events = [{"case_id": str(n), "occurred_at": f"{a} 09:00+01"} for n, (a, _) in enumerate(ends)]
    found = {
        row["period"]: row["is_mature"]
        for row in Bench(events, cases).build("mart.kpi_values")
        if row["definition"] == "lead_time.closed.median" and row["period_kind"] == "month"
    }
    assert found["2024-12"] is True
    assert found.get("2025-06", False) is False


def test_a_journey_without_cases_is_there_with_zero() -> None:
    found = {row["journey"]: row["cases"] for row in log("ab").build("mart.journeys")}
    assert found == {"permits": 1, "care": 0}


def test_a_journeys_own_norm_stands_above_that_of_its_service_formula() -> None:
    formulas = [CONFIG["service_formulas"][0] | {"norms": [NORM]}]
    permits, care = CONFIG["journeys"]
    journeys = [permits | {"norms": [OWN_NORM]}, care]
    rows = Bench(service_formulas=formulas, journeys=journeys).build("mart.norms")
    assert {row["journey"]: row["at_least"] for row in rows} == {"permits": 95, "care": 90}


def test_phases_and_improvements_come_as_configured() -> None:
    phases = [{"id": "start", "name": {"nl": "Begin", "en": "Start"}, "activities": ["a"]}]
    permits, care = CONFIG["journeys"]
    effect = {"definition": "lead_time.km.median", "change": -10, "unit": "percent"}
    improvement = {
        "id": "intake",
        "journey": "permits",
        "name": "Intake",
        "went_live_on": "2025-03-01",
        "expected": [effect],
    }
    bench = Bench(
        case("0", "a"),
        [{"case_id": "0"}],
        journeys=[permits | {"phases": phases}, care],
        improvements=[improvement],
    )
    assert [(row["phase"], row["name_nl"]) for row in bench.build("mart.phases")] == [
        ("start", "Begin")
    ]
    [row] = bench.build("mart.improvements")
    assert row["went_live_on"] == date(2025, 3, 1)
    assert json.loads(row["expected"])[0]["change"] == -10
    [event] = bench.build("core.events")
    assert event["phase"] == "start"


def test_a_published_source_says_what_became_of_its_rows() -> None:
    bench = Bench([{}], [{}])
    counts = {"rows_read": 3, "rows_loaded": 1, "rows_quarantined": 2}
    bench.insert("raw.files", {"file": "a.csv", **counts})
    [row] = bench.build("mart.sources")
    assert {name: row[name] for name in counts} == counts


def test_the_published_curve_ends_when_the_last_case_does() -> None:
    cases = [{"opened_at": "2025-03-03 09:00+01", "closed_at": "2025-03-17 09:00+01"}]
    rows = Bench([{}], cases).build("mart.survival")
    curve = [(r["after_days"], r["still_open"]) for r in rows if r["cohort"] == "all"]
    assert curve == [(0, 1.0), (7, 1.0), (14, 0.0)]


@pytest.mark.parametrize(
    ("finding", "affected"),
    [
        ("ends_before_start", 1),
        ("events_without_team", 2),
        ("equal_timestamps", 1),
        ("stamps_unreadable", 3),
        ("owner_statistics_differ", 1),
        ("quarantined_rows_by_reason", 1),
    ],
)
def test_what_is_odd_in_the_data_is_counted(finding: str, affected: int) -> None:
    cases = [{"opened_at": "2025-03-03 09:00+01", "closed_at": "2025-03-01 09:00+01"}]
    bench = Bench([{}, {"activity": "y"}], cases)
    bench.insert("raw.owner_statistics", {"statistic": "meta_general:events_total", "value": "9"})
    for number in (1, 2):
        told = {"finding": "stamps_unreadable", "affected": number, "detail": "column=closed_at"}
        bench.insert("raw.findings", {"file_number": number, **told})
    bench.insert("raw.quarantine", {"row_number": 7, "column_name": "case_id", "reason": "Gone."})
    found = {row["finding"]: row["affected"] for row in bench.build("mart.data_quality")}
    assert found[finding] == affected


def test_every_model_or_a_definition_of_it_is_asked_for_by_name_in_some_test() -> None:
    tests = Path(__file__).parents[1].rglob("test_*.py")
    asked = "".join(file.read_text(encoding="utf-8") for file in tests)
    asked += (Path(__file__).parents[2] / "test_golden_receipt.py").read_text(encoding="utf-8")
    names = {name: [name, *(d for d, _ in definitions_of(m))] for name, m in models().items()}
    assert [name for name, known in names.items() if not any(n in asked for n in known)] == []
