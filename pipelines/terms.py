"""What the configuration says of terms: how long, when they stand still, what lateness costs.

What belongs here: the shape of those keys. What does not: the tables that they become
(`term_tables.py`), and computing with them (the SQL does).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from itertools import combinations
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from pipelines.shapes import Model

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


def _edges(hours: str) -> tuple[time, time]:
    try:
        opens, closes = map(time.fromisoformat, hours.split("-"))
    except ValueError:
        raise ValueError("hours are written as 09:00-17:00") from None
    if opens >= closes:
        raise ValueError("closes before it opens")
    return opens, closes


def _hours(hours: str) -> str:
    _edges(hours)
    return hours


Hours = Annotated[str, AfterValidator(_hours)]
OFFICE_HOURS: dict[Weekday, Hours] = dict.fromkeys(WEEKDAYS[:5], "09:00-17:00")


class Validity(Model):
    valid_from: date | None = Field(default=None, description="First day; null: since ever.")
    valid_until: date | None = Field(default=None, description="Last day; null: still valid.")

    @model_validator(mode="after")
    def _in_order(self) -> Validity:
        if self.first > self.last:
            raise ValueError("valid_until lies before valid_from")
        return self

    @property
    def first(self) -> date:
        return self.valid_from or date.min

    @property
    def last(self) -> date:
        return self.valid_until or date.max

    def meets(self, other: Validity) -> bool:
        """Whether some day is in both."""
        return self.first <= other.last and other.first <= self.last


class Term(Validity):
    """The time in which a decision is due, for cases that begin while it is valid."""

    weeks: int | None = Field(default=None, ge=1, le=104)
    days: int | None = Field(default=None, ge=1, le=730)
    case_types: tuple[str, ...] = Field(
        default=(), description="Case types that it is for; none: those that no other term names."
    )
    legal_basis: str
    is_statutory: bool = Field(
        default=True,
        description="Set in an act or order in council; only then does the end date roll.",
    )
    extension_weeks: int | None = Field(
        default=None,
        ge=0,
        le=104,
        description="By how much it may be extended, once; 0: not at all; null: not said.",
    )
    starts_with: tuple[str, ...] = Field(
        default=(), description="Activities that start it; without them the start of the case does."
    )
    has_penalty: bool = Field(
        default=True, description="Whether lateness may cost a penalty (dwangsom)."
    )

    @model_validator(mode="after")
    def _one_length(self) -> Term:
        if (self.weeks is None) == (self.days is None):
            raise ValueError("give either weeks or days")
        return self

    @property
    def length_days(self) -> int:
        return self.days or 7 * (self.weeks or 0)

    @property
    def longest_rolling_days(self) -> int:
        """Art. 4 Atw: no roll for more than 12 weeks or 90 days."""
        return 84 if self.weeks else 90


class Suspension(Model):
    """Activities between which the clock of a case stands still."""

    starts_with: tuple[str, ...] = Field(min_length=1)
    ends_with: tuple[str, ...] = Field(min_length=1)
    side: Literal["applicant", "partner"] = "applicant"
    ground: str = "Awb 4:15"
    stops_term: bool | None = Field(
        default=None,
        description="Whether the statutory term stands still too; by default on the applicant's"
        " side alone.",
    )
    period_days: int | None = Field(
        default=None, ge=1, le=730, description="Period that the invitation sets, if always one."
    )
    without_period: tuple[str, ...] = Field(
        default=(),
        description="Invitations that set no period: they suspend nothing, and are counted.",
    )

    @property
    def stands_still(self) -> bool:
        return self.side == "applicant" if self.stops_term is None else self.stops_term


class PenaltyStep(Model):
    days: int = Field(ge=1, le=365)
    eur_a_day: float = Field(ge=0)


class Penalty(Validity):
    """The penalty for a late decision, for notices of default that came in while it is valid."""

    legal_basis: str
    grace_days: int = Field(
        default=14,
        ge=0,
        le=365,
        description="Whole days after both the end of the term and the notice of default; the day"
        " after them is the first that is paid.",
    )
    steps: tuple[PenaltyStep, ...] = Field(min_length=1)


class Calendar(Model):
    extra_listed_days: tuple[date, ...] = Field(
        default=(),
        description="Days put on a par with holidays by decree, beyond the built-in list.",
    )
    roll_extended_terms: bool = Field(
        default=True,
        description="Whether 8 + 6 weeks counts as two terms that each roll (Atw art. 4).",
    )
    suspension_end: Literal["exclusive", "inclusive"] = Field(
        default="exclusive",
        description="Whether the day on which an application was completed is still suspended.",
    )
    working_hours: dict[Weekday, Hours] = Field(
        default=OFFICE_HOURS,
        min_length=1,
        description="Hours of each weekday that is worked, as 09:00-17:00, by the local clock.",
    )
    closed_days: tuple[date, ...] = Field(
        default=(),
        description="Days of the municipality's own on which nobody works; they move no term.",
    )

    def hours(self) -> dict[int, tuple[time, time]]:
        """Opening and closing by ISO weekday, Monday 1."""
        return {WEEKDAYS.index(day) + 1: _edges(hours) for day, hours in self.working_hours.items()}


def overlaps(terms: tuple[Term, ...]) -> Iterator[tuple[Term, Term]]:
    """Pairs of terms of which neither is the one for some case type on some day."""
    for one, other in combinations(terms, 2):
        shared = set(one.case_types) & set(other.case_types)
        are_general = not one.case_types and not other.case_types
        if (shared or are_general) and one.meets(other):
            yield one, other
