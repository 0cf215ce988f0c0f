"""Counting ten million events: Hartslag's own models beside pm4py, Polars and r4pm, in one run.

`make bench` repeats a real log with shifted cases, lets each system count the same things in a
process of its own, checks that the counts are equal, and prints times and peak memory as ratios.
All start from the same Parquet file; each step's clock stops when its result is there. pm4py counts
twice: as it is installed by itself, and where pandas finds pyarrow.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.counters import ABSENT, SIDES, STEPS

UNCOUNTED = ("read", "prepare", "more")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, default=default_log(), help="XES or CSV to repeat")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.side:
        if chosen.side in ABSENT:
            sys.modules[ABSENT[chosen.side]] = None  # type: ignore[assignment]
        sys.stdout.write(json.dumps(SIDES[chosen.side](chosen.log)))
        return
    with tempfile.TemporaryDirectory(prefix="hartslag-bench-") as folder:
        file = Path(folder) / "log.parquet"
        events, cases = repeated(chosen.log, chosen.events, file)
        print(f"{chosen.log.name}, repeated: {events:,} events, {cases:,} cases\n")
        found = {side: in_own_process(side, file) for side in SIDES}
    print(table(found))
    if not is_equal(found):
        sys.exit(f"The counts differ: { {side: each['counts'] for side, each in found.items()} }")


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


def is_equal(found: dict[str, dict[str, Any]]) -> bool:
    """Whether each side counted what Hartslag did, in all that it counts."""
    ours = found["hartslag"]["counts"].items()
    return all(each["counts"].items() <= ours for each in found.values())


def spent(side: dict[str, Any], steps: list[str]) -> float | None:
    seconds = [side["seconds"].get(step) for step in steps]
    return None if None in seconds else sum(seconds)


def said(other: float | None, ours: float) -> str:
    return "has none" if other is None else f"{other:,.2f} ({other / ours:,.1f})"


if __name__ == "__main__":
    main()
