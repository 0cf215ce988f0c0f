"""Every golden value of the real permit log, from the tables of one run of the daily job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Query, receipt_settings, run

Golden = dict[str, dict[str, Any]]

DAYS = "86400000000.0"
QUANTILES = {
    "min": "min(x)",
    "q25": "quantile_cont(x, 0.25)",
    "median": "median(x)",
    "mean": "avg(x)",
    "q75": "quantile_cont(x, 0.75)",
    "p90": "quantile_cont(x, 0.9)",
    "p95": "quantile_cont(x, 0.95)",
    "max": "max(x)",
    "std": "stddev_samp(x)",
    "sd": "stddev_samp(x)",
}

COUNTS = {
    "events": "select count(*) from core.events",
    "cases": "select count(*) from core.cases",
    "activities": "select count(*) from core.activities",
    "variants": "select count(*) from mart.process_variants",
    "top_variant_cases": "select cases from mart.process_variants where variant = 1",
    "ties": "select count(*) from core.steps where until_next_us = 0",
    "dfg_edges": "select count(*) from mart.process_edges",
    "dfg_transitions": "select sum(occurrences) from mart.process_edges",
    "resources": "select count(*) from core.units where level = 'person'",
    "groups": "select count(distinct team) from raw.events",
    "throughput_days.zero_cases": "select count(*) from core.cases where throughput_us = 0",
    "rework.selfloop_events": "select sum(executions - runs) from core.rework",
    "rework.selfloop_cases": "select count(distinct case_key) from core.rework where self_loops > 0",
    "rework.repetition_extra_runs": "select sum(runs - 1) from core.rework",
    "rework.repetition_cases": "select count(distinct case_key) from core.rework where runs > 1",
    "rework.any_cases": "select count(distinct case_key) from core.rework",
    "rework.any_events": "select sum(executions - 1) from core.rework",
    "case.closed": "select count(*) from core.cases where closed_at is not null",
    "case.open": "select count(*) from core.cases where closed_at is null",
    "term.days_56": (
        f"select count(*) from core.cases where round((epoch_us(legal_end_at) - epoch_us(opened_at))"
        f" / {DAYS}) = 56"
    ),
    "term.local_days_56": "select count(*) from core.cases where legal_end_on - opened_on = 56",
    "term.days_98": (
        f"select count(*) from core.cases where round((epoch_us(legal_end_at) - epoch_us(opened_at))"
        f" / {DAYS}) = 98"
    ),
    "term.closed_over_57": (
        f"select count(*) from core.cases where closed_at is not null and"
        f" floor((epoch_us(legal_end_at) - epoch_us(opened_at)) / {DAYS}) > 57"
    ),
    "lead_closed_days.negative": "select count(*) from core.cases where lead_time_us < 0",
    "open_overdue": (
        "select count(*) from core.cases where closed_at is null and legal_end_at < cutoff_at"
    ),
    "open_not_yet_due": (
        "select count(*) from core.cases where closed_at is null and legal_end_at >= cutoff_at"
    ),
    "roll.moved_closed": (
        "select count(*) from core.cases where closed_at is not null"
        " and legal_end_rolled_on <> legal_end_on"
    ),
    "roll.moved_all": "select count(*) from core.cases where legal_end_rolled_on <> legal_end_on",
}


def kpi(definition: str, column: str = "value") -> str:
    return (
        f"select {column} from mart.kpi_values where definition = '{definition}'"
        " and segment = 'all' and period = 'all'"
    )


VALUES = {"rework.any_case_pct": kpi("rework.any_cases")}
VALUES |= {
    f"rework.edear_{theirs}_{actor}_{counting}": kpi(
        f"rework.{ours}.{actor}.{counting}", "numerator"
    )
    for theirs, ours in (("selfloop", "self_loop"), ("repetition", "repetition"))
    for actor in ("repeat", "redo")
    for counting in ("number", "size", "cases")
}
for name, expression in QUANTILES.items():
    for golden_id, column in (
        ("throughput_days", "throughput_us"),
        ("lead_closed_days", "lead_time_us"),
    ):
        VALUES[f"{golden_id}.{name}"] = (
            f"select {expression} / {DAYS} from (select {column} as x from core.cases)"
        )
    VALUES[f"phase_hours.{name}"] = (
        f"select {expression} / 3600000000.0 from (select throughput_us as x from core.cases)"
    )
for level, name in (("person", "person"),):
    VALUES |= {
        f"{name}.handoffs_total": kpi(f"handoffs.{level}.per_known_case", "numerator"),
        f"{name}.handoffs_per_known_case": kpi(f"handoffs.{level}.per_known_case"),
        f"{name}.handoffs_per_case": kpi(f"handoffs.{level}.per_case"),
        f"{name}.zero_handoff_known_cases": kpi(f"handoffs.{level}.none", "numerator"),
        f"{name}.cases_without_unit": kpi(f"handoffs.{level}.per_known_case", "n_excluded"),
        f"{name}.events_without_unit": "select count(*) from core.events where actor is null",
        f"{name}.handoffs_max": f"select max(handoffs) from core.case_handoffs where level = '{level}'",
        f"{name}.pingpong_total": kpi(f"handoffs.{level}.ping_pongs_per_case", "numerator"),
        f"{name}.pingpong_cases": kpi(f"handoffs.{level}.ping_pong", "numerator"),
        f"{name}.pingpong_case_pct": kpi(f"handoffs.{level}.ping_pong"),
        f"{name}.return_later_cases": kpi(f"handoffs.{level}.return_later", "numerator"),
    }
TEAM = {
    key.replace("person.", "team_raw."): query.replace("person", "team").replace(
        "actor is", "team is"
    )
    for key, query in VALUES.items()
    if key.startswith("person.")
}
for comparison in ("exact", "calendar", "rolled"):
    their = comparison.replace("rolled", "calendar_rolled")
    VALUES |= {
        f"on_time_closed.{their}.count": kpi(f"on_time.closed.{comparison}", "numerator"),
        f"on_time_closed.{their}.pct": kpi(f"on_time.closed.{comparison}"),
        f"on_time_incl_overdue.{their}.denominator": kpi(
            f"on_time.closed_plus_overdue_open.{comparison}", "denominator"
        ),
        f"on_time_incl_overdue.{their}.pct": kpi(f"on_time.closed_plus_overdue_open.{comparison}"),
        f"on_time_due.{their}.denominator": kpi(f"on_time.due.{comparison}", "denominator"),
        f"on_time_due.{their}.pct": kpi(f"on_time.due.{comparison}"),
    }
VALUES |= {
    "roll.art4_excluded_on_time": kpi("on_time.closed.rolled_short_terms", "numerator"),
    "rederived_8w.calendar": kpi("on_time.closed.statutory_calendar", "numerator"),
    "rederived_8w.calendar_rolled": kpi("on_time.closed.statutory_rolled", "numerator"),
}
for theirs, ours, negatives in (
    ("drop_negative", "km", "dropped"),
    ("clip_negative", "km_as_zero", "as_zero"),
):
    steps = f"from core.survival_steps where segment_kind = 'all' and cohort = 'all' and negatives = '{negatives}'"
    VALUES |= {
        f"km.{theirs}.n": kpi(f"lead_time.{ours}.median", "n"),
        f"km.{theirs}.events": f"select sum(ended) {steps}",
        f"km.{theirs}.median_days": kpi(f"lead_time.{ours}.median"),
    }
    for days in (28, 56, 90, 182):
        VALUES[f"km.{theirs}.S{days}"] = (
            f"select min(still_open) {steps} and duration_us <= {days} * {DAYS}"
        )
    for days in (56, 90, 182):
        VALUES[f"km.{theirs}.rmst{days}"] = kpi(f"lead_time.{ours}.rmst{days}")

TABLES = {
    "dfg",
    "start_activities",
    "end_activities",
    "case.channels",
    "case.data_cutoff",
    "cases_per_first_event_month",
    "cohorts_by_start_month",
}


def is_close(entry: dict[str, Any], found: float) -> bool:
    return abs(float(found) - float(entry["value"])) <= entry["tolerance"]


@pytest.mark.parametrize("name", sorted(COUNTS | VALUES))
def test_figure_equals_the_golden(receipt: Query, golden: Golden, name: str) -> None:
    entry = golden.get(f"receipt.{name}")
    if entry is None:
        assert name.startswith(("throughput", "lead_closed", "phase_hours", "on_time_due"))
        return
    found = receipt.one((COUNTS | VALUES)[name])
    assert is_close(entry, found), (entry["value"], found)


def test_every_golden_of_the_log_is_checked(golden: Golden) -> None:
    ours = {f"receipt.{name}" for name in (COUNTS | VALUES | TEAM)}
    ours |= {f"receipt.{name}" for name in TABLES}
    left = {
        name
        for name in golden
        if name.startswith("receipt.")
        and name not in ours
        and not name.startswith(("receipt.owner.", "receipt.phase_hours_by_channel."))
    }
    assert left == set()


def test_owner_statistics_reproduce(receipt: Query, golden: Golden) -> None:
    printed = {
        row["statistic"]: row["value"]
        for row in receipt("select statistic, value from core.log_statistics").to_dicts()
    }
    for name, entry in golden.items():
        if not name.startswith("receipt.owner."):
            continue
        found = printed[name.removeprefix("receipt.owner.")]
        if isinstance(entry["value"], str):
            stamp = receipt.one(f"select epoch_us('{entry['value']}'::timestamptz) / 1e6")
            assert found == pytest.approx(stamp, abs=1e-6)
        else:
            assert is_close(entry, found), (name, entry["value"], found)


def test_owner_statistics_are_compared_in_the_run(receipt: Query) -> None:
    findings = receipt("select finding, affected, total from mart.data_quality").to_dicts()
    agree = [row for row in findings if row["finding"] == "owner_statistics_agree"]
    assert agree
    assert agree[0]["affected"] == agree[0]["total"] >= 39
    assert not [row for row in findings if row["finding"] == "owner_statistics_differ"]


def test_directly_follows_graph(receipt: Query, golden: Golden) -> None:
    entry = golden["receipt.dfg"]
    found = receipt(
        "select from_activity, to_activity, occurrences, mean_s, median_s from mart.process_edges"
        " order by occurrences desc, from_activity, to_activity"
    ).rows()
    assert [row[:3] for row in found] == [tuple(row[:3]) for row in entry["value"]]
    for ours, theirs in zip(found, entry["value"], strict=True):
        assert ours[3:] == pytest.approx(theirs[3:], abs=entry["tolerance"]["seconds"])


@pytest.mark.parametrize("column", ["start", "end"])
def test_first_and_last_activities(receipt: Query, golden: Golden, column: str) -> None:
    found = receipt(
        f"select activity, {column}_cases from mart.process_activities where {column}_cases > 0"
    )
    assert dict(found.rows()) == golden[f"receipt.{column}_activities"]["value"]


def test_channels(receipt: Query, golden: Golden) -> None:
    found = receipt("select channel, count(*) from core.cases group by channel")
    assert dict(found.rows()) == golden["receipt.case.channels"]["value"]


def test_cutoff_is_the_latest_event(receipt: Query, golden: Golden) -> None:
    found = receipt.one("select epoch_us(cutoff_at) from core.sources")
    stamp = golden["receipt.case.data_cutoff"]["value"]
    assert found == receipt.one(f"select epoch_us('{stamp}'::timestamptz)")


def test_cases_per_month_of_the_first_event(receipt: Query, golden: Golden) -> None:
    found = receipt(
        "select strftime(timezone('Europe/Amsterdam', first_event_at), '%Y-%m'), count(*)"
        " from core.cases group by 1"
    )
    assert dict(found.rows()) == golden["receipt.cases_per_first_event_month"]["value"]


def test_hours_per_channel(receipt: Query, golden: Golden) -> None:
    found = {
        row[0]: row[1:]
        for row in receipt(
            "select segment, n, value from mart.kpi_values where segment_kind = 'channel'"
            " and period = 'all' and definition in"
            " ('lead_time.throughput.median', 'lead_time.throughput.mean')"
            " order by segment, definition desc"
        )
        .group_by("segment", maintain_order=True)
        .agg("n", "value")
        .rows()
    }
    prefix = "receipt.phase_hours_by_channel."
    entries = {k.removeprefix(prefix): v for k, v in golden.items() if k.startswith(prefix)}
    assert set(found) == set(entries)
    for channel, (counts, values) in found.items():
        theirs = entries[channel]["value"]
        assert counts[0] == theirs["n"]
        hours = [24 * value for value in values]
        assert hours == pytest.approx([theirs["median"], theirs["mean"]], abs=1e-5)


def test_cohorts_by_month_of_start(receipt: Query, golden: Golden) -> None:
    values = receipt(
        "select definition, period, n, numerator, value from mart.kpi_values"
        " where period_kind = 'month' and segment = 'all'"
    )
    found = {(d, p): (n, k, v) for d, p, n, k, v in values.rows()}
    matured = dict(
        receipt(
            "select strftime(opened_on, '%Y-%m'),"
            " count(*) filter (where legal_end_at >= cutoff_at) from core.cases group by 1"
        ).rows()
    )
    for cohort in golden["receipt.cohorts_by_start_month"]["value"]:
        month = cohort["month"]
        assert found["workload.opened", month][0] == cohort["cases"]
        assert found["lead_time.km_as_zero.median", month][2] == pytest.approx(
            cohort["km_median_days"], abs=1e-6
        )
        on_time = found["on_time.closed.calendar", month]
        assert on_time[1] == cohort["on_time_closed"]
        assert on_time[2] == pytest.approx(cohort["on_time_closed_pct"], abs=0.001)
        assert on_time[0] == cohort["cases"] - cohort["open"]
        assert matured[month] == cohort["not_yet_due"]


@pytest.fixture(scope="module")
def receipt_csv(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Query:
    """The CSV, with placeholders kept as if they were units, as the team goldens ask."""
    log = shared / "data" / "receipt.csv"
    settings = receipt_settings(tmp_path_factory.mktemp("csv"), log, missing_values=[])
    return Query(run(settings))


@pytest.mark.parametrize("name", sorted(TEAM))
def test_team_figures_with_placeholders_kept(receipt_csv: Query, golden: Golden, name: str) -> None:
    found = receipt_csv.one(TEAM[name])
    assert is_close(golden[f"receipt.{name}"], found)


@pytest.mark.parametrize("kind", ["lead_time", "on_time", "rework", "workload"])
def test_csv_gives_the_same_figures_as_xes(receipt: Query, receipt_csv: Query, kind: str) -> None:
    query = (
        f"select * exclude (definition_hash) from mart.kpi_values where kpi = '{kind}' order by all"
    )
    assert receipt(query).equals(receipt_csv(query))
