"""All of `core` and `mart` of a million events and more, on both engines: time and memory.

`make bench EVENTS="1000000 10000000 100000000"`. The log is that of `counting.py`, repeated with
shifted cases. Each engine and size is a process of its own; what does not finish in time is said
not to have finished.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.counters import RAW
from benchmarks.counting import default_log, repeated
from pipelines.engines.session import has_java

MEMORY = "10GB"
GIB = 1024**3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, default=default_log(), help="XES or CSV to repeat")
    parser.add_argument("--events", type=int, nargs="+", default=[10**6])
    parser.add_argument("--spark-most", type=int, default=10**7, help="events that Spark is given")
    parser.add_argument("--patience", type=float, default=7200, help="seconds for one measurement")
    parser.add_argument("--work", type=Path, default=None, help="a folder with room for the files")
    parser.add_argument("--side", choices=["duckdb", "spark"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        side = {"duckdb": on_duckdb, "spark": on_spark}[chosen.side]
        sys.stdout.write(json.dumps(side(chosen.log)))
        return
    found: dict[tuple[str, int], dict[str, Any] | None] = {}
    for events in sorted(chosen.events):
        with tempfile.TemporaryDirectory(prefix="hartslag-scale-", dir=chosen.work) as folder:
            file = Path(folder) / "log.parquet"
            many_times(chosen.log, events, file)
            is_for_spark = has_java() and events <= chosen.spark_most
            for side in ("duckdb", "spark") if is_for_spark else ("duckdb",):
                found[side, events] = measured(side, file, chosen.patience)
                print(line(side, events, found[side, events]), flush=True)
    if not has_java():
        print("spark: left out, there is no Java on this machine")
    print(growth(found))


def measured(side: str, file: Path, patience: float) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "benchmarks.scaling", "--side", side, "--log", str(file)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        print(f"{side} failed:\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def line(side: str, events: int, result: dict[str, Any] | None) -> str:
    if result is None:
        return f"{side:8} {events:13,} events: did not finish"
    slowest = sorted(result["seconds"].items(), key=lambda item: -item[1])[:3]
    told = ", ".join(f"{name} {spent:.0f} s" for name, spent in slowest)
    return (
        f"{side:8} {events:13,} events: {result['total']:8.1f} s, {result['peak_gib']:5.2f} GiB;"
        f" slowest {told}"
    )


def growth(found: dict[tuple[str, int], dict[str, Any] | None]) -> str:
    """How many times longer ten times as many events take, and from where Spark would be faster."""
    told = []
    for (side, events), result in found.items():
        before = found.get((side, events // 10))
        if result and before:
            told.append(
                f"{side}: {events:,} take {result['total'] / before['total']:.1f} times as long"
                f" as {events // 10:,}"
            )
    return "\n".join([*told, crossover(found)])


def crossover(found: dict[tuple[str, int], dict[str, Any] | None]) -> str:
    """Where the lines through the last two sizes that both finished meet: a start that is always
    paid, and seconds for each further million."""
    sizes = [n for (side, n), each in found.items() if side == "spark" and each]
    pairs = [(n, found.get(("duckdb", n)), found["spark", n]) for n in sorted(sizes)]
    both = [
        (n / 10**6, duck["total"], spark["total"]) for n, duck, spark in pairs if duck and spark
    ]
    if len(both) < 2:
        return "crossover: not measured"
    (first, d0, s0), (last, d1, s1) = both[-2:]
    duck, spark = (d1 - d0) / (last - first), (s1 - s0) / (last - first)
    told = f"a further million takes DuckDB {duck:.1f} s and Spark {spark:.1f} s"
    if s1 <= d1:
        return f"crossover: at {last:g} million events Spark is the faster one; {told}"
    if spark >= duck:
        return f"crossover: none on this machine; {told}"
    meets = last + (s1 - d1) / (duck - spark)
    return f"crossover: near {meets:,.0f} million events; {told}"


def many_times(log: Path, events: int, target: Path) -> None:
    """The log, repeated by DuckDB into Parquet, so that it need not fit in memory."""
    once = target.with_name("once.parquet")
    rows, _ = repeated(log, 1, once)
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute(
            "copy (select substr(case_id, 1, 24) || printf('%08x', n) as case_id, activity,"  # noqa: S608
            " occurred_at + n * interval 1 minute as occurred_at,"
            f" sequence + n * {rows} as sequence, actor"
            f" from '{once}', range({-(-events // rows)}) as r (n))"
            f" to '{target}' (format parquet)"
        )


def on_duckdb(file: Path) -> dict[str, Any]:
    import resource

    from pipelines.engines.duck import DuckEngine
    from pipelines.warehouse import open_warehouse

    with open_warehouse(file.with_name("warehouse.duckdb")) as connection:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = '{file.with_name('spilled')}'")
        connection.execute("set preserve_insertion_order = false")
        _fill(connection, file)
        seconds = _timed(DuckEngine(connection).build)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB
    return {"seconds": seconds, "total": sum(seconds.values()), "peak_gib": peak}


def on_spark(file: Path) -> dict[str, Any]:
    from pipelines.engines.exchange import lend, sources_of
    from pipelines.engines.session import open_session
    from pipelines.engines.spark import SparkEngine
    from pipelines.municipality import Spark
    from pipelines.warehouse import open_warehouse
    from transforms.models import load_models

    folder = file.with_name("spark")
    with open_warehouse(file.with_name("lent.duckdb")) as connection:
        connection.execute("set preserve_insertion_order = false")
        _fill(connection, file)
        lend(connection, sources_of(load_models().values()), folder)
    session = open_session(
        Spark(partitions=16, memory="10g"), **{"spark.local.dir": str(file.with_name("spilled"))}
    )
    java = Peak()
    seconds = _timed(SparkEngine(session, folder).build)
    session.stop()
    return {"seconds": seconds, "total": sum(seconds.values()), "peak_gib": java.gib}


class Peak:
    """The most memory that the Java beside this process has had, looked at each second."""

    def __init__(self) -> None:
        self.gib = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            for status in Path("/proc").glob("[0-9]*/status"):
                self.gib = max(self.gib, _resident_java(status))
            time.sleep(1)


def _resident_java(status: Path) -> float:
    """Of a child of this process that is Java, else nothing."""
    try:
        told = dict(row.split(":", 1) for row in status.read_text().splitlines() if ":" in row)
    except OSError:
        return 0.0
    if told["Name"].strip() != "java" or int(told["PPid"]) != os.getpid():
        return 0.0
    return int(told["VmHWM"].split()[0]) * 1024 / GIB


def _fill(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    from pipelines.config_tables import config_tables
    from pipelines.configuration import load_municipality
    from pipelines.warehouse import replace_tables
    from transforms.models import load_models

    source = Path(__file__).parents[1] / "data" / "receipt" / "municipality.yaml"
    asked = load_municipality(source)
    tables = config_tables(asked, load_models(), source.parent)
    replace_tables(connection, "config", tables)
    connection.execute(RAW.format(file=file, source=asked.sources[0].id))


def _timed(build: Callable[[Any], int]) -> dict[str, float]:
    from transforms.models import load_models

    seconds = {}
    for name, model in load_models().items():
        start = time.perf_counter()
        build(model)
        seconds[name] = time.perf_counter() - start
        print(f"{name} {seconds[name]:.1f}", file=sys.stderr, flush=True)
    return seconds


if __name__ == "__main__":
    main()
