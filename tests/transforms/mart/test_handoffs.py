"""Five-row tests of waiting between units, handlers and the time with chain partners."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.core.test_pulled_cases import (
    COMPANY,
    EMPLOYEE,
    FIRST,
    SECOND,
    THIRD,
    CaseSystem,
)
from tests.transforms.mart.test_tables import whole
from tests.transforms.sql_bench import Bench

HOUR = 3_600_000_000
DAY = 24 * HOUR
PARTNERS = [{"id": "agency", "name": "Omgevingsdienst", "teams": ["Dienst"]}]


def at(hour: int, team: str | None, **more: Any) -> dict[str, Any]:
    return {"team": team, "occurred_at": f"2025-03-03 {hour:02}:00+01", **more}


def on(day: str, team: str, **more: Any) -> dict[str, Any]:
    return {"team": team, "occurred_at": f"2025-{day} 00:00+02", **more}


def stretches(bench: Bench, level: str = "team") -> list[dict[str, Any]]:
    rows = [row for row in bench.build("core.assignments") if row["level"] == level]
    return sorted(rows, key=lambda row: row["run"])


def test_a_handoff_waits_from_the_last_event_of_one_unit_to_the_first_of_the_next() -> None:
    events = [at(9, "A"), at(10, "A"), at(12, "B"), at(13, None), at(15, "A")]
    found = stretches(Bench(events, [{}]))
    assert [row["waited_us"] for row in found] == [None, 2 * HOUR, 3 * HOUR]
    assert [row["turn_at"].hour for row in found] == [8, 9, 12]  # in UTC


@pytest.mark.parametrize(
    ("level", "column"), [("person", "actor"), ("team", "team"), ("organisation", "organisation")]
)
def test_over_a_gap_the_unit_that_was_known_last_hands_over(level: str, column: str) -> None:
    named = [(9, "A"), (10, None), (11, "A"), (12, None), (13, "B"), (14, "A")]
    events = [at(hour, None) | {column: unit} for hour, unit in named]
    bench = Bench(
        [*events, at(9, None, case_id="b"), at(10, None, case_id="b") | {column: "B"}],
        [{}, {"case_id": "b"}],
    )
    gaps = [row for row in bench.build("core.unit_gaps") if row["level"] == level]
    first, second = sorted(
        (row for row in gaps if row["last_unit_key"]), key=lambda r: r["position"]
    )
    assert (first["position"], first["last_known_at"].hour) == (3, 8)  # in UTC
    assert first["unit_key"] == first["last_unit_key"] == second["last_unit_key"]
    assert (second["position"], second["last_known_at"].hour) == (5, 10)
    assert [row["position"] for row in gaps if row["last_unit_key"] is None] == [2]
    of_first = [r for r in stretches(bench, level) if r["case_key"] == first["case_key"]]
    assert [row["waited_us"] for row in of_first] == [None, 2 * HOUR, HOUR]
    assert [row["is_ping_pong"] for row in of_first] == [False, False, True]


def test_a_handoff_over_the_change_of_the_clock_waits_two_hours_and_not_three() -> None:
    events = [
        {"team": "A", "occurred_at": "2025-03-30 01:00+01"},
        {"team": "B", "occurred_at": "2025-03-30 04:00+02"},
    ]
    assert stretches(Bench(events, [{}]))[1]["waited_us"] == 2 * HOUR


@pytest.mark.parametrize(
    ("definition", "hours", "denominator"),
    [
        ("handoff_wait.team.mean", 8 / 3, 3),  # waits of 2, 3 and 3 hours
        ("handoff_wait.team.median", 3, 3),
        ("handoff_wait.team.case_mean", 4, 2),  # 5 and 3 hours
        ("handoff_wait.team.case_median", 4, 2),
    ],
)
def test_waits_are_told_per_handoff_and_per_case(
    definition: str, hours: float, denominator: int
) -> None:
    events = [
        *(at(hour, team) for hour, team in ((9, "A"), (10, "A"), (12, "B"), (15, "A"))),
        *(at(hour, team, case_id="b") for hour, team in ((9, "A"), (12, "B"))),
        at(9, "A", case_id="c"),
    ]
    cases = [{"case_id": name} for name in "abc"]
    row = whole(Bench(events, cases).build("mart.kpi_values"), definition)
    assert row["value"] == pytest.approx(hours / 24)
    assert (row["n"], row["n_excluded"], row["denominator"]) == (2, 1, denominator)


def test_handlers_are_counted_once_however_often_the_case_comes_back() -> None:
    events = [at(hour, team) for hour, team in enumerate("ABABC", 9)]
    rows = Bench(events, [{}]).build("mart.kpi_handoffs")
    assert whole(rows, "handlers.team.per_known_case")["numerator"] == 3
    assert whole(rows, "handoffs.team.per_known_case")["numerator"] == 4


def partner_case(*days: tuple[str, str], **case: Any) -> dict[str, Any]:
    bench = Bench(
        [on(day, team) for day, team in days],
        [{"opened_at": "2025-06-01 00:00+02", **case}],
        partners=PARTNERS,
    )
    [row] = bench.build("core.partner_times")
    return {key: value / DAY for key, value in row.items() if key.endswith("_us")}


def test_a_partner_has_a_case_until_its_answer_or_from_then_until_the_return() -> None:
    found = partner_case(
        ("06-02", "Loket"),
        ("06-12", "Dienst"),
        ("06-15", "Loket"),
        closed_at="2025-06-21 00:00+02",
    )
    assert found == {"followed_us": 20, "until_answer_us": 10, "until_return_us": 3}


@pytest.mark.parametrize(
    ("closed_at", "until_return"),
    [(None, 19), ("2025-06-22 00:00+02", 10), ("2025-06-10 00:00+02", 0)],
)
def test_an_open_stretch_of_a_partner_runs_to_the_end_or_the_cut_off(
    closed_at: str | None, until_return: int
) -> None:
    found = partner_case(("06-02", "Loket"), ("06-12", "Dienst"), closed_at=closed_at)
    assert found["until_return_us"] == until_return
    assert found["until_answer_us"] == (8 if closed_at and closed_at < "2025-06-12" else 10)


def test_the_share_with_partners_is_a_ratio_of_sums_and_a_case_without_them_counts() -> None:
    events = [
        *(on(day, team) for day, team in (("06-01", "Loket"), ("06-11", "Dienst"))),
        on("06-01", "Loket", case_id="b"),
        on("06-01", "", case_id="c") | {"team": None},
    ]
    ends = {"a": "2025-06-21 00:00+02", "b": "2025-06-11 00:00+02", "c": "2025-06-11 00:00+02"}
    start = "2025-06-01 00:00+02"
    cases = [{"case_id": k, "opened_at": start, "closed_at": end} for k, end in ends.items()]
    rows = Bench(events, cases, partners=PARTNERS).build("mart.kpi_values")
    share = whole(rows, "partner_time.until_answer.share")
    assert (share["n"], share["n_excluded"]) == (2, 1)
    assert share["value"] == pytest.approx(100 * 10 / 30)
    assert whole(rows, "partner_time.until_answer.per_case")["value"] == pytest.approx(5)


def test_without_partners_nothing_is_said_of_their_time() -> None:
    rows = Bench([at(9, "A")], [{}]).build("mart.kpi_values")
    assert not [row for row in rows if row["kpi"] == "partner_time"]


def test_between_roles_nobody_waits_where_they_overlap() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, SECOND)
    system.role("r", "WB", SECOND)
    system.role("s", "JZ", FIRST, registratiedatum="2025-03-02 17:30+01")
    waits = [(row["waited_us"], row["time_quality"]) for row in stretches(system)]
    assert waits == [(None, "exact"), (0, "interval"), (0, "exact")]


def test_a_gap_between_two_roles_is_a_wait() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, einde_geldigheid="2025-02-10")
    system.role("s", "WB", FIRST, begin_geldigheid="2025-02-13")
    assert [row["waited_us"] for row in stretches(system)] == [None, 3 * DAY]


def test_the_time_of_partners_side_by_side_counts_once() -> None:
    system = CaseSystem(einddatum="2025-03-01")
    system.connection.execute("update config.municipality set has_partners = true")
    system.role("s", "p1", FIRST, betrokkene_type=EMPLOYEE)
    adviser = {"betrokkene_type": COMPANY, "omschrijving_generiek": "adviseur"}
    for name, since, until in (("x", "02-05", "02-15"), ("y", "02-10", "02-12")):
        dates = {"begin_geldigheid": f"2025-{since}", "einde_geldigheid": f"2025-{until}"}
        system.role(name, name, FIRST, **adviser, **dates)
    [row] = system.build("core.partner_times")
    assert row["until_answer_us"] == row["until_return_us"] == 10 * DAY


def audited(system: CaseSystem) -> CaseSystem:
    """The same case with an audit trail that told of its handler."""
    told = {"nieuw_betrokkene": "KCC", "nieuw_omschrijving_generiek": "behandelaar"}
    system.seen(
        "zgw_audit",
        zaak="a",
        regel="1",
        resource="rol",
        object="r",
        actie="create",
        aanmaakdatum="2025-02-03 09:00+01",
        nieuw_betrokkene_type="organisatorische_eenheid",
        **told,
    )
    return system


@pytest.mark.parametrize(("has_trail", "lower_bounds"), [(False, 1), (True, 0)])
def test_handoffs_known_from_snapshots_are_said_to_be_a_lower_bound(
    has_trail: bool, lower_bounds: int
) -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST)
    rows = (audited(system) if has_trail else system).build("mart.kpi_values")
    assert whole(rows, "handoffs.team.lower_bound")["numerator"] == lower_bounds
    found = {row["finding"]: row["affected"] for row in system.build("mart.data_quality")}
    assert found.get("handoffs_are_a_lower_bound", 0) == lower_bounds


def test_handoffs_of_an_event_log_are_no_lower_bound() -> None:
    bench = Bench([at(9, "A"), at(10, "B")], [{}])
    assert whole(bench.build("mart.kpi_values"), "handoffs.team.lower_bound")["value"] == 0
    found = {row["finding"] for row in bench.build("mart.data_quality")}
    assert "handoffs_are_a_lower_bound" not in found


def test_a_role_that_changed_between_pulls_is_seen_once_however_often_it_changed() -> None:
    system = CaseSystem()
    system.role("r", "KCC", FIRST, THIRD)
    system.role("r", "JZ", THIRD)
    [_, last] = stretches(system)
    assert (last["is_lower_bound"], last["provenance"]) == (True, "snapshot")


def test_what_a_resident_sent_in_first_is_no_time_of_the_partner() -> None:
    """An event without a unit ends a wait too, though it is no stretch of its own."""
    bench = Bench(
        [on("06-02", "Loket"), on("06-09", "") | {"team": None}, on("06-12", "Dienst")],
        [{"opened_at": "2025-06-01 00:00+02"}],
        partners=PARTNERS,
    )
    assert bench.build("core.partner_times")[0]["until_answer_us"] == 3 * DAY
    waits = [row["waited_us"] for row in stretches(bench, "organisation")]
    assert waits == [None, 10 * DAY]
