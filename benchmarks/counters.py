"""The same counts by Hartslag's models, pm4py, Polars and r4pm, each from the same Parquet file.

What belongs here: what each side does, and its seconds per step. What does not: the log, and laying
them side by side (`counting.py`).
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

STEPS = {
    "read": "read",
    "prepare": "prepare: cases, activities, order",
    "edges": "directly-follows: count, mean, median",
    "handoffs": "handoffs between persons: pairs, count",
    "variants": "variants",
    "durations": "case durations",
    "more": "stretches, ping-pong, variants with times",
}
# What each step builds, with all that it reads; what one step built, the later ones use. Edges bear
# the cost of the one window pass and of the paths, so that pairs and variants come almost free.
MODELS = {
    "prepare": ("core.sources", "core.cases", "core.activities", "core.events", "core.units"),
    "edges": ("core.steps", "core.case_paths", "core.path_steps", "mart.process_edges"),
    "handoffs": ("core.unit_gaps",),
    "more": ("core.assignments", "core.case_handoffs", "mart.process_variants"),
}
# What pm4py gives as one result and the product keeps in a wider table.
QUERIES = {
    "handoffs": """
        create table handovers as select from_key, to_key, count(*) as occurrences
        from (
          select previous_actor_key as from_key, actor_key as to_key from core.steps
          union all
          select last_unit_key, unit_key from core.unit_gaps where level = 'person'
        )
        where from_key <> to_key
        group by from_key, to_key""",
    "variants": """
        create table variants as select path_key, count(*) as cases
        from core.case_paths group by path_key""",
    "durations": """
        create table durations as
        select case_key, epoch_us(last_event_at) - epoch_us(first_event_at) as throughput_us
        from core.cases""",
}
MIB = 1024 * 1024


class Stopwatch:
    """Seconds per step, and the peak of the process's memory after all of them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, step: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        self.seconds[step] = time.perf_counter() - start
        return result

    def report(self, counts: dict[str, Any]) -> dict[str, Any]:
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MIB
        return {"seconds": self.seconds, "peak_mib": peak_mib, "counts": counts}


def hartslag(file: Path) -> dict[str, Any]:
    """The product's models on a warehouse on disk, as in a run."""
    from pipelines.config_tables import config_tables
    from pipelines.configuration import load_municipality
    from pipelines.warehouse import open_warehouse, replace_tables
    from transforms.models import build, load_models, upstream

    municipality = Path(__file__).parents[1] / "data" / "receipt" / "municipality.yaml"
    models, watch = load_models(), Stopwatch()
    with open_warehouse(file.with_name("warehouse.duckdb")) as connection:
        configuration = load_municipality(municipality)
        replace_tables(connection, "config", config_tables(configuration, models))
        raw = RAW.format(file=file, source=configuration.sources[0].id)

        made = set[str]()

        def make(step: str) -> None:
            asked = MODELS.get(step, ())
            wanted = {part for name in asked for part in upstream(models, name)} - made
            for name in models:  # in the order in which they can be built
                if name in wanted:
                    build(connection, models[name])
            made.update(wanted)
            if step in QUERIES:
                connection.execute(QUERIES[step])

        watch("read", lambda: connection.execute(raw).fetchall())
        for step in ("prepare", "edges", *QUERIES, "more"):
            watch(step, partial(make, step))
        [counts] = connection.execute(COUNTS).fetchall()
    return watch.report(dict(zip(COUNTED, counts, strict=True)))


RAW = """
insert into raw.events by name select '{source}' as source, 1 as file_number, sequence, case_id,
  activity, occurred_at, 'exact' as time_quality, actor, 'file' as provenance
from read_parquet('{file}');
insert into raw.cases by name select '{source}' as source, 1 as file_number,
  min(sequence) as sequence, case_id, false as has_conflicts
from read_parquet('{file}') group by case_id;
"""
COUNTED = ("edges", "transitions", "sum_of_edge_means", "variants", "total_days", "handovers")
COUNTS = """
select
  (select count(*) from mart.process_edges),
  (select cast(sum(occurrences) as bigint) from mart.process_edges),
  (select cast(round(sum(mean_s)) as bigint) from mart.process_edges),
  (select count(*) from variants),
  (select cast(round(sum(cast(throughput_us as hugeint)) / 86400e6) as bigint) from durations),
  (select count(*) from handovers)
"""


