"""Where a journey stands in the klantreis method: define, discover, design, deliver."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from pydantic import Field, model_validator

from pipelines.shapes import Model

PHASES = ("define", "discover", "design", "deliver")


class Method(Model):
    """The first day of each phase of the work on a journey; a day to come is a plan."""

    define: date | None = Field(default=None, description="What is to be improved, and for whom.")
    discover: date | None = Field(default=None, description="How residents fare now.")
    design: date | None = Field(default=None, description="What would serve them better.")
    deliver: date | None = Field(default=None, description="It is made, introduced and followed.")

    @model_validator(mode="after")
    def _in_order(self) -> Method:
        for (earlier, began), (later, begins) in pairwise(self.days()):
            if begins < began:
                raise ValueError(
                    f"{later} begins on {begins}, before {earlier} does on {began}; give days in"
                    f" the order {', '.join(PHASES)}"
                )
        return self

    def days(self) -> list[tuple[str, date]]:
        """The phases of which the first day is known, in order."""
        return [(phase, day) for phase in PHASES if (day := getattr(self, phase)) is not None]
