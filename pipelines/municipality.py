"""The configuration of one municipality: the models behind `municipality.yaml`.

What belongs here: the shape of the file, its cross-checks, and refusals that name the file, the
key, the value and the mend. What does not: paths and secrets of the machine (`settings.py`) and
the tables that the configuration becomes (`config_tables.py`).
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)


class ConfigurationError(Exception):
    """A configuration that cannot be used; the message says where, what and how to mend it."""


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

    @model_validator(mode="after")
    def _one_phase_per_activity(self) -> Journey:
        twice = _twice(a for phase in self.phases for a in phase.activities)
        if twice:
            raise ValueError(f"activity {twice[0]!r} is in two phases; keep it in one")
        return self


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

    @model_validator(mode="after")
    def _references(self) -> Municipality:
        for key in ("service_formulas", "journeys", "partners", "sources", "improvements"):
            twice = _twice(item.id for item in getattr(self, key))
            if twice:
                raise ValueError(f"{key}: id {twice[0]!r} stands twice; ids must be unique")
        formulas = {formula.id for formula in self.service_formulas}
        journeys = {journey.id for journey in self.journeys}
        for journey in self.journeys:
            _known(f"journeys.{journey.id}.service_formula", journey.service_formula, formulas)
        for source in self.sources:
            if source.journey is not None:
                _known(f"sources.{source.id}.journey", source.journey, journeys)
        for improvement in self.improvements:
            _known(f"improvements.{improvement.id}.journey", improvement.journey, journeys)
            if improvement.comparison is not None:
                key = f"improvements.{improvement.id}.comparison.journey"
                _known(key, improvement.comparison.journey, journeys)
        twice = _twice(t for journey in self.journeys for t in journey.case_types)
        if twice:
            raise ValueError(f"case type {twice[0]!r} belongs to two journeys; keep it in one")
        return self


def _twice(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _known(key: str, value: str, known: set[str]) -> None:
    if value not in known:
        raise ValueError(f"{key} is {value!r}; known are: {', '.join(sorted(known))}")


def load_municipality(path: Path) -> Municipality:
    """Read and check a configuration file.

    Raises ConfigurationError naming the file, line, key, value and mend of everything refused.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"{path}: no such configuration file.\n"
            "  Mend: give the path with --config, or run `hartslag demo` to see one at work."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read as UTF-8 text ({error}).") from None
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: is no valid YAML.\n  {error}") from None
    if not isinstance(content, dict):
        raise ConfigurationError(
            f"{path}: holds no settings.\n  Mend: start with `name:`; see docs/configuration.md."
        )
    try:
        return Municipality.model_validate(content)
    except ValidationError as error:
        refusals = [_refusal(path, document, dict(item)) for item in error.errors()]
        raise ConfigurationError("\n".join(refusals)) from None


def _refusal(path: Path, document: yaml.Node | None, error: dict[str, Any]) -> str:
    steps = [step for step in error["loc"] if step != "event_log"]
    line = _line(document, steps)
    key = ".".join(str(step) for step in steps) or "the file as a whole"
    value = "" if error["type"] == "missing" or not steps else f" is {error['input']!r}"
    return f"{path}, line {line}: {key}{value}: {error['msg']}.\n  Mend: {_mend(steps, error)}"


def _mend(steps: list[Any], error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(steps[-1]), _all_keys(), n=1)
        guess = f"did you mean {close[0]!r}? Otherwise " if close else ""
        return f"{guess}take the key out; docs/municipality.schema.json lists what may stand here."
    if kind == "missing":
        return f"add `{steps[-1]}:`; docs/municipality.schema.json says what it means."
    if kind == "string_pattern_mismatch":
        return "use small letters, digits and underscores, starting with a letter."
    if "expected" in context:
        return f"use {context['expected']}."
    return "change the value as said; docs/municipality.schema.json has the rule for each key."


def _all_keys() -> set[str]:
    schema = Municipality.model_json_schema()
    parts = [schema, *schema["$defs"].values()]
    return {key for part in parts for key in part.get("properties", {})}


def _line(node: yaml.Node | None, steps: list[Any]) -> int:
    """Line of the deepest part of `steps` that the file holds, counted from 1."""
    line = 1
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
