"""Counting in SQL gives what pm4py gives: edges and their times, variants, durations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Query
from tests.transforms.sql_bench import Bench

ORDERED = """
select c.case_id as "case:concept:name", s.position, a.activity as "concept:name",
  s.occurred_at as "time:timestamp"
from core.steps as s
inner join core.cases as c on c.case_key = s.case_key
inner join core.activities as a on a.journey = c.journey and a.activity_key = s.activity_key
order by c.case_key, s.position
"""


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
        cases = ask("select throughput_us / 1000000.0 as seconds from core.cases")
        self.durations = sorted(row["seconds"] for row in cases)
        self.log = ask(ORDERED)


def assert_equal_to_pm4py(ours: Counted) -> None:
    import pandas as pd
    import pm4py

    frame = pd.DataFrame(ours.log)
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True)
    frame = pm4py.format_dataframe(
        frame,
        case_id="case:concept:name",
        activity_key="concept:name",
        timestamp_key="time:timestamp",
    )
    assert ours.edges == dict(pm4py.discover_dfg(frame)[0])
    timed = pm4py.discover_performance_dfg(frame, perf_aggregation_key="all")[0]
    assert ours.means == pytest.approx({pair: found["mean"] for pair, found in timed.items()})
    assert ours.medians == pytest.approx({pair: found["median"] for pair, found in timed.items()})
    assert ours.variants == dict(pm4py.get_variants(frame).items())
    assert ours.durations == pytest.approx(sorted(pm4py.get_all_case_durations(frame)))


pytestmark = [
    # pm4py's own calls to pandas, which we cannot mend.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_the_real_log(receipt: Query) -> None:
    assert_equal_to_pm4py(Counted(lambda query: receipt(query).to_dicts()))


EVENT = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 5))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(EVENT, min_size=1, max_size=25))
def test_invented_logs_with_loops_and_equal_instants(
    events: Sequence[tuple[str, str, int]],
) -> None:
    bench = Bench(
        [
            {"case_id": case, "activity": name, "occurred_at": f"2025-03-0{day + 1} 09:00+01"}
            for case, name, day in events
        ],
        [{"case_id": case} for case in Counter(case for case, _, _ in events)],
    )
    bench.build("mart.process_edges")
    bench.build("mart.process_variants")
    assert_equal_to_pm4py(Counted(lambda query: bench.rows(_selected(query))))


def _selected(query: str) -> str:
    return query if query.lstrip().startswith("select") else f"select * {query}"
