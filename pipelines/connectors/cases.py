"""What sources of rows tell of a case, whether a row is an event or a case."""

from __future__ import annotations

import polars as pl
from pydantic import model_validator

from pipelines.connectors.raw_log import STAMPS
from pipelines.connectors.rows import is_placeholder
from pipelines.sources import Columns, RowSource
from transforms.privacy import pseudonymise

CASE_TEXT = ("case_type", "channel", "target_group", "result")
CASE_STAMPS = ("opened_at", "closed_at", "planned_end_at", "legal_end_at")
_EVENT_TEXT = ("lifecycle", "team", "organisation")
_INSTANT = pl.Datetime("us", "UTC")


class CaseColumns(Columns):
    """Which column holds what of a case."""

    case_id: str
    case_type: str | None = None
    client: str | None = None
    channel: str | None = None
    target_group: str | None = None
    opened_at: str | None = None
    closed_at: str | None = None
    planned_end_at: str | None = None
    legal_end_at: str | None = None
    result: str | None = None


class CaseRows(RowSource):
    """Any source whose rows tell of cases."""

    columns: CaseColumns

    @model_validator(mode="after")
    def _journey_known(self) -> CaseRows:
        if self.journey is None and self.columns.case_type is None:
            raise ValueError("give journey, or columns.case_type to tell the journeys apart")
        return self

    @property
    def has_registered_end(self) -> bool:
        return self.columns.closed_at is not None


def typed(good: pl.DataFrame, source: RowSource, key: bytes) -> pl.DataFrame:
    """Every column that events and cases need, missing ones as null, persons as pseudonyms.

    Placeholders become null where the value is hashed or chosen among several; those of teams are
    left to SQL.
    """
    roles = {*_EVENT_TEXT, *CASE_TEXT, "actor", "client"}
    absent = [pl.lit(None, pl.String).alias(r) for r in sorted(roles - set(good.columns))]
    absent += [pl.lit(None, _INSTANT).alias(r) for r in STAMPS if r not in good.columns]
    frame = good.with_columns(absent).with_columns(
        pl.when(~is_placeholder(column, source)).then(pl.col(column)).alias(column)
        for column in ("actor", "client", *CASE_TEXT)
    )
    return frame.with_columns(
        pseudonymise(frame[column], key, kind).alias(column)
        for column, kind in (("actor", "person"), ("client", "client"), ("case_id", "case"))
    )
