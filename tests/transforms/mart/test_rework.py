"""Five-row tests of rework by bupaR's counting, of reopened cases and of reassessments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.core.test_paths_and_rework import log
from tests.transforms.core.test_pulled_cases import SECOND, THIRD, CaseSystem
from tests.transforms.mart.test_tables import whole
from tests.transforms.sql_bench import CONFIG, Bench

PERMITS, CARE = CONFIG["journeys"]
START = "2024-01-01 12:00+01"


def performed(path: str, actors: str, name: str = "a") -> list[dict[str, Any]]:
    """One event a letter, by the person at the same place."""
    return [
        {
            "case_id": name,
            "activity": done,
            "actor": by,
            "occurred_at": f"2025-03-{day:02} 09:00+01",
        }
        for day, (done, by) in enumerate(zip(path, actors, strict=True), 3)
    ]


@pytest.mark.parametrize(
    ("definition", "hits"),
    [
        ("self_loop.repeat.number", 2),  # aaa by x, and bb by y
        ("self_loop.repeat.size", 3),
        ("self_loop.repeat.cases", 2),
        ("self_loop.redo.number", 1),  # aa by x and y
        ("self_loop.redo.size", 1),
        ("self_loop.redo.cases", 1),
        ("repetition.repeat.number", 2),  # aba by x, y, x: a; acaca by x, y, z, y, x: c
        ("repetition.repeat.size", 2),
        ("repetition.repeat.cases", 2),
        ("repetition.redo.number", 1),  # acaca by x, y, z, y, x: a
        ("repetition.redo.size", 2),
        ("repetition.redo.cases", 1),
    ],
)
def test_rework_is_counted_as_bupar_does(definition: str, hits: int) -> None:
    paths = [("aaa", "xxx"), ("bbc", "yyx"), ("aac", "xyy"), ("aba", "xyx"), ("acaca", "xyzyx")]
    events = [e for n, (path, by) in enumerate(paths) for e in performed(path, by, str(n))]
    rows = Bench(events, [{"case_id": str(n)} for n in range(5)]).build("mart.kpi_values")
    found = whole(rows, f"rework.{definition}")
    assert (found["numerator"], found["denominator"]) == (hits, 5)


def test_without_persons_nobody_can_tell_repeat_from_redo() -> None:
    rows = log("aab", "aba").build("mart.kpi_values")
    told = {row["definition"] for row in rows if row["kpi"] == "rework"}
    assert told == {
        f"rework.{name}"
        for name in ("any_cases", "any_events", "repetition_cases", "self_loop_cases")
    }


@pytest.mark.parametrize(
    ("path", "found"),
    [("Aa", []), ("AaBb", []), ("AaAa", [(2, 1)]), ("AaBbAa", [(2, 2)]), ("ABab", [])],
)
def test_a_start_and_its_end_are_one_execution(path: str, found: list[tuple[int, int]]) -> None:
    """Capitals are starts."""
    events = [
        {
            "activity": letter.lower(),
            "lifecycle": "start" if letter.isupper() else "complete",
            "occurred_at": f"2025-03-{day:02} 09:00+01",
        }
        for day, letter in enumerate(path, 3)
    ]
    rows = Bench(events, [{}]).build("core.rework")
    assert [(row["executions"], row["runs"]) for row in rows] == found


def reopenings(path: str, **journey: Any) -> dict[str, Any] | None:
    events = [
        {"activity": letter, "occurred_at": f"2025-03-{day:02} 09:00+01"}
        for day, letter in enumerate(path, 3)
    ]
    bench = Bench(events, [{}], journeys=[PERMITS | journey, CARE])
    bench.connection.execute("update config.sources set has_registered_end = false")
    rows = bench.build("core.reopenings")
    return rows[0] if rows else None


@pytest.mark.parametrize(("path", "is_reopened"), [("abe", False), ("abeb", True), ("aebe", True)])
def test_an_activity_after_the_one_that_ends_a_case_reopens_it(
    path: str, is_reopened: bool
) -> None:
    found = reopenings(path, ends_with=["e"])
    assert found is not None
    assert found["is_reopened"] is is_reopened


@pytest.mark.parametrize(("path", "is_reopened"), [("aeb", False), ("aer", True), ("aerbe", True)])
def test_where_the_configuration_lists_what_reopens_nothing_else_does(
    path: str, is_reopened: bool
) -> None:
    found = reopenings(path, ends_with=["e"], reopens_with=["r"])
    assert found is not None
    assert found["is_reopened"] is is_reopened


def test_a_case_that_never_ended_cannot_be_reopened() -> None:
    assert reopenings("ab", ends_with=["e"]) is None


def test_the_last_event_as_end_says_nothing_of_reopening() -> None:
    found = reopenings("ab")
    assert found is not None
    assert (found["is_reopened"], found["has_later_event"]) == (None, None)


def test_an_event_on_a_later_day_than_the_registered_end_is_told_apart() -> None:
    ends = {"a": "2025-03-03 08:00+01", "b": "2025-03-02 23:59+01", "c": None}
    cases = [{"case_id": name, "closed_at": end} for name, end in ends.items()]
    rows = Bench([{"case_id": name} for name in ends], cases).build("mart.kpi_values")
    found = whole(rows, "reopened.events_after_end")
    assert (found["numerator"], found["denominator"], found["n_excluded"]) == (1, 2, 1)
    assert not [row for row in rows if row["definition"] == "reopened.cases"]


def test_a_case_system_reopens_by_a_later_status_that_is_no_end() -> None:
    system = CaseSystem(einddatum="2025-02-05")
    system.status("Ontvangen", "2025-02-03 10:00+01")
    system.status("Afgehandeld", "2025-02-05 10:00+01")
    system.connection.execute(
        "update raw.zgw_statustypen set is_eindstatus = (statustype = 'Afgehandeld')"
    )
    [row] = system.build("core.reopenings")
    assert row["is_reopened"] is False
    system.status("In behandeling", "2025-02-07 10:00+01")
    [row] = system.build("core.reopenings")
    assert row["is_reopened"] is True


def test_a_case_system_reopens_by_taking_the_end_date_back() -> None:
    system = CaseSystem()
    system.connection.execute("update raw.zgw_zaken set observed_to = ?", [SECOND])
    system.case(SECOND, THIRD, einddatum="2025-03-01")
    system.case(THIRD)
    assert whole(system.build("mart.kpi_values"), "reopened.cases")["value"] == 100


def lifelong(**journey: Any) -> Bench:
    """Residents p (again within a year), q (once), r (again, too late), s (again, another type),
    and t, whose case ended only just now."""
    spans = [
        ("p", "2024-01-31", "permit"),
        ("p", "2025-02-27", "permit"),
        ("q", "2024-01-31", "permit"),
        ("r", "2024-01-31", "permit"),
        ("r", "2025-03-01", "permit"),
        ("s", "2024-01-31", "permit"),
        ("s", "2024-06-30", "care"),
        ("t", "2025-06-01", "permit"),
    ]
    cases = [
        {
            "case_id": str(n),
            "client": who,
            "case_type": kind,
            "opened_at": f"{day} 09:00+01",
            "closed_at": f"{day} 12:00+01",
        }
        for n, (who, day, kind) in enumerate(spans)
    ]
    events = [{"case_id": str(n), "occurred_at": START} for n in range(len(spans))]
    return Bench(events, cases, journeys=[PERMITS | journey, CARE])


def test_a_resident_with_a_lifelong_need_who_applies_again_is_counted_once_the_time_is_over() -> (
    None
):
    found = whole(lifelong(lifelong=True).build("mart.kpi_values"), "reassessment.residents")
    assert (found["numerator"], found["denominator"]) == (1, 4)  # p of p, q, r and s
    assert found["n_excluded"] == 1  # t


def test_the_period_of_a_reassessment_is_configured() -> None:
    bench = lifelong(lifelong=True, reassessed_within_months=14)
    assert whole(bench.build("mart.kpi_values"), "reassessment.residents")["numerator"] == 2


def test_one_case_type_may_be_lifelong_and_another_not() -> None:
    bench = lifelong(case_types=["permit", "pass"], lifelong_case_types=["pass"])
    assert bench.build("core.reassessments") == []
