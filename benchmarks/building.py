"""Building all of `core` and `mart` on ten million events: time and memory, and the slowest models.

Part of `make bench`. The log is that of `counting.py`, repeated with shifted cases; every model is
built in order, on disk, as a run does it.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.counters import RAW
from benchmarks.counting import default_log, repeated

SHOWN = 15
MIB = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, default=default_log(), help="XES or CSV to repeat")
    parser.add_argument("--events", type=int, default=10_000_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hartslag-bench-") as folder:
        file = Path(folder) / "log.parquet"
        count, _ = repeated(asked.log, asked.events, file)
        seconds, processor = built(file)
    slowest = sorted(seconds.items(), key=lambda item: -item[1])[:SHOWN]
    for name, spent in slowest:
        print(f"{name:32} {spent:7.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB / MIB
    total = sum(seconds.values())
    print(
        f"{len(seconds)} models, {count:,} events: {total:.1f} s ({processor:.0f} s of processor)"
    )
    print(f"peak memory {peak:.2f} GiB")


def built(file: Path) -> tuple[dict[str, float], float]:
    """Seconds per model, and the processor time of all."""
    from pipelines.config_tables import config_tables
    from pipelines.configuration import load_municipality
    from pipelines.warehouse import open_warehouse, replace_tables
    from transforms.models import build, load_models

    source = Path(__file__).parents[1] / "data" / "receipt" / "municipality.yaml"
    models, seconds = load_models(), dict[str, float]()
    with open_warehouse(file.with_name("warehouse.duckdb")) as connection:
        configuration = load_municipality(source)
        replace_tables(connection, "config", config_tables(configuration, models, source.parent))
        connection.execute(RAW.format(file=file, source=configuration.sources[0].id))
        began = time.process_time()
        for model in models.values():
            start = time.perf_counter()
            build(connection, model)
            seconds[model.name] = time.perf_counter() - start
        return seconds, time.process_time() - began


if __name__ == "__main__":
    main()
