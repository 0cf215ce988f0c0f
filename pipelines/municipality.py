"""The configuration of one municipality: the models behind `municipality.yaml`.

What belongs here: the shape of the file, but for its sources (`connectors/`). What does not:
reading it (`configuration.py`), paths and secrets of the machine (`settings.py`), and the tables
that it becomes (`config_tables.py`).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field, model_validator

from pipelines.connectors.kinds import CONNECTORS
from pipelines.shapes import Identifier, Model, Name
from pipelines.sources import BaseSource

if TYPE_CHECKING:
    Source = BaseSource
else:
    _MODELS = tuple(connector.model for connector in CONNECTORS.values())
    Source = Annotated[Union[_MODELS], Field(discriminator="kind")]  # noqa: UP007 (made, not written)


class Norm(Model):
    """A promise about one KPI definition, for example `on_time.due.rolled` at least 90 percent."""

    definition: str
    at_most: float | None = None
    at_least: float | None = None
    basis: str = Field(description="Where the norm comes from: a decision, a charter, an act.")

    @model_validator(mode="after")
    def _one_side(self) -> Norm:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("give either at_most or at_least")
        return self


class ServiceFormula(Model):
    id: Identifier
    name: Name
    norms: tuple[Norm, ...] = ()


class Phase(Model):
    id: Identifier
    name: Name
    activities: tuple[str, ...] = Field(min_length=1)
    silence_days: int = Field(
        default=14,
        ge=1,
        description="Days without a word or a step in this phase after which a resident is left"
        " waiting.",
    )


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


class Term(Model):
    """The time in which a decision is due."""

    weeks: int = Field(ge=1, le=104)
    legal_basis: str
    is_statutory: bool = Field(
        default=True,
        description="Set in an act or order in council; only then does the end date roll.",
    )


class Journey(Model):
    id: Identifier
    name: Name
    service_formula: Identifier
    case_types: tuple[str, ...] = Field(
        default=(), description="Values of the mapped case_type column that belong here."
    )
    topics: tuple[str, ...] = Field(
        default=(), description="Topics of contacts that belong here, for those without a case."
    )
    phases: tuple[Phase, ...] = ()
    heartbeat: Heartbeat = Heartbeat()
    ends_with: tuple[str, ...] = Field(
        default=(),
        description="Activities that end a case, for logs without a registered end.",
    )
    term: Term | None = None
    gap_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="What one resident has no further apart than this is one journey.",
    )
    norms: tuple[Norm, ...] = ()


class Partner(Model):
    id: Identifier
    name: Name
    teams: tuple[str, ...] = Field(
        default=(), description="Team names in the sources that belong to this partner."
    )
    registration_numbers: tuple[str, ...] = Field(
        default=(),
        description="Chamber of Commerce, branch or RSIN numbers of this partner in the sources;"
        " any other organisation is hashed.",
    )


class ExpectedEffect(Model):
    """What the owner of an improvement expects of one KPI definition."""

    definition: str
    change: float = Field(description="Expected change; the sign says the direction.")
    unit: Literal["percent", "points", "absolute"]


class Comparison(Model):
    """The group that the improvement did not touch."""

    journey: Identifier
    channel: str | None = None


class Improvement(Model):
    id: Identifier
    journey: Identifier
    name: Name
    went_live_on: date
    owner: str | None = Field(default=None, description="A team or role, never a person's name.")
    cost_eur: float | None = Field(default=None, ge=0)
    expected: tuple[ExpectedEffect, ...] = ()
    comparison: Comparison | None = None


class Calendar(Model):
    extra_listed_days: tuple[date, ...] = Field(
        default=(),
        description="Days put on a par with holidays by decree, beyond the built-in list.",
    )
    roll_extended_terms: bool = Field(
        default=True,
        description="Whether 8 + 6 weeks counts as two terms that each roll (Atw art. 4).",
    )


class Municipality(Model):
    """Everything that one municipality tells Hartslag, as written in `municipality.yaml`."""

    name: str
    disclosure_threshold: int = Field(
        default=5, ge=3, le=100, description="Groups smaller than this are withheld."
    )
    calendar: Calendar = Calendar()
    service_formulas: tuple[ServiceFormula, ...] = Field(min_length=1)
    journeys: tuple[Journey, ...] = Field(min_length=1)
    personas: tuple[Persona, ...] = ()
    partners: tuple[Partner, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    improvements: tuple[Improvement, ...] = ()
