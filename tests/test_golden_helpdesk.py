"""Every golden value of the public help desk log, from the tables of one run of the daily job.

The log is read three times: as cases, and as contacts, of which a ticket's first event is one, by
product and by product and type of service.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.settings import Settings
from tests.conftest import Query, run
from tests.test_golden_receipt import COUNTS, DAYS, QUANTILES, VALUES, Golden, is_close, kpi

DAY_US = 86_400_000_000
WINDOWS = {1: "24h", 7: "7d", 14: "14d", 28: "28d", 30: None}
# Which journey and key of ours a match key of theirs is.
KEYS = {
    "customer": ("tickets", "client"),
    "customer+product": ("tickets", "topic"),
    "customer+product+service_type": ("tickets_by_service", "topic"),
}


def _asked(journey: str, **columns: str) -> dict[str, Any]:
    known = {"contact_id": "case:concept:name", "contacted_at": "time:timestamp"}
    return {
        "id": f"asked_of_{journey}",
        "kind": "contact_export",
        "journey": journey,
        "has_event_rows": True,
        "columns": known | {"client": "customer", "topic": "product"} | columns,
    }


def helpdesk_settings(folder: Path, log: Path) -> Settings:
    """The log, read as cases and twice as contacts."""
    sources = [
        {
            "id": "log",
            "kind": "event_log",
            "journey": "tickets",
            "columns": {"actor": "org:resource"},
        },
        _asked("tickets"),
        _asked("tickets_by_service", subtopic="service_type"),
    ]
    content = {
        "name": "Help desk",
        "service_formulas": [{"id": "snel", "name": "Snelservice"}],
        "journeys": [
            {"id": name, "name": name, "service_formula": "snel"}
            for name in ("tickets", "tickets_by_service")
        ],
        "sources": [source | {"path": str(log)} for source in sources],
    }
    file = folder / "municipality.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return Settings(config_file=file, home=folder / "home")


@pytest.fixture(scope="module")
def helpdesk(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Query:
    folder, log = tmp_path_factory.mktemp("helpdesk"), shared / "data" / "helpdesk.xes.gz"
    return Query(run(helpdesk_settings(folder, log)))


def figure(definition: str, column: str = "value") -> str:
    return kpi(definition, column) + " and journey = 'tickets'"


def span(first: str, last: str, expression: str) -> str:
    """A statistic of the days between two moments of a case."""
    moments = f"select case_key, {first} as a, {last} as b from named group by case_key"
    return (
        "with named as (select e.case_key, e.occurred_at, a.activity from core.events as e"
        " inner join core.activities as a on a.activity_key = e.activity_key)"
        f" select {expression} from (select (epoch_us(b) - epoch_us(a)) / {DAYS} as x"
        f" from ({moments}) where a is not null and b is not null)"
    )


RESOLVED = "max(occurred_at) filter (where activity = 'Resolve ticket')"
FIRST_RESOLVED = RESOLVED.replace("max", "min")
CLOSED = "max(occurred_at) filter (where activity = 'Closed')"
PER_CASE = (
    "with per_case as (select e.case_key,"
    " count(*) filter (where a.activity = 'Resolve ticket') as resolved,"
    " count(*) filter (where a.activity = 'Wait') as waits"
    " from core.events as e inner join core.activities as a on a.activity_key = e.activity_key"
    " group by e.case_key) "
)
OWN = {
    "first_resolve_days.n": span("min(occurred_at)", FIRST_RESOLVED, "count(*)"),
    "first_resolve_days.median": span("min(occurred_at)", FIRST_RESOLVED, "median(x)"),
    "first_resolve_days.mean": span("min(occurred_at)", FIRST_RESOLVED, "avg(x)"),
    "last_resolve_to_closed_days.n": span(RESOLVED, CLOSED, "count(*)"),
    "last_resolve_to_closed_days.median": span(RESOLVED, CLOSED, "median(x)"),
    "last_resolve_to_closed_days.mean": span(RESOLVED, CLOSED, "avg(x)"),
    "resolved_first_attempt_pct": PER_CASE
    + "select 100.0 * count(*) filter (where resolved = 1) / count(*) filter (where resolved > 0)"
    " from per_case",
    "one_touch.cases": PER_CASE + "select count(*) from per_case where resolved = 1 and waits = 0",
    "one_touch.pct": PER_CASE
    + "select 100.0 * count(*) filter (where resolved = 1 and waits = 0) / count(*) from per_case",
    "customers": "select count(distinct client) from core.contacts where journey = 'tickets'",
    "products": "select count(distinct topic) from core.contacts where journey = 'tickets'",
}
for name in QUANTILES.keys() - {"sd"}:
    OWN[f"throughput_days.{name}"] = VALUES[f"throughput_days.{name}"]
OWN |= {
    name: query + (" and journey = 'tickets'" if "mart.kpi_values" in query else "")
    for name, query in VALUES.items()
    if name.startswith(("person.", "rework."))
}
SHARED = {
    name: query
    for name, query in COUNTS.items()
    if not name.startswith(("case.", "term.", "lead_", "open_", "roll.", "groups"))
}
TABLES = {
    "dfg",
    "start_activities",
    "end_activities",
    "resolve_count_per_case",
    "last_ticket_start",
}


def no_repeat(theirs: str, days: int) -> str:
    """How many tickets nobody came back for, of all tickets, with no edge."""
    journey, key = KEYS[theirs]
    return (
        "select count(*) filter (where q.after_us is null or q.after_us > "
        f"{days * DAY_US}) as once, count(*) as n from core.contact_questions as q"
        " inner join core.contacts as c on c.contact_key = q.contact_key"
        f" where q.match_key = '{key}' and c.journey = '{journey}'"
    )


@pytest.mark.parametrize("name", sorted(SHARED | OWN))
def test_figure_equals_the_golden(helpdesk: Query, golden: Golden, name: str) -> None:
    entry = golden[f"helpdesk.{name}"]
    found = helpdesk.one((SHARED | OWN)[name])
    assert is_close(entry, found), (entry["value"], found)


@pytest.mark.parametrize("theirs", KEYS)
@pytest.mark.parametrize("days", WINDOWS)
def test_tickets_that_nobody_came_back_for(
    helpdesk: Query, golden: Golden, theirs: str, days: int
) -> None:
    [(once, n)] = helpdesk(no_repeat(theirs, days)).rows()
    cases, share = (golden[f"helpdesk.no_repeat.{theirs}.{days}d.{k}"] for k in ("cases", "pct"))
    assert (once, n) == (cases["value"], share["n"])
    assert is_close(share, 100 * once / n)


@pytest.mark.parametrize("theirs", KEYS)
@pytest.mark.parametrize(("days", "window"), [(d, w) for d, w in WINDOWS.items() if w])
def test_published_share_leaves_out_what_is_at_the_edge(
    helpdesk: Query, golden: Golden, theirs: str, days: int, window: str
) -> None:
    journey, key = KEYS[theirs]
    entry = golden[f"helpdesk.no_repeat_edge.{theirs}.{days}d.pct"]
    [(n, numerator, value, left_out)] = helpdesk(
        "select n, numerator, value, n_excluded from mart.kpi_values where segment = 'all'"
        f" and period = 'all' and journey = '{journey}'"
        f" and definition = 'first_contact.no_repeat.{key}.{window}'"
    ).rows()
    assert (n, numerator) == (entry["n"], entry["numerator"])
    assert is_close(entry, value)
    assert left_out == golden[f"helpdesk.no_repeat.{theirs}.{days}d.pct"]["n"] - n


@pytest.mark.parametrize("theirs", KEYS)
def test_edge_of_thirty_days(helpdesk: Query, golden: Golden, theirs: str) -> None:
    """No window of ours, but the same tables tell it."""
    entry = golden[f"helpdesk.no_repeat_edge.{theirs}.30d.pct"]
    inside = f" and c.seen_after_us >= {30 * DAY_US}"
    [(once, n)] = helpdesk(no_repeat(theirs, 30) + inside).rows()
    assert (once, n) == (entry["numerator"], entry["n"])


def test_edge_is_the_last_ticket_and_not_the_last_event(helpdesk: Query, golden: Golden) -> None:
    stamp = golden["helpdesk.last_ticket_start"]["value"]
    found = helpdesk.one("select epoch_us(max(contacted_at)) from core.contacts")
    assert found == helpdesk.one(f"select epoch_us('{stamp}'::timestamptz)")
    assert found < helpdesk.one("select epoch_us(max(occurred_at)) from core.events")


def test_directly_follows_graph(helpdesk: Query, golden: Golden) -> None:
    entry = golden["helpdesk.dfg"]
    found = helpdesk(
        "select from_activity, to_activity, occurrences, mean_s, median_s from mart.process_edges"
        " order by occurrences desc, from_activity, to_activity"
    ).rows()
    assert [row[:3] for row in found] == [tuple(row[:3]) for row in entry["value"]]
    for ours, theirs in zip(found, entry["value"], strict=True):
        assert ours[3:] == pytest.approx(theirs[3:], abs=entry["tolerance"]["seconds"])


@pytest.mark.parametrize("column", ["start", "end"])
def test_first_and_last_activities(helpdesk: Query, golden: Golden, column: str) -> None:
    found = helpdesk(
        f"select activity, {column}_cases from mart.process_activities where {column}_cases > 0"
    )
    assert dict(found.rows()) == golden[f"helpdesk.{column}_activities"]["value"]


def test_how_often_a_ticket_is_resolved(helpdesk: Query, golden: Golden) -> None:
    found = helpdesk(
        PER_CASE + "select cast(resolved as varchar), count(*) from per_case group by resolved"
    )
    assert dict(found.rows()) == golden["helpdesk.resolve_count_per_case"]["value"]


def test_every_golden_of_the_log_is_checked(golden: Golden) -> None:
    ours = {f"helpdesk.{name}" for name in (SHARED | OWN).keys() | TABLES}
    left = {name for name in golden if name.startswith("helpdesk.") and name not in ours}
    assert {name.split(".")[1] for name in left} == {"no_repeat", "no_repeat_edge"}
    checked = {f"{key}.{days}d" for key in KEYS for days in WINDOWS}
    assert {name.split(".", 2)[2].rsplit(".", 1)[0] for name in left} == checked
