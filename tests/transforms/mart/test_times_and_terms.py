"""Five-row tests of net and working lead time, age, deadlines, penalties and their findings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.transforms.core.test_pulled_cases import CaseSystem
from tests.transforms.core.test_terms import KNOWN, NOTICE, PENALTIES, SUSPENDS, log
from tests.transforms.mart.test_mart import figures
from tests.transforms.sql_bench import CONFIG, Bench

PERMITS, CARE = CONFIG["journeys"]
JOURNEYS = [PERMITS | KNOWN, CARE]


def days_each(*pairs: tuple[str, str | None], **config: Any) -> Bench:
    """Cases from one instant to another, or open."""
    cases = [
        {"case_id": str(n), "opened_at": start, "closed_at": end}
        for n, (start, end) in enumerate(pairs)
    ]
    events = [{"case_id": str(n), "occurred_at": start} for n, (start, _) in enumerate(pairs)]
    return Bench(events, cases, **config)


def value(bench: Bench, model: str, definition: str) -> Any:
    return figures(bench.build(model))[definition]["value"]


def times(bench: Bench) -> dict[str, Any]:
    [row] = bench.build("core.case_times")
    return row


DAY = 86_400_000_000
HOUR = DAY // 24


def test_net_counts_overlapping_suspensions_once() -> None:
    """2 to 12 June is 10 days; suspended on 3-6 and 5-8 June, so 5 days together."""
    rules = [*SUSPENDS, {"starts_with": ["ask"], "ends_with": ["answer"], "side": "partner"}]
    events = [
        {"activity": name, "occurred_at": f"2025-06-{day} 00:00+02"}
        for name, day in [("invite", "03"), ("ask", "05"), ("complete", "06"), ("answer", "08")]
    ]
    case = {"opened_at": "2025-06-02 00:00+02", "closed_at": "2025-06-12 00:00+02"}
    row = times(Bench(events, [case], journeys=[PERMITS | {"suspends": rules}, CARE]))
    assert (row["suspended_us"], row["net_us"]) == (5 * DAY, 5 * DAY)


def test_a_suspension_is_clipped_to_the_case() -> None:
    events = [
        {"activity": name, "occurred_at": f"2025-06-{day} 00:00+02"}
        for name, day in [("invite", "01"), ("complete", "03"), ("invite", "10")]
    ]
    case = {"opened_at": "2025-06-02 00:00+02", "closed_at": "2025-06-12 00:00+02"}
    row = times(Bench(events, [case], journeys=JOURNEYS))
    assert (row["suspended_us"], row["net_us"]) == (3 * DAY, 7 * DAY)


def test_an_open_suspension_of_an_open_case_runs_to_the_cutoff() -> None:
    events = [{"activity": "invite", "occurred_at": "2025-06-29 00:00+02"}]
    row = times(Bench(events, [{"opened_at": "2025-06-02 00:00+02"}], journeys=JOURNEYS))
    assert (row["suspended_us"], row["net_us"]) == (2 * DAY, None)


def test_a_second_invitation_before_the_answer_is_one_suspension() -> None:
    events = [
        {"activity": name, "occurred_at": f"2025-06-{day} 00:00+02"}
        for name, day in [("invite", "03"), ("invite", "05"), ("complete", "07")]
    ]
    case = {"opened_at": "2025-06-02 00:00+02", "closed_at": "2025-06-12 00:00+02"}
    assert times(Bench(events, [case], journeys=JOURNEYS))["suspended_us"] == 4 * DAY


def test_an_unknown_suspension_is_no_zero() -> None:
    ends = ("2025-06-02 00:00+02", "2025-06-12 00:00+02")
    assert times(days_each(ends))["net_us"] is None
    assert times(days_each(ends, journeys=JOURNEYS))["net_us"] == 10 * DAY
    system = CaseSystem(is_eerder_opgeschort=True, einddatum="2025-02-13")
    assert times(system)["net_us"] is None
    found = figures(system.build("mart.kpi_values"))
    assert found["lead_time.closed.median"]["value"] == 10
    assert "lead_time.net.median" not in found


def test_an_excluded_case_is_counted() -> None:
    system = CaseSystem(is_eerder_opgeschort=True, einddatum="2025-02-13")
    system.case("2025-03-01 05:30+01", zaak="b", einddatum="2025-02-08")
    row = figures(system.build("mart.kpi_values"))["lead_time.net.median"]
    assert (row["value"], row["n"], row["n_excluded"]) == (5, 1, 1)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-06-02 10:00+02", "2025-06-02 12:30+02", 2.5),  # within a Monday
        ("2025-06-06 16:00+02", "2025-06-10 10:00+02", 2),  # over Whit Monday
        ("2025-03-28 16:00+01", "2025-03-31 10:00+02", 2),  # over the change of the clock
        ("2025-06-07 10:00+02", "2025-06-08 10:00+02", 0),  # a weekend
        ("2025-06-02 07:00+02", "2025-06-02 22:00+02", 8),  # outside the hours
    ],
)
def test_working_time_is_that_of_the_calendar(start: str, end: str, hours: float) -> None:
    assert times(days_each((start, end)))["working_us"] == hours * HOUR


def test_working_days_are_hours_by_those_of_a_mean_day() -> None:
    """Monday 9-13 and Tuesday 9-17: six hours a day; worked 4 + 2, so one day."""
    calendar = {"working_hours": {"monday": "09:00-13:00", "tuesday": "09:00-17:00"}}
    bench = days_each(("2025-06-02 08:00+02", "2025-06-03 11:00+02"), calendar=calendar)
    assert value(bench, "mart.kpi_lead_time", "lead_time.working.median") == 1


def test_nobody_works_on_a_closed_day_and_no_term_moves() -> None:
    calendar = {"closed_days": ["2025-06-03"]}
    ends = ("2025-06-02 09:00+02", "2025-06-04 17:00+02")
    bench = days_each(ends, calendar=calendar)
    assert times(bench)["working_us"] == 16 * HOUR
    [day] = bench.rows("from config.calendar_days where day = date '2025-06-03'")
    assert day["rolled_on"] == day["day"]


def test_the_age_of_open_cases_is_told_up_to_the_cutoff() -> None:
    """Open since 1, 2 and 6 days; the fourth has ended."""
    starts = ["06-30", "06-29", "06-25"]
    pairs: list[tuple[str, str | None]] = [(f"2025-{day} 00:00+02", None) for day in starts]
    bench = days_each(*pairs, ("2025-06-01 00:00+02", "2025-06-02 00:00+02"))
    found = figures(bench.build("mart.kpi_values"))
    ages = {name: found[f"age.open.{name}"]["value"] for name in ("median", "p80", "oldest")}
    assert ages == {"median": 2, "p80": pytest.approx(4.4), "oldest": 6}
    assert (found["age.open.median"]["n"], found["age.open.median"]["n_excluded"]) == (3, 1)


def test_on_time_by_the_clock_counts_extension_and_suspension() -> None:
    """Due 12 May with its suspension; the registered end knows of none."""
    round_ = [("invite", "2025-03-20"), ("complete", "2025-04-03")]
    bench = log("2025-03-03", *round_, closed="2025-05-12", legal_end="2025-04-28")
    found = figures(bench.build("mart.kpi_on_time"))
    assert (found["on_time.due.clock"]["numerator"], found["on_time.due.clock"]["n"]) == (1, 1)
    assert (found["on_time.due.rolled"]["numerator"], found["on_time.due.rolled"]["n"]) == (0, 1)


def test_an_overdue_open_case_is_late_by_the_clock() -> None:
    found = figures(log("2025-03-03", closed=None).build("mart.kpi_on_time"))
    counts = {name: (row["numerator"], row["n"]) for name, row in found.items() if "clock" in name}
    assert counts == {
        "on_time.closed_plus_overdue_open.clock": (0, 1),
        "on_time.due.clock": (0, 1),
    }


def test_no_clock_where_extensions_are_unknown() -> None:
    rows = log("2025-03-03", journey={"extended_by": []}).build("mart.kpi_on_time")
    assert "on_time.due.clock" not in figures(rows)


def test_deadlines_of_the_coming_four_weeks_by_week_and_all_that_is_overdue() -> None:
    """Cut-off on Tuesday 1 July: ends on 30 June, 1, 7 and 29 July, and on 30 July."""
    starts = ["2025-05-05", "2025-05-06", "2025-05-12", "2025-06-03", "2025-06-04"]
    bench = days_each(*((f"{day} 09:00+02", None) for day in starts), journeys=JOURNEYS)
    weeks = {(row["kind"], row["week"]): row["cases"] for row in bench.build("mart.deadlines")}
    assert weeks == {
        ("overdue", None): 1,
        ("coming", "2025-W27"): 1,
        ("coming", "2025-W28"): 1,
        ("coming", "2025-W31"): 1,
    }
    found = figures(bench.build("mart.kpi_deadlines"))
    assert (found["deadlines.overdue"]["value"], found["deadlines.at_risk"]["value"]) == (1, 3)


def test_a_registered_end_stands_in_for_a_clock_that_is_not_known() -> None:
    bench = log("2025-06-02", closed=None, legal_end="2025-07-08", journey={"suspends": None})
    [row] = bench.build("mart.deadlines")
    assert (row["kind"], row["week"], row["cases"]) == ("coming", "2025-W28", 1)


def test_what_lateness_costs_so_far() -> None:
    """Paid from 14 May to the cut-off on 1 July: all 42 days."""
    notice = ("notice", "2025-04-29")
    bench = log("2025-03-03", notice, journey=NOTICE, closed=None, penalties=PENALTIES)
    found = figures(bench.build("mart.kpi_penalty"))
    values = {name: found[f"penalty.{name}"]["value"] for name in ("running", "days", "amount")}
    assert values == {"running": 1, "days": 42, "amount": 1442}


def test_no_penalty_is_known_where_no_notice_is_configured_and_none_is_due_without_one() -> None:
    assert log("2025-03-03", penalties=PENALTIES).build("mart.kpi_penalty") == []
    rows = log("2025-03-03", journey=NOTICE, penalties=PENALTIES).build("mart.kpi_penalty")
    assert {row["value"] for row in rows} == {0}


def test_what_was_found_about_terms_is_counted() -> None:
    suspends = [SUSPENDS[0] | {"without_period": ["invite freely"]}]
    events = [
        ("invite freely", "2025-03-20"),
        ("extend", "2025-06-04"),
        ("extend", "2025-06-05"),
    ]
    bench = log("2025-03-03", *events, journey={"suspends": suspends}, legal_end="2025-05-02")
    bench.build("mart.data_quality")
    found = {
        row["finding"]: (row["affected"], row["total"]) for row in bench.build("core.term_findings")
    }
    assert found == {
        "deadline_differs_from_clock": (1, 1),
        "late_extensions": (1, 1),
        "repeated_extensions": (1, 1),
        "unknown_suspensions": (0, 1),
        "invitations_without_period": (1, 1),
        "events_outside_working_hours": (0, 4),
    }


def test_every_step_of_a_suspended_term_can_be_read() -> None:
    bench = log("2025-03-03", ("invite", "2025-03-20"), ("complete", "2025-04-03"))
    [stretch] = bench.build("core.term_suspensions")
    assert [str(stretch[key]) for key in ("first_on", "last_on")] == ["2025-03-21", "2025-04-02"]
    assert bench.build("core.term_events") == []
    assert bench.build("core.zgw_terms") == []
