"""What all models of `municipality.yaml` share."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


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
