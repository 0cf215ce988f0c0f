"""Five-row tests of the core models."""

from __future__ import annotations

from datetime import date

import pytest

from tests.transforms.sql_bench import CONFIG, EVENT, Bench, models
from transforms.models import failing_rows

HOUR = 3_600_000_000


def at(stamp: str, activity: str = "x", **rest: object) -> dict[str, object]:
    return {"activity": activity, "occurred_at": stamp, **rest}


@pytest.mark.parametrize("name", list(models()))
def test_every_model_builds_on_an_empty_log(name: str) -> None:
    bench = Bench()
    bench.build(name)
    for test in models()[name].tests:
        if not any(other in test.rows for other in models() if other not in bench_tables(bench)):
            assert failing_rows(bench.connection, test)[0] == 0


def bench_tables(bench: Bench) -> set[str]:
    rows = bench.rows("select schema_name || '.' || table_name as name from duckdb_tables()")
    return {row["name"] for row in rows}


def test_ties_keep_the_order_of_the_source() -> None:
    stamp = "2025-03-03 09:00+01"
    bench = Bench([at(stamp, name) for name in ("c", "a", "b")], [{}])
    bench.build("core.steps")
    rows = bench.rows(
        "select a.activity from core.steps as s join core.activities as a using (activity_key)"
        " order by s.position"
    )
    assert [row["activity"] for row in rows] == ["c", "a", "b"]


def test_a_duration_over_the_clock_change_counts_instants() -> None:
    bench = Bench([at("2025-03-30 01:00+01"), at("2025-03-30 04:00+02")], [{}])
    assert bench.build("core.steps")[0]["until_next_us"] == 2 * HOUR


def test_an_open_case_has_an_age_and_no_lead_time() -> None:
    [case] = Bench([at("2025-06-30 00:00+02")], [{}]).build("core.cases")
    assert (case["lead_time_us"], case["age_us"]) == (None, 24 * HOUR)


def test_dates_are_those_of_amsterdam() -> None:
    case = {"opened_at": "2025-03-31 22:30+00", "closed_at": "2025-12-31 22:59+00"}
    [row] = Bench([at("2025-03-31 22:30+00")], [case]).build("core.cases")
    assert (row["opened_on"], row["closed_on"]) == (date(2025, 4, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("registered", "rolled"),
    [
        ("2025-04-18 12:00+02", date(2025, 4, 22)),  # Good Friday to after Easter Monday
        ("9999-12-31 12:00+01", date(9999, 12, 31)),  # beyond the calendar: as registered
    ],
)
def test_the_end_of_a_short_term_rolls(registered: str, rolled: date) -> None:
    case = {"opened_at": "2025-02-21 09:00+01", "legal_end_at": registered}
    [row] = Bench([at("2025-02-21 09:00+01")], [case]).build("core.cases")
    assert row["legal_end_rolled_on"] == rolled


def test_a_case_type_that_no_journey_lists_is_left_out_and_warned() -> None:
    cases = [
        {"case_id": "a"},
        {"case_id": "b", "case_type": "parking"},
        {"case_id": "c", "case_type": None},
    ]
    bench = Bench([at("2025-03-03 09:00+01", case_id=c) for c in "abc"], cases)
    assert [row["case_id"] for row in bench.build("core.cases")] == ["a"]
    test = next(t for t in models()["core.cases"].tests if t.name == "every_case_has_a_journey")
    assert failing_rows(bench.connection, test)[0] == 2


def test_handoffs_skip_unknown_units_and_placeholders() -> None:
    teams = ["A", "EMPTY", "A", None, "B", "A"]
    events = [at(f"2025-03-03 09:0{i}+01", team=team) for i, team in enumerate(teams)]
    events.append(at("2025-03-03 09:00+01", case_id="b"))
    rows = Bench(events, [{}, {"case_id": "b"}]).build("core.case_handoffs")
    found = {r["case_key"]: (r["handoffs"], r["ping_pongs"], r["has_return"]) for r in rows}
    assert found == {1: (2, 1, True), 2: (None, None, None)}


def test_one_unit_a_case_tells_of_no_handoffs() -> None:
    source = CONFIG["sources"][0] | {
        "kind": "case_export",
        "columns": {"case_id": "id", "opened_at": "start", "case_type": "type"},
    }
    events = [EVENT | {"team": None}, EVENT | {"team": "T1"}]
    [row] = Bench(events, [{}], sources=[source]).build("core.case_handoffs")
    assert (row["level"], row["handoffs"], row["has_return"]) == ("team", None, None)


def test_kaplan_meier_by_hand() -> None:
    """Ends after 1 and 3 days, one open for 2 days: 2/3 after one day, 0 after three."""
    ends = [("2025-06-01", "2025-06-02"), ("2025-06-01", "2025-06-04"), ("2025-06-29", None)]
    cases = [
        {"case_id": str(i), "opened_at": f"{a} 00:00+02", "closed_at": b and f"{b} 00:00+02"}
        for i, (a, b) in enumerate(ends)
    ]
    events = [at("2025-06-01 00:00+02", case_id=str(i)) for i in range(3)]
    rows = Bench(events, cases).build("core.survival_steps")
    curve = sorted(
        (r["duration_us"] // (24 * HOUR), r["at_risk"], r["still_open"])
        for r in rows
        if (r["segment"], r["cohort"], r["negatives"]) == ("all", "all", "dropped")
    )
    assert curve == [(1, 3, pytest.approx(2 / 3)), (2, 2, pytest.approx(2 / 3)), (3, 1, 0)]


def test_an_unpassed_configured_term_keeps_a_cohort_immature() -> None:
    bench = Bench([at("2025-06-02 09:00+02")], [{"closed_at": "2025-06-03 09:00+02"}])
    rows = bench.build("core.cohorts")
    of_cases = [row for row in rows if (row["counts"], row["period_kind"]) == ("cases", "month")]
    found = {row["is_all_due"] for row in of_cases}
    assert found == {False}


def test_a_case_that_two_files_tell_of_is_one_case_and_the_last_file_is_believed() -> None:
    bench = Bench(
        [at("2025-03-03 09:00+01"), at("2025-04-03 09:00+01", file_number=2, sequence=201)],
        [
            {"channel": "web", "opened_at": "2025-03-01 09:00+01", "sequence": 101},
            {"channel": None, "closed_at": "2025-04-04 09:00+01", "sequence": 201},
        ],
    )
    [case] = bench.build("core.cases")
    assert (case["channel"], case["closed_on"], case["event_count"]) == ("web", date(2025, 4, 4), 2)


def test_a_placeholder_is_no_organisation() -> None:
    bench = Bench([at("2025-03-03 09:00+01", organisation="EMPTY")], [{}])
    [event] = bench.build("core.events")
    assert event["organisation"] is None
