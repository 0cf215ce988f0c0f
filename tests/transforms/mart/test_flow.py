"""Five-row tests of touch, wait and flow efficiency, and of what cannot be measured."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards.text import LANGUAGES, Language, catalogue
from tests.transforms.mart.test_tables import whole
from tests.transforms.sql_bench import CONFIG, Bench, models
from transforms.definitions import definitions_of

HOUR = 3_600_000_000
PARTNERS = [{"id": "agency", "name": "Omgevingsdienst", "teams": ["Dienst"]}]
CASE = {"opened_at": "2025-03-03 08:00+01", "closed_at": "2025-03-03 18:00+01"}


def mark(hour: int, spelled: str, **more: Any) -> dict[str, Any]:
    """An event at that hour; a capital is a start."""
    return {
        "activity": spelled.lower(),
        "lifecycle": "START" if spelled.isupper() else "complete",
        "occurred_at": f"2025-03-03 {hour:02}:00+01",
        **more,
    }


def instances(path: str) -> list[tuple[int | None, int | None]]:
    """Hours from the first event of each execution of `a`, one event an hour."""
    rows = Bench([mark(hour, letter) for hour, letter in enumerate(path, 1)], [{}]).build(
        "core.activity_instances"
    )
    return [
        tuple(row[key] and row[key].hour for key in ("started_at", "completed_at"))  # type: ignore[misc]
        for row in sorted(rows, key=lambda row: row["instance"])
    ]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Aa", [(0, 1)]),
        ("AAaa", [(0, 2), (1, 3)]),  # first in, first out
        ("aAa", [(1, 2), (None, 0)]),  # an end before any start stays alone
        ("AaaAa", [(0, 1), (3, 4), (None, 2)]),
        ("AAa", [(0, 2), (1, None)]),
        ("aa", []),  # no starts at all: nothing to pair
    ],
)
def test_starts_and_ends_are_paired_first_in_first_out(
    path: str, found: list[tuple[int | None, int | None]]
) -> None:
    assert instances(path) == found


def flow(*events: dict[str, Any], **config: Any) -> dict[str, Any]:
    [row] = Bench(list(events), [CASE], partners=PARTNERS, **config).build("core.case_flows")
    return {
        key.removesuffix("_us"): value / HOUR for key, value in row.items() if key != "case_key"
    }


def test_work_side_by_side_counts_once_in_the_union_and_twice_in_the_sum() -> None:
    found = flow(mark(9, "A"), mark(10, "B"), mark(11, "a"), mark(12, "b"))
    assert (found["touch"], found["touched"], found["unknown"]) == (4, 3, 7)


def test_waiting_is_his_whose_turn_is_next() -> None:
    found = flow(
        mark(9, "A", team="Loket"),
        mark(10, "a", team="Loket"),
        mark(12, "B", team="Dienst"),
        mark(13, "b", team="Dienst"),
        mark(16, "C", team="Loket"),
        mark(17, "c", team="Loket"),
    )
    assert (found["touched"], found["partner"], found["own"]) == (3, 2, 1 + 3 + 1)


def test_a_suspended_case_waits_for_the_applicant_before_anybody_else() -> None:
    suspends = [{"starts_with": ["a"], "ends_with": ["c"]}]
    found = flow(
        mark(9, "A", team="Loket"),
        mark(11, "a", team="Loket"),
        mark(14, "C", team="Loket"),
        mark(15, "c", team="Loket"),
        journeys=[CONFIG["journeys"][0] | {"suspends": suspends}, CONFIG["journeys"][1]],
    )
    assert (found["touched"], found["applicant"], found["own"]) == (3, 3, 4)


def test_flow_efficiency_is_a_ratio_of_sums() -> None:
    events = [mark(9, "A"), mark(14, "a"), mark(9, "A", case_id="b"), mark(10, "a", case_id="b")]
    long = {"case_id": "b"} | CASE | {"closed_at": "2025-03-04 04:00+01"}
    rows = Bench([*events, mark(9, "a", case_id="c")], [CASE, long, CASE | {"case_id": "c"}]).build(
        "mart.kpi_values"
    )
    found = whole(rows, "flow.union.efficiency")
    assert found["value"] == pytest.approx(100 * 6 / 30)
    assert (found["n"], found["n_excluded"]) == (2, 1)
    assert whole(rows, "flow.wait.all")["value"] == pytest.approx(12 / 24)
    assert whole(rows, "flow.sum.touch")["value"] == pytest.approx(3 / 24)


@pytest.mark.parametrize(
    ("finding", "affected"), [("starts_without_end", 2), ("ends_without_start", 1)]
)
def test_marks_without_a_partner_are_counted(finding: str, affected: int) -> None:
    bench = Bench([mark(n, letter) for n, letter in enumerate("aAaAA", 1)], [CASE])
    found = {row["finding"]: row["affected"] for row in bench.build("mart.data_quality")}
    assert found[finding] == affected


def reasons(bench: Bench) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in bench.build("mart.not_measurable"):
        if row["journey"] == "permits":
            found.setdefault(row["kpi"], set()).add(row["reason"])
    return found


def test_one_stamp_an_event_measures_no_touch_and_the_reason_is_told() -> None:
    bench = Bench([{"team": "A"}, {"team": "B"}], [CASE])
    found = reasons(bench)
    assert "no_starts" in found["flow"]
    assert found["partner_time"] == {"no_partners"}
    assert found["transfers"] == {"no_transfers"}
    assert found["reassessment"] == {"no_clients", "no_lifelong_needs"}
    assert not [row for row in bench.build("mart.kpi_values") if row["kpi"] == "flow"]


def test_a_suspension_that_is_not_known_is_no_zero() -> None:
    bench = Bench([mark(9, "A"), mark(10, "a")], [CASE])
    assert "no_suspensions_known" in reasons(bench)["flow"]
    told = {row["definition"] for row in bench.build("mart.kpi_values") if row["kpi"] == "flow"}
    assert "flow.wait.all" in told
    assert not told & {"flow.wait.applicant", "flow.wait.own", "flow.wait.partner"}


def test_no_figure_stands_beside_a_reason_why_it_cannot_be_measured() -> None:
    events = [{"team": "A", "actor": "x"}, {"case_id": "b", "lifecycle": "start"}]
    bench = Bench(events, [CASE | {"client": "p"}, {"case_id": "b", "case_type": "care"}])
    figures = {(row["definition"], row["journey"]) for row in bench.build("mart.kpi_values")}
    refused = {(row["definition"], row["journey"]) for row in bench.build("mart.not_measurable")}
    assert refused
    assert not figures & refused


def needs() -> set[str]:
    bodies = [body for model in models().values() for _, body in definitions_of(model)]
    return {need for body in bodies for need in body.get("needs", ())}


def test_every_need_of_a_definition_can_be_told_to_be_there() -> None:
    told = models()["core.lacks"].select
    assert {need for need in needs() if f"'{need}'" not in told} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: Language) -> None:
    words = catalogue(language)
    reasons = {f"not_measurable.no_{need}" for need in (*needs(), "transfers")}
    assert reasons - words.keys() == set()
