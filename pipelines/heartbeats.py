"""What `municipality.yaml` says of personas, and of how journeys are wished to be."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from pipelines.shapes import Identifier, Model, Name


class Persona(Model):
    """A fictional name for a target group."""

    id: Identifier
    name: Name
    target_group: str = Field(description="The value in the sources that stands for this group.")


class DesiredBeat(Model):
    """How a phase is wished to be for its residents, or for those of one persona."""

    phase: Identifier
    persona: Identifier | None = None
    score: Literal["positive", "neutral", "negative"]


class Span(Model):
    """From the first day up to and with the last."""

    first: date
    last: date


class Heartbeat(Model):
    """When the heartbeat of a journey was measured before and now, and how it is desired.

    Without `now` it is the 182 days before the cut-off, without `before` the same days a year
    earlier.
    """

    before: Span | None = None
    now: Span | None = None
    desired: tuple[DesiredBeat, ...] = ()