def pm4py_side(file: Path) -> dict[str, Any]:
    """pm4py's own functions on a data frame, in order of case and time as it asks for."""
    import duckdb
    import pandas as pd
    import pm4py

    watch = Stopwatch()
    query = "select case_id, activity, occurred_at, actor from read_parquet(?) order by sequence"

    def prepare() -> Any:
        formatted = pm4py.format_dataframe(
            bare, case_id="case_id", activity_key="activity", timestamp_key="occurred_at"
        )
        return formatted.rename(columns={"actor": "org:resource"})

    bare = watch("read", lambda: duckdb.execute(query, [str(file)]).df())
    frame = watch("prepare", prepare)
    counted, timed = watch(
        "edges",
        lambda: (
            pm4py.discover_dfg(frame)[0],
            pm4py.discover_performance_dfg(frame, perf_aggregation_key="all")[0],
        ),
    )
    variants = watch("variants", lambda: pm4py.get_variants(frame))
    durations = watch("durations", lambda: pm4py.get_all_case_durations(frame))
    known = frame.dropna(subset=["org:resource"])
    handoffs = watch("handoffs", lambda: pm4py.discover_handover_of_work_network(known))
    handovers = [pair for pair in handoffs.connections if pair[0] != pair[1]]
    means = sum(timing["mean"] for timing in timed.values())
    counts = [len(counted), sum(counted.values()), round(means), len(variants)]
    counts += [round(sum(durations) / 86400), len(handovers)]
    kept = {"texts_in": pd.Series(["a"]).dtype.storage}
    return watch.report(dict(zip(COUNTED, counts, strict=True))) | kept


def pm4py_and_pyarrow(file: Path) -> dict[str, Any]:
    """The same, where pandas finds pyarrow and keeps texts in it. Raises ImportError."""
    import_module("pyarrow")
    return pm4py_side(file)


def polars_side(file: Path) -> dict[str, Any]:
    """The same counts written for Polars by hand, on a frame in order of case and time."""
    import polars as pl

    watch = Stopwatch()
    bare = watch("read", lambda: pl.read_parquet(file))
    frame = watch("prepare", lambda: bare.sort("case_id", "occurred_at", "sequence"))

    def following(rows: pl.DataFrame, column: str) -> pl.DataFrame:
        return rows.select(
            pl.col(column).shift(1).alias("before"),
            pl.col(column).alias("after"),
            passed=pl.col("occurred_at").diff(),
            is_next=pl.col("case_id") == pl.col("case_id").shift(1),
        ).filter("is_next")

    edges = watch(
        "edges",
        lambda: (
            following(frame, "activity")
            .group_by("before", "after")
            .agg(
                pl.len(),
                mean=pl.col("passed").dt.total_microseconds().mean() / 1e6,
                median=pl.col("passed").median(),
            )
        ),
    )
    handovers = watch(
        "handoffs",
        lambda: (
            following(frame.drop_nulls("actor"), "actor")
            .filter(pl.col("before") != pl.col("after"))
            .group_by("before", "after")
            .len()
        ),
    )
    paths = frame.lazy().group_by("case_id").agg(pl.col("activity").str.join("\x1f"))
    variants = watch("variants", lambda: paths.group_by("activity").len().collect())
    durations = watch(
        "durations",
        lambda: frame.group_by("case_id").agg(
            passed=(pl.col("occurred_at").max() - pl.col("occurred_at").min())
        ),
    )
    days = durations["passed"].dt.total_microseconds().sum() / 86400e6
    counts = [edges.height, edges["len"].sum(), round(edges["mean"].sum()), variants.height]
    return watch.report(dict(zip(COUNTED, [*counts, round(days), handovers.height], strict=True)))


def r4pm_side(file: Path) -> dict[str, Any]:
    """r4pm's own functions: edges by their number alone, without times, and variants."""
    import polars as pl
    import r4pm

    watch = Stopwatch()
    bare = watch("read", lambda: pl.read_parquet(file))
    names = {
        "case_id": "case:concept:name",
        "activity": "concept:name",
        "occurred_at": "time:timestamp",
    }

    def prepare() -> str:
        ordered = bare.sort("case_id", "occurred_at", "sequence")
        log: str = r4pm.import_item_from_df("EventLog", ordered.select(*names).rename(names))
        return log

    log = watch("prepare", prepare)
    graph = watch("edges", lambda: r4pm.bindings.discover_dfg(log))
    variants = watch("variants", lambda: r4pm.bindings.get_num_variants(log))
    passed = [times for _, times in graph["directly_follows_relations"]]
    counted = {"edges": len(passed), "transitions": sum(passed), "variants": variants}
    return watch.report(counted)


SIDES = {
    "hartslag": hartslag,
    "pm4py": pm4py_side,
    "pm4py and pyarrow": pm4py_and_pyarrow,
    "polars": polars_side,
    "r4pm": r4pm_side,
}
"""r4pm tells some of what the others do, and so has fewer counts to compare."""
ABSENT = {"pm4py": "pyarrow"}
"""What a side does not install by itself, and would use where something else has brought it."""
