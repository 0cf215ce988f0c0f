"""Alignments of five thousand variants: how long they take, from memory, and when time is up.

The variants are a straight flow of fifteen steps in which up to six steps were skipped, moved or
done again, as a messy log has them.
"""

from __future__ import annotations

import random
import time

from transforms.mining.alignments import conformance
from transforms.mining.discovery import inductive_model
from transforms.mining.quality import quality
from transforms.mining.variants import Path, Variants

VARIANTS, STEPS = 5_000, 15
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


def main() -> None:
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
