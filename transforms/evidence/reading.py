"""The items behind a definition, and how they were registered, out of the tables of `core`.

What belongs here: queries on a DuckDB connection that the caller opened. What does not: what is
made of the answers (`verdict.py`), and which questions there are (`pipelines/evidence.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import numpy as np

from transforms.evidence.history import Habits, Items, Kind, Months
from transforms.populations import POPULATIONS, Population

_MONTH = "year(began_on) * 12 + month(began_on) - 1"
_TIMES = ("days", "working_days")

# Ways of registering that say nothing of the work itself; `activity` counts steps by name, which
# matter where they come or go altogether.
_CASE_TRAITS = """
  select {month} as month, trait, count(*) filter (where has_it) as hits, count(*) as records
  from (
    select cast(timezone('Europe/Amsterdam', opened_at) as date) as began_on, t.trait,
      case t.trait
        when 'outside_office_hours' then
          isodow(timezone('Europe/Amsterdam', opened_at)) > 5
          or hour(timezone('Europe/Amsterdam', opened_at)) not between 8 and 17
        when 'starts_with_first_event' then
          abs(epoch_us(first_event_at) - epoch_us(opened_at)) <= 60000000
        when 'channel_unknown' then channel is null
        when 'target_group_unknown' then target_group is null
        else has_conflicts
      end as has_it
    from core.cases
    cross join (values ('outside_office_hours'), ('starts_with_first_event'), ('channel_unknown'),
      ('target_group_unknown'), ('sources_disagree')) as t(trait)
    where journey = $journey
  ) as traits
  where has_it is not null
  group by all
  union all
  select m.month, 'activity:' || a.activity, count(distinct s.case_key), any_value(m.cases)
  from (
    select {month} as month, count(*) as cases
    from (select opened_on as began_on from core.cases where journey = $journey) as began
    group by all
  ) as m
  cross join (select activity from core.activities where journey = $journey) as a
  left join (
    select e.case_key, e.activity, {month} as month
    from core.events as e
    inner join (
      select case_key, opened_on as began_on from core.cases where journey = $journey
    ) as c on c.case_key = e.case_key
  ) as s on s.month = m.month and s.activity = a.activity
  group by m.month, a.activity
"""
_CONTACT_TRAITS = """
  select {month} as month, trait, count(*) filter (where has_it) as hits, count(*) as records
  from (
    select c.contacted_on as began_on, t.trait,
      case t.trait
        when 'resident_unknown' then client is null
        when 'result_unknown' then is_resolved is null
        when 'callback_unknown' then has_callback is null
        when 'team_unknown' then team is null
        when 'follow_up' then is_follow_up
        when 'outbound' then not is_inbound
        else kind is not null
      end as has_it
    from core.contacts as c
    cross join (values ('resident_unknown'), ('result_unknown'), ('callback_unknown'),
      ('team_unknown'), ('follow_up'), ('outbound'), ('not_a_question')) as t(trait)
    where c.journey = $journey
  ) as traits
  group by all
"""


def kind_of(body: Mapping[str, Any]) -> Kind:
    """What a definition's rows add up to, by its unit."""
    if body["unit"] in _TIMES:
        return "time"
    return "share" if body["unit"] == "percent" else "mean"


def can_be_judged(body: Mapping[str, Any]) -> bool:
    """Whether its header says what a row adds, and its rows belong to one journey each."""
    population = POPULATIONS[body.get("counts", "cases")]
    return "value" in body.get("rows", {}) and population.began_at is not None


def items_of(
    connection: duckdb.DuckDBPyConnection,
    body: Mapping[str, Any],
    journey: str,
    channel: str | None = None,
    without: str | None = None,
) -> Items:
    """The rows of a definition in a journey, in one channel of it, or in all but one."""
    population, rows = POPULATIONS[body.get("counts", "cases")], body["rows"]
    keep = " and ".join(f"({step['sql']})" for step in rows.get("keep", ())) or "true"
    query = (
        f"select {_MONTH} as month, cast(({rows['value']}) as double) as value,"  # noqa: S608
        f" coalesce({rows.get('open', 'false')}, false) as is_open, mix"
        f" from ({_rows(population, rows)}) as rows where {keep} and ({rows['value']}) is not null"
    )
    asked = {"journey": journey, "channel": channel, "without": without}
    found = connection.execute(query, asked).fetchnumpy()
    return Items(
        np.asarray(found["month"], dtype=np.int64),
        np.asarray(found["value"], dtype=np.float64),
        np.asarray(found["is_open"], dtype=np.bool_),
        np.asarray(found["mix"], dtype=str),
    )


def _rows(population: Population, rows: Mapping[str, Any]) -> str:
    mix = ", ".join(f"p.{column}" for column in population.mix)
    began = f"cast(timezone('Europe/Amsterdam', p.{population.began_at}) as date) as began_on"
    own = f"{began}, concat_ws('/', {mix}) as mix"
    which = (
        "p.journey = $journey and ($channel is null or p.channel = $channel)"
        " and ($without is null or p.channel is distinct from $without)"
    )
    facts = rows.get("facts")
    if facts is None:
        return f"select p.*, {own} from {population.table} as p where {which}"  # noqa: S608
    key = population.key
    return (
        f"select f.*, {own} from {population.table} as p"  # noqa: S608
        f" inner join (select * from {facts} where {rows.get('where', 'true')}) as f"
        f" on f.{key} = p.{key} where {which}"
    )


def volume_of(
    connection: duckdb.DuckDBPyConnection,
    counts: str,
    journey: str,
    channel: str | None = None,
    without: str | None = None,
) -> Months:
    """The month of everything of this sort in a journey, or a part of it, counted or not."""
    population = POPULATIONS[counts]
    query = f"select {_MONTH} as month from ({_rows(population, {})}) as rows"  # noqa: S608
    asked = {"journey": journey, "channel": channel, "without": without}
    found = connection.execute(query, asked).fetchnumpy()
    return np.asarray(found["month"], dtype=np.int64)


def habits_of(connection: duckdb.DuckDBPyConnection, counts: str, journey: str) -> Habits:
    """How cases, or contacts, of a journey were registered, by month."""
    query = _CASE_TRAITS if counts == "cases" else _CONTACT_TRAITS
    found = connection.execute(query.format(month=_MONTH), {"journey": journey}).fetchnumpy()
    return Habits(
        np.asarray(found["month"], dtype=np.int64),
        np.asarray(found["trait"], dtype=str),
        np.asarray(found["hits"], dtype=np.float64),
        np.asarray(found["records"], dtype=np.float64),
    )


_SEEN = {
    "cases": """
      select min(first_on), min(last_on)
      from (select source, min(opened_on) as first_on, max(cutoff_on) as last_on
        from core.cases group by source) as sources
      where source in (select source from core.cases where journey = $journey)
    """,
    "contacts": """
      select min(first_on), min(last_on)
      from (select source, min(contacted_on) as first_on, max(contacted_on) as last_on
        from core.contacts group by source) as sources
      where source in (select source from core.contacts where journey = $journey)
    """,
}


def seen(
    connection: duckdb.DuckDBPyConnection, counts: str, journey: str
) -> tuple[date, date] | None:
    """The first day of anything in the sources of a journey, and the day up to which all of them
    were seen, if any."""
    query = _SEEN["cases" if counts == "cases" else "contacts"]
    first, last = connection.execute(query, {"journey": journey}).fetchall()[0]
    return None if first is None or last is None else (first, last)
