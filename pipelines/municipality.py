"""The configuration of one municipality: the models behind `municipality.yaml`.

What belongs here: the shape of the file. What does not: reading it and the checks between its
parts (`configuration.py`), paths and secrets of the machine (`settings.py`), and the tables that
it becomes (`config_tables.py`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Label(Model):
    """A name for people, in Dutch and English; one plain string serves both."""

    nl: str
    en: str


def _label(value: Any) -> Any:
    return {"nl": value, "en": value} if isinstance(value, str) else value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("unknown time zone; use a name such as Europe/Amsterdam") from error
    return value


Name = Annotated[Label, BeforeValidator(_label)]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Zone = Annotated[str, AfterValidator(_zone)]


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
    phases: tuple[Phase, ...] = ()
    ends_with: tuple[str, ...] = Field(
        default=(),
        description="Activities that end a case, for logs without a registered end.",
    )
    term: Term | None = None
    norms: tuple[Norm, ...] = ()


class Partner(Model):
    id: Identifier
    name: Name
    teams: tuple[str, ...] = Field(
        default=(), description="Team names in the sources that belong to this partner."
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


class EventLogColumns(Model):
    """Which column (CSV, Excel, Parquet) or attribute (XES) holds what.

    XES case attributes carry the prefix `case:`. Columns that are not named here are never read.
    """

    case_id: str = "case:concept:name"
    activity: str = "concept:name"
    occurred_at: str = "time:timestamp"
    lifecycle: str | None = None
    actor: str | None = None
    team: str | None = None
    organisation: str | None = None
    case_type: str | None = None
    client: str | None = None
    channel: str | None = None
    target_group: str | None = None
    opened_at: str | None = None
    closed_at: str | None = None
    planned_end_at: str | None = None
    legal_end_at: str | None = None
    result: str | None = None


class EventLogSource(Model):
    """A file, or several by a pattern, with one event a row."""

    id: Identifier
    kind: Literal["event_log"]
    path: str = Field(description="Relative to the configuration file; may hold * and ?.")
    journey: Identifier | None = Field(
        default=None, description="The journey of every case; else columns.case_type decides."
    )
    columns: EventLogColumns = EventLogColumns()
    missing_values: tuple[str, ...] = Field(
        default=("EMPTY", "UNKNOWN"),
        description="Placeholders that mean missing, compared after trimming, case ignored.",
    )
    timezone: Zone | None = Field(
        default=None, description="The zone of stamps that carry no offset of their own."
    )
    time_format: str | None = Field(
        default=None, description="strptime format of the stamps, if they are not ISO 8601."
    )
    complete_until: datetime | None = Field(
        default=None, description="The moment up to which the extract is complete."
    )
    sheet: str | None = Field(default=None, description="Excel sheet; the first if not given.")
    max_quarantined_share: float = Field(
        default=0.05, ge=0, le=1, description="Above this share of unusable rows the run stops."
    )

    @model_validator(mode="after")
    def _journey_known(self) -> EventLogSource:
        if self.journey is None and self.columns.case_type is None:
            raise ValueError("give journey, or columns.case_type to tell the journeys apart")
        if self.complete_until is not None and self.complete_until.tzinfo is None:
            raise ValueError("complete_until needs an offset, such as 2026-01-31T23:59:59+01:00")
        return self


class Municipality(Model):
    """Everything that one municipality tells Hartslag, as written in `municipality.yaml`."""

    name: str
    disclosure_threshold: int = Field(
        default=5, ge=3, le=100, description="Groups smaller than this are withheld."
    )
    calendar: Calendar = Calendar()
    service_formulas: tuple[ServiceFormula, ...] = Field(min_length=1)
    journeys: tuple[Journey, ...] = Field(min_length=1)
    partners: tuple[Partner, ...] = ()
    sources: tuple[EventLogSource, ...] = Field(min_length=1)
    improvements: tuple[Improvement, ...] = ()
