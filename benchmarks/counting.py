"""Counting ten million events: Hartslag's own SQL models beside pm4py and Polars, in one run.

`make bench` repeats a real log with shifted cases, lets each system count the same things in a
process of its own, checks that the counts are equal, and prints times and peak memory as ratios.
Both start from the same Parquet file; each step's clock stops when its result is there.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
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
UNCOUNTED = ("read", "prepare", "more")
# What each step builds, with all that it reads; what one step built, the later ones use. Edges bear
# the cost of the one window pass and of the paths, so that pairs and variants come almost free.
MODELS = {
    "prepare": ("core.sources", "core.cases", "core.activities", "core.events", "core.units"),
    "edges": ("core.steps", "core.case_paths", "core.path_steps", "mart.process_edges"),
    "more": ("core.assignments", "core.case_handoffs", "mart.process_variants"),
}
# What pm4py gives as one result and the product keeps in a wider table.
QUERIES = {
    "handoffs": """
        create table handovers as select previous_actor_key, actor_key, count(*) as occurrences
        from core.steps where actor_key <> previous_actor_key
        group by previous_actor_key, actor_key""",
    "variants": """
        create table variants as select path_key, count(*) as cases
        from core.case_paths group by path_key""",
    "durations": """
        create table durations as
        select case_key, epoch_us(last_event_at) - epoch_us(first_event_at) as throughput_us
        from core.cases""",
}
MIB = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, default=default_log(), help="XES or CSV to repeat")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        sys.stdout.write(json.dumps(SIDES[chosen.side](chosen.log)))
        return
    with tempfile.TemporaryDirectory(prefix="hartslag-bench-") as folder:
        file = Path(folder) / "log.parquet"
        events, cases = repeated(chosen.log, chosen.events, file)
        print(f"{chosen.log.name}, repeated: {events:,} events, {cases:,} cases\n")
        found = {side: in_own_process(side, file) for side in SIDES}
    print(table(found))
    told = {side: each["counts"] for side, each in found.items()}
    if any(counts != told["hartslag"] for counts in told.values()):
        sys.exit(f"The counts differ: {told}")


def default_log() -> Path:
    """The real log where it is beside the checkout, else the example's."""
    root = Path(__file__).parents[1]
    real = root.parent / "shared" / "data" / "08_receipt.xes.gz"
    return real if real.is_file() else root / "data" / "example" / "permits.csv"


def in_own_process(side: str, file: Path) -> dict[str, Any]:
    os.sync()  # what was written before shall not slow the disk down now
    command = [sys.executable, "-m", "benchmarks.counting", "--side", side, "--log", str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{side} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def repeated(log: Path, events: int, target: Path) -> tuple[int, int]:
    """Write at least `events` events as Parquet; returns how many events and cases."""
    import polars as pl

    from pipelines.configuration import load_municipality
    from pipelines.connectors.event_log import read_event_log

    folder = "receipt" if ".xes" in log.name else "example"
    root = Path(__file__).parents[1] / "data" / folder
    source = load_municipality(root / "municipality.yaml").sources[0]
    batch = read_event_log(source, log, b"a benchmark keeps nothing, so this is no secret")
    one = batch.tables["events"].select("case_id", "activity", "occurred_at", "sequence", "actor")
    times = -(-events // one.height)
    copies = [
        one.with_columns(
            case_id=pl.col("case_id").str.slice(0, 24) + f"{number:08x}",
            occurred_at=pl.col("occurred_at") + pl.duration(minutes=number),
            sequence=pl.col("sequence") + number * one.height,
        )
        for number in range(times)
    ]
    frame = pl.concat(copies)
    frame.write_parquet(target)
    return frame.height, batch.tables["cases"].height * times


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
    from transforms.models import build, load_models

    municipality = Path(__file__).parents[1] / "data" / "receipt" / "municipality.yaml"
    models, watch = load_models(), Stopwatch()
    with open_warehouse(file.with_name("warehouse.duckdb")) as connection:
        configuration = load_municipality(municipality)
        replace_tables(connection, "config", config_tables(configuration, models))
        raw = RAW.format(file=file, source=configuration.sources[0].id)

        made = set[str]()

        def make(step: str) -> None:
            for name in needed(models, MODELS[step]):
                if name not in made:
                    build(connection, models[name])
                    made.add(name)

        watch("read", lambda: connection.execute(raw).fetchall())
        for step in STEPS:
            if step in MODELS:
                watch(step, partial(make, step))
            elif step in QUERIES:
                watch(step, partial(connection.execute, QUERIES[step]))
        [counts] = connection.execute(COUNTS).fetchall()
    return watch.report(dict(zip(COUNTED, counts, strict=True)))


def needed(models: dict[str, Any], names: Iterable[str]) -> list[str]:
    """Models and all that they read, in the order in which they are built."""
    found, asked = set[str](), list(names)
    while asked:
        name = asked.pop()
        if name in models and name not in found:
            found.add(name)
            asked += models[name].reads
    return [name for name in models if name in found]


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
    return watch.report(dict(zip(COUNTED, counts, strict=True)))


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


SIDES = {"hartslag": hartslag, "pm4py": pm4py_side, "polars": polars_side}


def table(found: dict[str, dict[str, Any]]) -> str:
    """One Markdown table; behind a figure of another, how many times Hartslag's it is."""
    counting = [step for step in STEPS if step not in UNCOUNTED]
    whole = {"all counting": counting, "all, with reading": [s for s in STEPS if s != "more"]}
    rows = {
        name: [spent(side, steps) for side in found.values()]
        for name, steps in ({STEPS[step]: [step] for step in STEPS} | whole).items()
    }
    rows["peak memory, GiB"] = [side["peak_mib"] / 1024 for side in found.values()]
    lines = [f"| s | {' | '.join(found)} |", f"|---|{'---:|' * len(found)}"]
    for name, (ours, *others) in rows.items():
        told = [f"{ours:,.2f}", *(said(other, ours) for other in others)]
        lines.append(f"| {name} | {' | '.join(told)} |")
    return "\n".join(lines)


def spent(side: dict[str, Any], steps: list[str]) -> float | None:
    seconds = [side["seconds"].get(step) for step in steps]
    return None if None in seconds else sum(seconds)


def said(other: float | None, ours: float) -> str:
    return "has none" if other is None else f"{other:,.2f} ({other / ours:,.1f})"


if __name__ == "__main__":
    main()
