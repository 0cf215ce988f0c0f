"""What `municipality.yaml` says of how a journey should go: rules that each case must keep."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pipelines.shapes import Model

_NEEDED = {
    "precedence": {"first", "then"},
    "response": {"first", "then"},
    "within": {"first", "then", "days"},
    "four_eyes": {"first", "then"},
    "handoffs": {"at_most"},
}


class Rule(Model):
    """`precedence`: `then` only after `first`. `response`: after `first` comes `then`. `within`: it
    comes within so many days. `four_eyes`: nobody does both. `handoffs`: at most so many."""

    kind: Literal["precedence", "response", "within", "four_eyes", "handoffs"]
    first: str | None = Field(default=None, description="An activity of the journey.")
    then: str | None = Field(default=None, description="Another activity of the journey.")
    days: int | None = Field(default=None, ge=0, description="Calendar days, for `within`.")
    at_most: int | None = Field(default=None, ge=0, description="How many handoffs.")
    level: Literal["team", "organisation"] = Field(
        default="team", description="Between which units handoffs are counted."
    )

    @model_validator(mode="after")
    def _what_its_kind_needs(self) -> Rule:
        given = {
            name for name in ("first", "then", "days", "at_most") if getattr(self, name) is not None
        }
        needed = _NEEDED[self.kind]
        if given != needed:
            keys = " and ".join(sorted(needed))
            raise ValueError(f"a rule of kind {self.kind!r} has {keys}, and nothing else")
        if self.first is not None and self.first == self.then:
            raise ValueError("first and then are the same activity")
        return self
