"""Counting in SQL gives what pm4py gives: edges and their times, variants, durations, starts, ends,
rework. Where it does not, a test says why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.warehouse import append
from tests.conftest import Query
from tests.pipelines.connectors.logs import XES_COLUMNS, read, xes
from tests.transforms.sql_bench import CONFIG, Bench

ORDERED = """
select c.case_id as "case:concept:name", s.position, a.activity as "concept:name",
  s.occurred_at as "time:timestamp"
from core.steps as s
inner join core.cases as c on c.case_key = s.case_key
inner join core.activities as a on a.activity_key = s.activity_key
order by c.case_key, s.position
"""


REWORKED = """
select a.activity, count(*) as cases
from core.rework as r
inner join core.cases as c on c.case_key = r.case_key
inner join core.activities as a on a.activity_key = r.activity_key
group by a.activity
"""
MODELS = (
    "mart.process_edges",
    "mart.process_variants",
    "mart.process_activities",
    "core.rework",
    "core.case_handoffs",
)


class Counted:
    """What the models say of one journey, in pm4py's shapes."""

    def __init__(self, ask: Any) -> None:
        edges = ask("from mart.process_edges")
        pairs = [(row["from_activity"], row["to_activity"]) for row in edges]
        self.edges = dict(zip(pairs, [row["occurrences"] for row in edges], strict=True))
        self.means = dict(zip(pairs, [row["mean_s"] for row in edges], strict=True))
        self.medians = dict(zip(pairs, [row["median_s"] for row in edges], strict=True))
        variants = ask("from mart.process_variants")
        self.variants = {tuple(json.loads(row["path"])): row["cases"] for row in variants}
        activities = ask("from mart.process_activities")
        self.starts, self.ends = (
            {row["activity"]: row[name] for row in activities if row[name]}
            for name in ("start_cases", "end_cases")
        )
        self.rework = {row["activity"]: row["cases"] for row in ask(REWORKED)}
        cases = ask("select throughput_us / 1000000.0 as seconds from core.cases")
        self.durations = sorted(row["seconds"] for row in cases)
        self.log = ask(ORDERED)


