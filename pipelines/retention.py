"""Removing what is past the term that the municipality chose, at each run, before `core` is made.

What belongs here: what is past its term. What does not: the terms (`keeping_terms.py`), what goes
with a case (`removing.py`), and that it does not come again (`tombstones.py`).
"""

from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl

from pipelines.arrow import ArrowStream
from pipelines.errors import PlainError
from pipelines.municipality import Municipality
from pipelines.removing import Removed
from pipelines.tombstones import RETENTION, take_away
from pipelines.warehouse import read

_FEW = 20  # cases or contacts that may go at once in a small municipality
_TERMS = pl.Schema({"months": pl.Int64(), "source": pl.String(), "case_type": pl.String()})

# When each case and contact ended: by the source; for a log that does not tell, by its last event;
# for a case that is gone at the source, when it was seen to be gone.
_ENDED = """
with of_files as (
  select source, case_id,
    max_by(case_type, sequence) filter (where case_type is not null) as case_type,
    max_by(closed_at, sequence) filter (where closed_at is not null) as closed_at
  from raw.cases
  group by source, case_id
),
last_events as (
  select source, case_id, max(occurred_at) as occurred_at from raw.events group by source, case_id
),
types as (
  select source, zaaktype, max_by(identificatie, observed_from) as case_type
  from raw.zgw_zaaktypen
  group by source, zaaktype
),
of_systems as (
  select source, zaak, max_by(zaaktype, observed_from) as zaaktype,
    arg_max_null(einddatum, observed_from) as ended_on,
    case when count(*) filter (where observed_to is null) = 0 then max(observed_to) end as gone_at
  from raw.zgw_zaken
  group by source, zaak
)
select 'case' as kind, f.source, f.case_id as id, f.case_type,
  case when r.source is not null then f.closed_at else e.occurred_at end as ended_at
from of_files as f
left join registering as r on r.source = f.source
left join last_events as e on e.source = f.source and e.case_id = f.case_id
union all
select 'case', z.source, z.zaak, t.case_type,
  coalesce(timezone('Europe/Amsterdam', cast(z.ended_on as timestamp)), z.gone_at)
from of_systems as z
left join types as t on t.source = z.source and t.zaaktype = z.zaaktype
union all
select 'contact', source, contact_id, null, max(contacted_at)
from raw.contacts group by source, contact_id
union all
select 'contact', source, contact_id, null, max(coalesce(done_at, due_at, promised_at))
from raw.callbacks group by source, contact_id
union all
select 'contact', source, klantcontact, null, max(plaatsgevonden_op)
from raw.ki_klantcontacten group by source, klantcontact
"""
_PAST = """
select e.kind, e.source, e.id, e.ended_at + to_months(cast(t.months as integer)) < $now as is_past
from ended as e
left join keeping as t
  on (t.source is null or t.source = e.source)
  and (t.case_type is null or t.case_type = e.case_type)
qualify row_number() over (
  partition by e.kind, e.source, e.id
  order by t.case_type is not null desc, t.source is not null desc
) = 1
"""


class TooMuchPastTermError(PlainError):
    """More would be removed for good than the municipality lets go at once."""


def expire(
    connection: duckdb.DuckDBPyConnection, municipality: Municipality, key: bytes, now: datetime
) -> Removed:
    """Remove what is past its term for good; how many rows went, by source and table.

    Raises TooMuchPastTermError where that is more than `max_removed_share`.
    """
    retention = municipality.retention
    if retention is None or not retention.terms:
        return Removed()
    places = [(term.months, *place) for term in retention.terms for place in term.places]
    _lend(connection, "keeping", pl.DataFrame(places, _TERMS, orient="row"))
    named = [source.id for source in municipality.sources if source.has_registered_end]
    _lend(connection, "registering", pl.DataFrame({"source": named}, {"source": pl.String}))
    connection.execute(f"create or replace temp table ended as {_ENDED}")
    connection.execute(f"create or replace temp table past as {_PAST}", {"now": now})
    _refuse_too_many(connection, retention.max_removed_share)
    past = read(connection, "select kind, source, id from past where is_past")
    return take_away(connection, past, key, RETENTION) if past.height else Removed()


def _lend(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("lending", ArrowStream(frame))
    connection.execute(f"create or replace temp table {name} as from lending")
    connection.unregister("lending")


def _refuse_too_many(connection: duckdb.DuckDBPyConnection, share: float) -> None:
    counts = connection.execute(
        "select source, kind, count(*) filter (where is_past), count(*) from past"
        " group by source, kind order by all"
    ).fetchall()
    for source, kind, gone, known in counts:
        if gone > max(_FEW, share * known):
            raise TooMuchPastTermError(
                f"retention: {gone:,} of {known:,} {kind}s of {source} are past their term; more"
                f" than {share:.0%} (max_removed_share) would be removed, for good. Nothing was.\n"
                "  Mend: look whether the months are right; if they are, raise max_removed_share"
                " for one run."
            )
