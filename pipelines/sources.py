"""What the sources of one municipality share: the models behind `sources:` in `municipality.yaml`.

What belongs here: what several kinds of source have, and what SQL asks of any of them. What does
not: one kind of source (`connectors/`), and secrets, which come from the environment
(`settings.py`).
"""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, field_validator

from pipelines.shapes import Identifier, Model, Zone

ADDRESS = r"^https?://[^/?#@]+(/[^?#]*)?$"


class Columns(Model):
    """Which column holds what; those that are not named are never read."""

    def mapped(self) -> dict[str, str]:
        """The name of the column by its role."""
        return {role: name for role, name in self.model_dump().items() if name}


class BaseSource(Model):
    """What every source has. `kind` names its connector; each kind narrows it to its own."""

    id: Identifier
    kind: str
    journey: Identifier | None = Field(
        default=None, description="The journey of every case; else the case type decides."
    )
    missing_values: tuple[str, ...] = Field(
        default=("EMPTY", "UNKNOWN"),
        description="Placeholders that mean missing, compared after trimming, case ignored.",
    )
    complete_until: datetime | None = Field(
        default=None, description="The moment up to which the extract is complete."
    )
    max_quarantined_share: float = Field(
        default=0.05, ge=0, le=1, description="Above this share of unusable rows the run stops."
    )

    @field_validator("complete_until")
    @classmethod
    def _has_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("complete_until needs an offset, such as 2026-01-31T23:59:59+01:00")
        return value

    @property
    def has_registered_end(self) -> bool:
        """Whether the source itself says when a case ended."""
        return True

    @property
    def has_handoffs(self) -> bool:
        """Whether the source can tell that a case passed from one unit to another."""
        return True

    @property
    def suspending_statuses(self) -> tuple[str, ...]:
        """Statuses that mean that the case waits for the resident."""
        return ()

    @property
    def outbound_words(self) -> tuple[str, ...]:
        """Channels or directions that mean that the municipality sought the contact."""
        return ()

    @property
    def answering_results(self) -> tuple[str, ...]:
        """Results of a contact that mean that the question was answered."""
        return ()

    @property
    def has_several_rows(self) -> bool:
        """Whether a contact has several rows, as in an event log; its first one counts."""
        return False

    @property
    def callbacks_of(self) -> str | None:
        """The source whose contacts the callbacks of this one were promised at."""
        return None


class RowSource(BaseSource):
    """A source that gives rows, whose stamps may be written in one of many ways.

    A kind is what its rows mean and where they come from, bases in that order: of two bases that
    have a field, pydantic takes that of the first, and the meaning narrows `columns`.
    """

    columns: Columns
    timezone: Zone | None = Field(
        default=None, description="The zone of stamps that carry no offset of their own."
    )
    time_format: str | None = Field(
        default=None, description="strptime format of the stamps, if they are not ISO 8601."
    )

    def mapped(self) -> dict[str, str]:
        """The column that is read for each role."""
        return self.columns.mapped()


class FileSource(RowSource):
    """A file, or several by a pattern."""

    path: str = Field(description="Relative to the configuration file; may hold * and ?.")
    sheet: str | None = Field(default=None, description="Excel sheet; the first if not given.")


class ApiSource(BaseSource):
    """A system that is read over the network."""

    overlap_days: int = Field(
        default=14,
        ge=1,
        le=365,
        description="How far before the last reading each reading begins again.",
    )
    max_vanished_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Above this share of cases or contacts that are no longer listed the run stops;"
        " lists are cut down without a word when rights are taken away.",
    )

    @field_validator("*")
    @classmethod
    def _plain_address(cls, value: object) -> object:
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value.rstrip("/")
        return value