def frame_of(rows: Sequence[dict[str, Any]]) -> Any:
    """A log as pm4py takes it, its rows in the order given."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True)
    return frame


def assert_equal_to_pm4py(ours: Counted) -> None:
    import pm4py

    frame = pm4py.format_dataframe(
        frame_of(ours.log),
        case_id="case:concept:name",
        activity_key="concept:name",
        timestamp_key="time:timestamp",
    )
    assert ours.edges == dict(pm4py.discover_dfg(frame)[0])
    timed = pm4py.discover_performance_dfg(frame, perf_aggregation_key="all")[0]
    assert ours.means == pytest.approx({pair: found["mean"] for pair, found in timed.items()})
    assert ours.medians == pytest.approx({pair: found["median"] for pair, found in timed.items()})
    assert ours.variants == dict(pm4py.get_variants(frame).items())
    assert ours.starts == dict(pm4py.get_start_activities(frame))
    assert ours.ends == dict(pm4py.get_end_activities(frame))
    assert ours.rework == dict(pm4py.get_rework_cases_per_activity(frame))
    assert ours.durations == pytest.approx(sorted(pm4py.get_all_case_durations(frame)))


pytestmark = [
    # pm4py's own calls to pandas, which we cannot mend.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def counted(bench: Bench) -> Counted:
    for model in MODELS:
        bench.build(model)
    return Counted(lambda query: bench.rows(_selected(query)))


def test_the_real_log_of_permits(receipt: Query) -> None:
    assert_equal_to_pm4py(Counted(lambda query: receipt(query).to_dicts()))


def test_the_real_log_of_a_help_desk(shared: Path) -> None:
    """130 of its neighbouring events share an instant; both count them in the order of the file."""
    batch = read(shared / "data" / "helpdesk.xes.gz", XES_COLUMNS)
    bench = Bench(sources=[CONFIG["sources"][0] | {"journey": "permits"}])
    for table in ("events", "cases"):
        key = {"source": pl.lit("log"), "file_number": pl.lit(1, pl.Int64)}
        append(bench.connection, f"raw.{table}", batch.tables[table].with_columns(**key))
    ours = counted(bench)
    assert len(ours.log) == 21_348
    assert_equal_to_pm4py(ours)


EVENT = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from("xyz"),
    st.integers(0, 5),
    st.sampled_from([None, "p", "q"]),
)


LOG = st.lists(EVENT, min_size=1, max_size=25)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(LOG)
def test_invented_logs_with_loops_equal_instants_missing_persons_and_no_order(
    events: Sequence[tuple[str, str, int, str | None]],
) -> None:
    assert_equal_to_pm4py(counted(invented(events)))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(LOG)
def test_two_hundred_more_such_logs(events: Sequence[tuple[str, str, int, str | None]]) -> None:
    assert_equal_to_pm4py(counted(invented(events)))


def invented(events: Sequence[tuple[str, str, int, str | None]]) -> Bench:
    """(case, activity, day of March, person), in the order in which the source has them."""
    return Bench(
        [
            {
                "case_id": case,
                "activity": name,
                "occurred_at": f"2025-03-0{day + 1} 09:00+01",
                "actor": person,
            }
            for case, name, day, person in events
        ],
        [{"case_id": case} for case in Counter(case for case, *_ in events)],
    )


def test_pm4py_takes_variants_as_rows_lie_and_edges_as_time_goes() -> None:
    """Given a log out of order, it counts y before x in the variants and after it in the edges.

    Ours are one log: events count by instant, then by place in the source.
    """
    import pm4py

    ours = counted(invented([("a", "y", 3, None), ("a", "x", 1, None)]))
    frame = frame_of(ours.log[::-1])
    assert dict(pm4py.get_variants(frame)) == {("y", "x"): 1}
    assert dict(pm4py.discover_dfg(frame)[0]) == {("x", "y"): 1}
    assert ours.variants == {("x", "y"): 1}
    assert ours.edges == {("x", "y"): 1}


def test_pm4py_fails_on_a_missing_person_where_ours_looks_past_the_event() -> None:
    import pm4py

    steps = [("a", "x", 1, "p"), ("a", "y", 2, None), ("a", "z", 3, "q")]
    bench = invented(steps)
    frame = frame_of(counted(bench).log).assign(**{"org:resource": [who for *_, who in steps]})
    with pytest.raises(TypeError):
        pm4py.discover_handover_of_work_network(frame)
    [row] = bench.rows("from core.case_handoffs where level = 'person'")
    assert row["handoffs"] == 1


def test_a_date_that_the_log_declares_as_default_is_no_date(tmp_path: Path) -> None:
    """r4pm, by which pm4py reads XES, fills the declared 1970 in where a case has no end."""
    import r4pm.df

    epoch = "1970-01-01T00:00:00+00:00"
    declared = f'<global scope="trace"><date key="enddate" value="{epoch}"/></global>'
    event = {"concept:name": "x", "time:timestamp": "2025-03-03T09:00:00+01:00"}
    ended = {"concept:name": "1", "enddate": "2025-03-04T09:00:00+01:00"}
    file = tmp_path / "log.xes"
    log = xes([(ended, [event]), ({"concept:name": "2"}, [event])], declared)
    file.write_text(log, encoding="utf-8")
    theirs, _ = r4pm.df.import_xes(str(file))
    assert sorted(each.year for each in theirs["case:enddate"]) == [1970, 2025]
    ours = read(file, XES_COLUMNS | {"closed_at": "case:enddate"}).tables["cases"]["closed_at"]
    assert [each and each.year for each in ours] == [2025, None]


def _selected(query: str) -> str:
    return query if query.lstrip().startswith("select") else f"select * {query}"
