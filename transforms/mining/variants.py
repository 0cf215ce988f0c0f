"""Variants with their counts: the only form in which a log reaches pm4py.

A log of a million cases has a few thousand variants; a case never becomes an object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

Path = tuple[str, ...]


@dataclass(frozen=True)
class Variants:
    """Paths and how many cases follow each, most followed first; `all_cases` counts also those of
    variants that were left out."""

    paths: Sequence[Path]
    counts: Sequence[int]
    all_cases: int

    @property
    def cases(self) -> int:
        return sum(self.counts)

    @property
    def covered_share(self) -> float:
        """Percent of all cases that follow these variants."""
        return 100.0 * self.cases / self.all_cases if self.all_cases else 100.0

    def __iter__(self) -> Iterator[tuple[Path, int]]:
        return zip(self.paths, self.counts, strict=True)

    def most_frequent(self, most: int) -> Variants:
        """At most so many of them."""
        return Variants(self.paths[:most], self.counts[:most], self.all_cases)


def variants_of(frame: pl.DataFrame) -> Variants:
    """From `path` (JSON list of activities) and `cases`; ties are by path."""
    ordered = frame.sort("cases", "path", descending=[True, False])
    paths = [tuple(json.loads(path)) for path in ordered["path"]]
    counts = ordered["cases"].to_list()
    return Variants(paths, counts, sum(counts))


def by_journey(frame: pl.DataFrame) -> Iterator[tuple[str, Variants]]:
    """The variants of each journey, journeys in alphabetical order."""
    parts = frame.partition_by("journey", as_dict=True, maintain_order=True)
    for (journey,), part in sorted(parts.items()):
        yield str(journey), variants_of(part)


def as_log(paths: Sequence[Path]) -> Any:
    """A pm4py log with one trace per path."""
    from pm4py.objects.log.obj import Event, EventLog, Trace

    return EventLog([Trace([Event({"concept:name": name}) for name in path]) for path in paths])
