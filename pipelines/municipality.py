"""The configuration of one municipality: the models behind `municipality.yaml`.

What belongs here: the shape of the file, but for its sources (`connectors/`). What does not:
reading it (`configuration.py`), paths and secrets of the machine (`settings.py`), and the tables
that it becomes (`config_tables.py`).
"""

from __future__ import annotations

from datetime import date
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Literal, Union

from pydantic import Field, IPvAnyAddress, model_validator

from pipelines.check_settings import Checks
from pipelines.connectors.kinds import CONNECTORS
from pipelines.contact_words import Contacts
from pipelines.heartbeats import Heartbeat, Persona
from pipelines.keeping_terms import Retention
from pipelines.method import Method
from pipelines.shapes import Identifier, Model, Name
from pipelines.sources import BaseSource
from pipelines.terms import Calendar, Penalty, Suspension, Term, overlaps
from pipelines.wishes import Rule

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
    method: Method = Field(default=Method(), description="Where the work on it stands.")
    ends_with: tuple[str, ...] = Field(
        default=(),
        description="Activities that end a case, for logs without a registered end.",
    )
    reopens_with: tuple[str, ...] = Field(
        default=(),
        description="Activities that open a closed case again; without them any other activity"
        " after one of ends_with does.",
    )
    lifelong: bool = Field(
        default=False,
        description="Whether its need does not end, so that a new case after the old is a"
        " reassessment.",
    )
    lifelong_case_types: tuple[str, ...] = Field(
        default=(), description="Case types of which that holds, where it does not hold for all."
    )
    reassessed_within_months: int = Field(
        default=13,
        ge=1,
        le=120,
        description="How long after the end of a case a new one of the same type counts as one.",
    )
    gap_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="What one resident has no further apart than this is one journey.",
    )
    term: Term | None = Field(default=None, description="The term, where there is but one.")
    terms: tuple[Term, ...] = Field(
        default=(), description="Terms by case type and period of validity, in place of `term`."
    )
    extended_by: tuple[str, ...] = Field(
        default=(), description="Activities that announce an extension of the term."
    )
    suspends: tuple[Suspension, ...] | None = Field(
        default=None,
        description="What suspends its cases; an empty list: nothing does. Without the key it is"
        " unknown, unless the source registers it.",
    )
    notice_of_default: tuple[str, ...] = Field(
        default=(), description="Activities that are a written notice of default (Awb 4:17)."
    )
    desired: str | None = Field(
        default=None,
        description="BPMN 2.0 file of the desired flow, from the folder of this configuration.",
    )
    rules: tuple[Rule, ...] = Field(
        default=(), description="What each case must keep to, beside or in place of `desired`."
    )
    norms: tuple[Norm, ...] = ()

    @model_validator(mode="after")
    def _one_term_at_a_time(self) -> Journey:
        if self.term and self.terms:
            raise ValueError("give either term or terms")
        for one, other in overlaps(self.terms):
            raise ValueError(
                f"terms {one.legal_basis!r} and {other.legal_basis!r} hold for the same cases"
            )
        return self

    @property
    def all_terms(self) -> tuple[Term, ...]:
        return self.terms or ((self.term,) if self.term else ())


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
    transition_days: int = Field(
        default=0, ge=0, le=366, description="Days after go-live that belong to neither side."
    )


_HERE = ("127.0.0.1:", "localhost:", "[::1]:")


class Spark(Model):
    """How Spark is reached, and what it may use."""

    master: str = Field(
        default="local[*]",
        pattern=r"^(local\[(\*|\d+)\]|spark://.+|yarn|k8s://.+|sc://[\w.:\[\]-]+(/;use_ssl=true)?)$",
        description="This machine, with as many cores; or a cluster, or sc://, a server of Spark"
        " Connect. All must be able to read and write the home under the same path.",
    )
    driver: IPvAnyAddress = Field(
        default=IPv4Address("127.0.0.1"),
        description="Address of this machine at which workers reach it; one that other machines"
        " reach asks for HARTSLAG_SPARK_SECRET in the environment.",
    )
    partitions: int = Field(
        default=8, ge=1, description="Parts of a shuffle; two to four for each core."
    )
    memory: str = Field(
        default="4g", pattern=r"^\d+[mg]$", description="Memory of the driver, and of an executor."
    )

    @property
    def is_connect(self) -> bool:
        return self.master.startswith("sc://")

    @property
    def is_elsewhere(self) -> bool:
        """Whether the master is on another machine, or may put workers there."""
        local = ("local[", *(f"{kind}://{host}" for kind in ("spark", "sc") for host in _HERE))
        return not self.master.startswith(local)

    @model_validator(mode="after")
    def _reached(self) -> Spark:
        if self.driver.is_unspecified or self.driver.is_multicast:
            raise ValueError("driver: give the one address at which workers reach this machine")
        if self.is_connect and self.is_elsewhere and not self.master.endswith("use_ssl=true"):
            raise ValueError(
                "master: to another machine only with TLS; write /;use_ssl=true behind it"
            )
        if not self.is_connect and self.is_elsewhere and self.driver.is_loopback:
            raise ValueError("driver: give the address at which workers reach this machine")
        return self


class Municipality(Model):
    """Everything that one municipality tells Hartslag, as written in `municipality.yaml`."""

    name: str
    engine: Literal["duckdb", "spark"] = Field(
        default="duckdb",
        description="What builds the tables; spark is for logs that outgrow one machine.",
    )
    spark: Spark = Field(default=Spark(), description="How Spark is reached, with engine: spark.")
    disclosure_threshold: int = Field(
        default=5, ge=3, le=100, description="Groups smaller than this are withheld."
    )
    calendar: Calendar = Calendar()
    penalties: tuple[Penalty, ...] = Field(
        default=(), description="What a late decision costs, by the law of the time."
    )
    contacts: Contacts = Contacts()
    service_formulas: tuple[ServiceFormula, ...] = Field(min_length=1)
    journeys: tuple[Journey, ...] = Field(min_length=1)
    personas: tuple[Persona, ...] = ()
    partners: tuple[Partner, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    checks: Checks = Field(
        default=Checks(), description="How strict the checks on the data are (docs/checks.md)."
    )
    improvements: tuple[Improvement, ...] = ()
    retention: Retention | None = Field(
        default=None, description="How long rows on residents are kept; without it for ever."
    )
