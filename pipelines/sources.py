"""The sources of one municipality: the models behind `sources:` in `municipality.yaml`.

What belongs here: where each kind of source is and how its names map to ours. What does not:
secrets, which come from the environment (`settings.py`), and reading (`connectors/`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, field_validator, model_validator

from pipelines.shapes import Identifier, Model, Zone


class BaseSource(Model):
    """What every source has."""

    id: Identifier
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


class FileSource(BaseSource):
    """A file, or several by a pattern."""

    path: str = Field(description="Relative to the configuration file; may hold * and ?.")
    timezone: Zone | None = Field(
        default=None, description="The zone of stamps that carry no offset of their own."
    )
    time_format: str | None = Field(
        default=None, description="strptime format of the stamps, if they are not ISO 8601."
    )
    sheet: str | None = Field(default=None, description="Excel sheet; the first if not given.")


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


class EventLogSource(FileSource):
    """A file, or several by a pattern, with one event a row."""

    kind: Literal["event_log"]
    columns: EventLogColumns = EventLogColumns()

    @model_validator(mode="after")
    def _journey_known(self) -> EventLogSource:
        if self.journey is None and self.columns.case_type is None:
            raise ValueError("give journey, or columns.case_type to tell the journeys apart")
        return self

    @property
    def has_registered_end(self) -> bool:
        return self.columns.closed_at is not None


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


_ADDRESS = r"^https?://[^/?#@]+(/[^?#]*)?$"


class ZgwSource(ApiSource):
    """A case system by the VNG ZGW standards, such as Open Zaak.

    The client id and the secret come from HARTSLAG_<SOURCE>_CLIENT_ID and HARTSLAG_<SOURCE>_SECRET.
    """

    kind: Literal["zgw"]
    zaken: str = Field(pattern=_ADDRESS, description="Address of the Zaken API, up to /api/v1.")
    catalogi: str = Field(
        pattern=_ADDRESS, description="Address of the Catalogi API, up to /api/v1."
    )
    profile: Literal["openzaak", "vng-1.5"] = Field(
        default="openzaak", description="What the server can do beyond the standard."
    )
    audit_trail: bool = Field(
        default=False,
        description="Read each case's audit trail. Open Zaak gives it only to a client with all"
        " rights, so one that may also write and delete everything.",
    )
    waiting_statuses: tuple[str, ...] = Field(
        default=(),
        description="Statuses that mean that the case waits for the resident; they suspend.",
    )


class KlantinteractiesSource(ApiSource):
    """A contact system by the Klantinteracties API, such as Open Klant 2, with KISS beside it.

    The token comes from HARTSLAG_<SOURCE>_TOKEN; that of KISS from HARTSLAG_<SOURCE>_KISS_SECRET.
    """

    kind: Literal["klantinteracties"]
    address: str = Field(pattern=_ADDRESS, description="Address of the API, up to /api/v1.")
    kiss: str | None = Field(
        default=None,
        pattern=_ADDRESS,
        description="Address of KISS, up to and with /api, for results and handling times.",
    )
    outbound_channels: tuple[str, ...] = Field(
        default=("email", "sms"),
        description="Channels that the municipality itself sends by; whole values, case ignored.",
    )
    resolved_results: tuple[str, ...] = Field(
        default=("Zelfstandig afgehandeld", "Afgehandeld na ruggespraak"),
        description="Results of a conversation that mean that the question was answered.",
    )
    topics: tuple[str, ...] = Field(
        default=(), description="Subjects that may be kept by their own words; others are hashed."
    )


class ContactColumns(Model):
    """Which column of a contact export holds what. Columns that are not named are never read."""

    contact_id: str
    contacted_at: str
    channel: str | None = None
    topic: str | None = None
    case_id: str | None = None
    client: str | None = None
    actor: str | None = None
    team: str | None = None
    direction: str | None = None
    result: str | None = None
    follows: str | None = None
    handled_s: str | None = None
    satisfaction: str | None = None


class ContactExportSource(FileSource):
    """A file from a telephony or contact system with one contact a row."""

    kind: Literal["contact_export"]
    columns: ContactColumns
    outbound_values: tuple[str, ...] = Field(
        default=("outbound", "uitgaand"),
        description="Values of the direction column that mean that the municipality called.",
    )
    resolved_results: tuple[str, ...] = Field(
        default=("Zelfstandig afgehandeld", "Afgehandeld na ruggespraak"),
        description="Results that mean that the question was answered at once.",
    )


class CallbackColumns(Model):
    """Which column of an export of callbacks holds what."""

    contact_id: str
    promised_at: str
    due_at: str | None = None
    done_at: str | None = None
    team: str | None = None
    attempts: str | None = None


class CallbackExportSource(FileSource):
    """A file with the callbacks that were promised at contacts, one a row."""

    kind: Literal["callback_export"]
    contacts: Identifier = Field(description="The source that the contacts come from.")
    columns: CallbackColumns
