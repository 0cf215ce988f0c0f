"""Mining of Lindeveld's eight journeys, and alignments of five thousand variants: how long they
take, from memory, and when time is up.

The variants are a straight flow of fifteen steps in which up to six steps were skipped, moved or
done again, as a messy log has them.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from pathlib import Path as Folder

import dagster as dg
from lindeveld.generate import generate
from lindeveld.town import Scale

from pipelines.mining import mined_tables
from pipelines.runs import run_job
from pipelines.settings import Settings
from pipelines.warehouse import open_warehouse
from transforms.mining.alignments import conformance
from transforms.mining.discovery import inductive_model
from transforms.mining.quality import quality
from transforms.mining.variants import Path, Variants
from transforms.models import build, load_models

VARIANTS, STEPS = 5_000, 15
COUNTED = (
    "mart.process_activities",
    "mart.process_edges",
    "mart.process_variants",
    "core.case_parts",
    "core.part_paths",
    "mart.process_activity_parts",
    "mart.process_edge_parts",
    "core.process_months",
    "mart.bottlenecks",
    "mart.activity_queues",
    "mart.work_in_progress",
    "mart.performance_spectrum",
    "mart.handover_network",
)
WISHED = tuple(f"step {number}" for number in range(STEPS))


def messy(chance: random.Random) -> Path:
    path = list(WISHED)
    for _ in range(chance.randint(0, 6)):
        what, place = chance.random(), chance.randrange(len(path))
        if what < 0.4:
            path.insert(place, chance.choice(WISHED))
        elif what < 0.7:
            path.pop(place)
        else:
            other = chance.randrange(len(path))
            path[place], path[other] = path[other], path[place]
    return tuple(path)


def log() -> Variants:
    chance = random.Random(1)  # noqa: S311 (an invented log)
    found = {WISHED: VARIANTS}
    while len(found) < VARIANTS:
        found.setdefault(messy(chance), chance.randint(1, 20))
    return Variants(list(found), list(found.values()), sum(found.values()))


def timed(what: str, seconds: float, known: dict[str, list[tuple[str | None, str | None]]]) -> None:
    variants, model = log(), inductive_model(Variants([WISHED], [1], 1))
    start = time.perf_counter()
    told = conformance(model, variants, known, time.monotonic, seconds)
    taken = time.perf_counter() - start
    low = 100 * told.cases(True) / variants.cases
    high = low + 100 * told.cases(None) / variants.cases
    print(
        f"{what}: {taken:.1f} s, {told.unaligned:,} of {VARIANTS:,} variants not aligned,"
        f" {low:.1f} to {high:.1f} % of cases fit"
    )
    known |= told.found


def lindeveld() -> None:
    """All that is mined of the eight journeys, nothing remembered."""
    os.environ.setdefault("HARTSLAG_KEY", "only for this benchmark, 32 characters or more")
    with tempfile.TemporaryDirectory() as name:
        home = Folder(name)
        generate(home, Scale())
        settings = Settings(home / "municipality.yaml", home)
        run_job(settings, lambda done, total: None, instance=dg.DagsterInstance.ephemeral())
        models = load_models()
        with open_warehouse(home / "warehouse.duckdb") as connection:
            connection.execute("delete from mined.alignments")
            start = time.perf_counter()
            for table in COUNTED:
                build(connection, models[table])
            counted = time.perf_counter() - start
            mined_tables(connection)
            taken = time.perf_counter() - start
    print(f"Lindeveld's eight journeys: {taken:.1f} s, of which counting in SQL {counted:.1f} s")


def main() -> None:
    lindeveld()
    known: dict[str, list[tuple[str | None, str | None]]] = {}
    timed("two seconds allowed", 2.0, {})
    timed("two minutes allowed", 120.0, known)
    timed("the same again, from memory", 120.0, known)
    most = log().most_frequent(200)
    start = time.perf_counter()
    quality(inductive_model(most), most)
    print(f"quality of a model of 200 such variants: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()
