"""The way of working at a moment: the journeys, changed by what `truth.yaml` planted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from lindeveld.clock import DAY, epoch

TRUTH = Path(__file__).with_name("truth.yaml")


def truth() -> dict[str, Any]:
    """What was planted, as written in `truth.yaml`."""
    content: dict[str, Any] = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    return content


@dataclass(frozen=True, slots=True)
class Plant:
    """One change of one quantity from an instant on, at once or spread over `gradual_s`."""

    from_s: int
    factor: float
    add: float
    set_to: float | None
    gradual_s: float

    def apply(self, value: float, at: float) -> float:
        if at < self.from_s:
            return value
        new = value * self.factor + self.add if self.set_to is None else self.set_to
        done = min(1.0, (at - self.from_s) / self.gradual_s) if self.gradual_s else 1.0
        return value + done * (new - value)


class World:
    """All plants but those of the improvements in `without`: a twin to compare with.

    `without="world"` leaves out what changed by itself.
    """

    def __init__(self, without: frozenset[str] = frozenset()) -> None:
        self._plants: dict[tuple[str, str, str], list[Plant]] = defaultdict(list)
        content = truth()
        for improvement in content["improvements"]:
            if improvement["id"] not in without:
                for plant in improvement["plants"]:
                    self._add(improvement["went_live_on"], improvement["journey"], plant)
        for change in content["world"] if "world" not in without else ():
            self._add(change["since"], change.get("journey", ""), change)

    def _add(self, since: date, journey: str, plant: dict[str, Any]) -> None:
        self._plants[journey, plant["what"], plant.get("of", "")].append(
            Plant(
                epoch(since),
                plant.get("factor", 1.0),
                plant.get("add", 0.0),
                plant.get("set"),
                plant.get("gradual_days", 0) * DAY,
            )
        )

    def value(self, journey: str, what: str, of: str, usual: float, at: float) -> float:
        """The quantity `what` of a step, detour or team for what begins at `at`."""
        for plant in self._plants.get((journey, what, of), ()):
            usual = plant.apply(usual, at)
        return usual

    def starts_late(self, journey: str, step: str, at: float) -> bool:
        """Whether a case that begins at `at` is registered only when this step takes it up."""
        plants = self._plants.get((journey, "start", step))
        return plants is not None and any(at >= plant.from_s for plant in plants)
