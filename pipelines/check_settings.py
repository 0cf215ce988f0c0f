"""How strict the checks on the data are: the models behind `checks:` in `municipality.yaml`.

What belongs here: the limits of each check, and how severe it is. What does not: what a check asks
(`transforms/checks/`), and what to do when it blocks (docs/checks.md).
"""

from __future__ import annotations

from typing import Any, Literal

import polars as pl
from pydantic import Field

from pipelines.shapes import Model

Severity = Literal["error", "warn"]
_SEVERITY = "An error blocks publication, a warning is shown."


class Check(Model):
    """The limits of one check."""

    severity: Severity = Field(default="error", description=_SEVERITY)
    threshold: float = Field(default=0.0, ge=0, le=1)
    at_least: int = Field(
        default=1, ge=1, description="Wrong rows of a source beneath which it says nothing."
    )


class Volume(Check):
    threshold: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="Share of the usual number of that weekday below which a day fails; as many"
        " times more fails as well.",
    )
    at_least: int = Field(default=20, ge=1, description="Usual number from which days are judged.")


class FutureDates(Check):
    threshold: float = Field(
        default=0.0, ge=0, le=1, description="Share of the moments of a source that may lie ahead."
    )


class EndsBeforeStarts(Check):
    threshold: float = Field(
        default=0.02, ge=0, le=1, description="Share of the ends that may lie before their start."
    )


class Orphans(Check):
    threshold: float = Field(
        default=0.02, ge=0, le=1, description="Share of the rows that may belong to nothing known."
    )


class Duplicates(Check):
    threshold: float = Field(
        default=0.05, ge=0, le=1, description="Share of the rows that may be there once too often."
    )


class UnknownCaseTypes(Check):
    threshold: float = Field(
        default=0.02,
        ge=0,
        le=1,
        description="Share of the cases of 30 days that one new case type of no journey may have.",
    )
    at_least: int = Field(default=5, ge=1, description="Cases from which a new type is judged.")


class MissingUnits(Check):
    threshold: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of the cases, or contacts, of 90 days of which no team may be known.",
    )
    at_least: int = Field(default=50, ge=1, description="Cases from which a source is judged.")


class SuddenJump(Check):
    threshold: float = Field(
        default=0.25,
        gt=0,
        le=1,
        description="How far a share may move in a week, as a part of all rows (0.25: 25 points).",
    )
    at_least: int = Field(
        default=100, ge=1, description="Rows in the week, and before, from which it is judged."
    )


class OwnerStatistics(Check):
    threshold: float = Field(
        default=0.0, ge=0, le=1, description="Share of the owner's statistics that may differ."
    )


class Mapping(Check):
    threshold: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Unknown new words fail a word that fell silent where they have this part of"
        " its usual number.",
    )
    at_least: int = Field(
        default=10, ge=1, description="Usual number in four weeks from which a word is judged."
    )


class Checks(Model):
    """The limits of the checks on the data; each has its default."""

    volume: Volume = Volume()
    future_dates: FutureDates = FutureDates()
    ends_before_starts: EndsBeforeStarts = EndsBeforeStarts()
    orphans: Orphans = Orphans()
    duplicates: Duplicates = Duplicates()
    unknown_case_types: UnknownCaseTypes = UnknownCaseTypes()
    missing_units: MissingUnits = MissingUnits()
    sudden_jump: SuddenJump = SuddenJump()
    owner_statistics: OwnerStatistics = OwnerStatistics()
    mapping: Mapping = Mapping()

    def all(self) -> dict[str, Check]:
        """Each check by its name."""
        return {name: getattr(self, name) for name in type(self).model_fields}


CHECK_SCHEMAS: dict[str, dict[str, Any]] = {
    "checks": {
        "check_name": pl.String,
        "severity": pl.String,
        "threshold": pl.Float64,
        "at_least": pl.Int64,
    }
}


def check_rows(checks: Checks) -> dict[str, list[tuple[Any, ...]]]:
    """The limits as the table `config.checks`."""
    return {
        "checks": [
            (name, check.severity, check.threshold, check.at_least)
            for name, check in checks.all().items()
        ]
    }
