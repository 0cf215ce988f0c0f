"""What is behind a figure adds up to the figure."""

from __future__ import annotations

import numpy as np
import pytest

from tests.transforms.desk import JOURNEYS, SOURCES
from tests.transforms.sql_bench import Bench, models
from transforms.definitions import definitions_of
from transforms.evidence.reading import can_be_judged, items_of, kind_of
from transforms.explain import POPULATIONS, Slice, UnexplainedError, explained

WORDS = {"status_topics": ["stand"], "callback_working_days": 2}
BODIES = {name: body for model in models().values() for name, body in definitions_of(model)}


def test_the_steps_go_from_the_slice_to_what_the_figure_counts() -> None:
    cases = [{}, {"case_id": "b", "closed_at": "2025-04-01 09:00+02"}]
    bench = Bench([{}, {"case_id": "b"}], cases)
    bench.build("mart.kpi_values")
    found = explained(bench.connection, BODIES["workload.closed"], Slice("permits"))
    assert [(step.en, step.rows) for step in found.steps] == [
        ("all in this selection", 2),
        ("with an end", 1),
    ]
    assert [row[0] for row in found.examples] == ["b"]
    assert found.columns == ("case_id", "opened_at", "closed_at")


def test_no_more_than_ten_rows_are_shown() -> None:
    names = [f"{n:02}" for n in range(12)]
    bench = Bench([{"case_id": n} for n in names], [{"case_id": n} for n in names])
    bench.build("mart.kpi_values")
    found = explained(bench.connection, BODIES["workload.opened"], Slice("permits"))
    assert (found.steps[-1].rows, len(found.examples)) == (12, 10)


def test_a_definition_without_rows_is_not_explained() -> None:
    bench = Bench()
    with pytest.raises(UnexplainedError, match="no `rows:`"):
        explained(bench.connection, {}, Slice("permits"))


def test_every_definition_says_where_its_rows_are() -> None:
    assert [name for name, body in BODIES.items() if "rows" not in body] == []
    assert {body.get("counts", "cases") for body in BODIES.values()} <= set(POPULATIONS)


def town() -> Bench:
    """Cases, contacts and callbacks of every sort, so that every kind of figure has some."""
    days = [f"2025-0{1 + n // 20}-{1 + n % 20:02}" for n in range(40)]
    cases, events = [], []
    for n, day in enumerate(days):
        name, team = f"k{n:02}", None if n % 5 == 0 else "AB"[n % 2]
        closed = None if n % 4 == 0 else f"2025-0{2 + n // 20}-{1 + n % 20:02} 09:00+01"
        due = None if n % 7 == 0 else f"2025-0{2 + n // 20}-{8 + n % 20:02} 12:00+01"
        opened = f"{day} 09:00+01"
        cases.append(
            {
                "case_id": name,
                "case_type": "permit" if n % 3 else "care",
                "client": f"r{n % 6}",
                "channel": "web" if n % 2 else None,
                "opened_at": opened,
                "closed_at": f"{day} 08:00+01" if n == 9 else closed,
                "legal_end_at": due,
            }
        )
        for hour, (unit, step) in enumerate(((team, "start"), ("A", "complete")), 10):
            event = {"case_id": name, "occurred_at": f"{day} {hour}:00+01", "lifecycle": step}
            events.append(event | {"team": unit})
    permits, care = JOURNEYS
    bench = Bench(
        events,
        cases,
        sources=SOURCES,
        journeys=[permits, care | {"lifelong": True}],
        contacts=WORDS,
        partners=[{"id": "agency", "name": "Omgevingsdienst", "teams": ["B"]}],
    )
    for n, day in enumerate(days):
        row = {"source": "calls", "sequence": n, "contact_id": f"c{n}", "topic": "Vergunning"}
        row |= {"client": None if n % 5 == 0 else f"r{n % 6}", "time_quality": "exact"}
        row |= {"case_id": f"k{n:02}" if n % 3 == 0 else None, "satisfaction": n % 5 + 1}
        row |= {"result": ("Zelfstandig afgehandeld", "Onbekend", None)[n % 3], "channel": "phone"}
        row |= {"reason": "stand" if n % 4 == 1 else None, "team": "A"}
        row |= {"direction": "outbound" if n % 11 == 3 else None}
        bench.insert("raw.contacts", row | {"contacted_at": f"{day} 10:00+01"})
        if n % 6 == 2:
            done = None if n % 4 == 2 else f"{day} 16:00+01"
            promise = {
                "source": "promises",
                "sequence": n,
                "contact_id": f"c{n}",
                "attempts": n % 3,
            }
            promise |= {"promised_at": f"{day} 11:00+01", "due_at": f"{day} 15:00+01"}
            bench.insert("raw.callbacks", promise | {"done_at": done})
    return bench


def test_the_last_step_counts_what_every_figure_counts() -> None:
    bench = town()
    rows = [row for row in bench.build("mart.kpi_values") if row["period_kind"] != "week"]
    told: set[str] = set()
    for row in rows[::3]:
        told.add(row["definition"].split(".")[0])
        wanted = Slice(
            *(row[k] for k in ("journey", "segment_kind", "segment", "period_kind", "period"))
        )
        found = explained(bench.connection, BODIES[row["definition"]], wanted)
        assert (row["definition"], wanted, found.steps[-1].rows) == (
            row["definition"],
            wanted,
            row["n"],
        )
        assert found.steps[0].rows == row["n"] + row["n_excluded"]
        counts = [step.rows for step in found.steps]
        assert counts == sorted(counts, reverse=True)
    assert told >= {"lead_time", "on_time", "handoffs", "rework", "first_contact", "callbacks"}
    assert told >= {"flow", "handoff_wait", "partner_time", "continuity", "predictability"}
    assert told >= {"failure_demand", "contacts", "satisfaction", "journey", "workload", "age"}


def test_what_rows_add_is_what_every_figure_says() -> None:
    """A definition that can be judged adds up to its figure: shares and means of whole journeys."""
    bench = town()
    rows = bench.build("mart.kpi_values")
    checked = set()
    for row in rows:
        body = BODIES[row["definition"]]
        is_whole = (row["segment_kind"], row["period_kind"]) == ("all", "all")
        if not is_whole or row["journey"] == "all" or not can_be_judged(body):
            continue
        values = items_of(bench.connection, body, row["journey"]).value
        assert (row["definition"], len(values)) == (row["definition"], row["n"])
        kind, name = kind_of(body), row["definition"]
        if kind == "share":
            assert (name, 100 * values.mean()) == (name, pytest.approx(row["value"]))
        elif kind == "mean" or name.endswith(".mean"):
            assert (name, values.mean()) == (name, pytest.approx(row["value"]))
        elif name.endswith("closed.median"):
            assert (name, np.median(values)) == (name, pytest.approx(row["value"]))
        checked.add(name.split(".")[0])
    assert checked >= {"lead_time", "on_time", "handoffs", "first_contact", "callbacks"}
