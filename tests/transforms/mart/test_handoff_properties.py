"""What holds of handoffs, waits, partners' time, rework, flow and continuity, whatever the rows."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms import properties
from tests.transforms.properties import BARE, FIRST, Figures, Raw, figures, logs
from tests.transforms.sql_bench import CONFIG

ALL = "mart.kpi_values"
CONFIGURED: dict[str, Any] = {
    "partners": [{"id": "agency", "name": "Dienst", "teams": ["Dienst"]}],
    "journeys": [
        CONFIG["journeys"][0] | {"ends_with": ["c"], "lifelong": True, "topics": ["t"]},
        CONFIG["journeys"][1],
    ],
}
DURATIONS = ("handoff_wait.", "partner_time.", "flow.", "predictability.")
few = settings(max_examples=3, deadline=None, derandomize=True)


@st.composite
def worked(draw: st.DrawFn, **log: Any) -> Raw:
    """Logs whose events have a person, a team and a place in the life cycle, or not."""
    raw = draw(logs(**log))
    drawn = {
        "actor": st.sampled_from(["x", "y", None]),
        "team": st.sampled_from(["Loket", "Dienst", "EMPTY", None]),
        "lifecycle": st.sampled_from(["start", "complete"]),
    }
    events = [
        {**row, **{key: draw(words) for key, words in drawn.items()}} for row in raw["raw.events"]
    ]
    clients = st.sampled_from(["p", "q", None])
    cases = [{**row, "client": draw(clients)} for row in raw["raw.cases"]]
    promised = [{**row, "planned_end_at": row["legal_end_at"] - timedelta(days=3)} for row in cases]
    return {"raw.events": events, "raw.cases": promised}


@st.composite
def talks(draw: st.DrawFn) -> Raw:
    rows = []
    for number in range(draw(st.integers(3, 12))):
        at = FIRST + timedelta(minutes=draw(st.integers(0, 50_000)))
        who = {"client": draw(st.sampled_from(["p", "q"])), "team": draw(st.sampled_from("AB"))}
        row = {"contact_id": f"c{number}", "sequence": number + 1, "topic": "t"}
        rows.append(BARE | row | who | {"contacted_at": at, "actor": draw(st.sampled_from("xy"))})
    return {"raw.contacts": rows}


@few
@given(worked(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_arrive_is_irrelevant(raw: Raw, random: Random) -> None:
    properties.assert_order_is_irrelevant(raw, random, ALL, **CONFIGURED)


@few
@given(talks(), st.randoms(use_true_random=False))
def test_the_order_in_which_contacts_arrive_is_irrelevant(raw: Raw, random: Random) -> None:
    properties.assert_order_is_irrelevant(raw, random, "mart.kpi_continuity", **CONFIGURED)


@few
@given(worked(), st.data())
def test_a_log_in_two_files_gives_the_figures_of_one(raw: Raw, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(raw["raw.events"])))
    properties.assert_two_files_are_one(raw, at, ALL, **CONFIGURED)


@few
@given(worked(), worked(case_type="care", names="other"))
def test_a_case_of_another_journey_changes_no_figure(raw: Raw, unrelated: Raw) -> None:
    properties.assert_unrelated_rows_change_nothing(raw, unrelated, "permits", ALL, **CONFIGURED)


@few
@given(worked(longest_days=60))
def test_the_change_of_the_clock_moves_no_duration(raw: Raw) -> None:
    """Eight weeks later the same hours lie on both sides of 30 March. Open cases run to a cut-off
    that does not move, and are left out."""
    closed = {row["case_id"] for row in raw["raw.cases"] if row["closed_at"]}
    raw = {table: [row for row in rows if row["case_id"] in closed] for table, rows in raw.items()}

    def lengths(found: Figures) -> Figures:
        return {
            key: values
            for key, values in found.items()
            if key[4] == "all" and key[0].startswith(DURATIONS) and "promised" not in key[0]
        }

    later = properties.moved(raw, timedelta(weeks=8))
    properties.assert_same(
        lengths(figures(later, ALL, **CONFIGURED)), lengths(figures(raw, ALL, **CONFIGURED))
    )
