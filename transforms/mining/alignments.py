"""How a path differs from a model: optimal alignments by pm4py, within a time limit.

What belongs here: aligning paths, and remembering what was aligned. What does not: what the
differences mean (`deviations.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from transforms.mining.discovery import Model
from transforms.mining.quality import replay
from transforms.mining.quiet import quiet
from transforms.mining.variants import Path, Variants, as_log

Move = tuple[str | None, str | None]
"""An activity of the path and one of the model; where they differ one of the two is null."""
Moves = list[Move]
Clock = Callable[[], float]
"""Seconds since some moment."""
Progress = Callable[[int, int], None]
_PATH_SECONDS = 10.0
_COST = 1_000_000


@dataclass(frozen=True)
class Conformance:
    """Per variant, in their order: whether it fits wholly, null where that was not found out; and
    the moves of those that were aligned. `found` are new alignments, by path hash."""

    variants: Variants
    fits: list[bool | None]
    moves: dict[Path, Moves]
    found: dict[str, Moves]

    def cases(self, fits: bool | None) -> int:
        return sum(
            n for told, n in zip(self.fits, self.variants.counts, strict=True) if told is fits
        )

    @property
    def unaligned(self) -> int:
        """Variants of which it was not found out."""
        return self.fits.count(None)


def path_hash(path: Path) -> str:
    return hashlib.sha256(json.dumps(path).encode()).hexdigest()[:32]


def conformance(
    model: Model,
    variants: Variants,
    known: Mapping[str, Moves],
    clock: Clock,
    seconds: float,
    progress: Progress = lambda done, total: None,
) -> Conformance:
    """Token replay for the mass, alignments for what replay finds unfit, most frequent first.

    `known` are alignments with this model from before, by path hash. After `seconds` what is left
    stays unknown: the answer is then a lower and an upper bound.
    """
    fits: list[bool | None] = [True if told["is_fit"] else None for told in replay(model, variants)]
    places = [place for place, told in enumerate(fits) if told is None]
    moves: dict[Path, Moves] = {}
    found: dict[str, Moves] = {}
    end = clock() + seconds
    for done, place in enumerate(places):
        path = variants.paths[place]
        key = path_hash(path)
        if key in known:
            moves[path] = known[key]
        elif (left := end - clock()) > 0:
            aligned = _align(model, path, min(left, _PATH_SECONDS))
            if aligned is not None:
                moves[path] = found[key] = aligned
        if path in moves:
            fits[place] = all(ours == theirs for ours, theirs in moves[path])
        progress(done + 1, len(places))
    return Conformance(variants, fits, moves, found)


def _align(model: Model, path: Path, seconds: float) -> Moves | None:
    """The moves of one of the cheapest alignments, without silent ones; null when time is up.

    A move outside the other costs one. Among equally cheap ones what comes first in the path is
    held to be the wished one, and models move by name, so that the answer is always the same.
    """
    with quiet():
        from pm4py.algo.conformance.alignments.petri_net.variants import dijkstra_less_memory

        settings = dijkstra_less_memory.Parameters
        names = sorted({t.label for t in model.net.transitions if t.label is not None})
        costs = {
            t: 0 if t.label is None else _COST + names.index(t.label) for t in model.net.transitions
        }
        [trace] = as_log([path])
        told: Any = dijkstra_less_memory.apply(
            trace,
            *model.parts,
            parameters={
                settings.PARAM_MAX_ALIGN_TIME_TRACE: seconds,
                settings.PARAM_MODEL_COST_FUNCTION: costs,
                settings.PARAM_TRACE_COST_FUNCTION: [
                    _COST + len(path) - place for place in range(len(path))
                ],
            },
        )
    if told is None:
        return None
    sides = [tuple(None if side == ">>" else side for side in move) for move in told["alignment"]]
    return [(ours, theirs) for ours, theirs in sides if (ours, theirs) != (None, None)]
