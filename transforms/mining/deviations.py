"""What cases do that the desired journey does not want, ranked by residents and days lost.

What belongs here: the meaning of the moves of an alignment, and counting cases. What does not:
aligning (`alignments.py`), and the rules (`core.rule_checks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb
import polars as pl

from transforms.mining.alignments import Conformance, Moves
from transforms.mining.variants import Path

_COMPARED = 20
"""So many deviations of a journey are set beside the cases that do not have them."""
SKIPPED, AGAIN, EXTRA, MOVED = "skipped", "again", "extra", "moved"

DEVIATION_SCHEMA: dict[str, Any] = {
    "journey": pl.String,
    "rank": pl.Int64,
    "basis": pl.String,
    "kind": pl.String,
    "activity": pl.String,
    "other_activity": pl.String,
    "bound": pl.Int64,
    "level": pl.String,
    "judged_cases": pl.Int64,
    "cases": pl.Int64,
    "residents": pl.Int64,
    "lost_days": pl.Float64,
    "median_days": pl.Float64,
    "other_median_days": pl.Float64,
}
DEVIATION_COLUMNS = {
    "journey": "Journey.",
    "rank": "Place among the deviations of the journey: most residents first, then most days lost.",
    "basis": "Flow, or rule.",
    "kind": "Skipped, again, extra or moved; or the kind of rule that is broken.",
    "activity": "The activity; the first of a rule.",
    "other_activity": "The activity that a rule says must follow.",
    "bound": "Days or handoffs that a rule allows.",
    "level": "Team or organisation, of a rule on handoffs.",
    "judged_cases": "Cases that could be judged.",
    "cases": "Cases that deviate so.",
    "residents": "Residents of those cases; a case of an unknown one counts as one.",
    "lost_days": "Days before unwished steps, or beyond what a rule allows; null for a skip.",
    "median_days": "Median lead time of the closed cases that deviate so. [days]",
    "other_median_days": "Median lead time of judged closed cases that do not; of the first 20.",
}
_PATH_SCHEMA = {
    "journey": pl.String,
    "path_key": pl.Int32,
    "kind": pl.String,
    "activity": pl.String,
    "position": pl.Int32,
}


class Deviation(NamedTuple):
    """`position` is the place in the path of a step that was not wished, from 1; null of a skip."""

    kind: str
    activity: str
    position: int | None


def deviations_of(moves: Moves) -> Iterator[Deviation]:
    """What the moves mean, in order.

    A step outside the model is `moved` where the model has it at another place, `again` where it
    was also done as wished, else `extra`; a step of the model that was not done is `skipped`.
    """
    missing = Counter(theirs for ours, theirs in moves if ours is None)
    wished = {ours for ours, theirs in moves if ours is not None and ours == theirs}
    moved: Counter[str | None] = Counter()
    position = 0
    for ours, theirs in moves:
        position += ours is not None
        if ours is None or ours == theirs:
            continue
        if missing[ours] > moved[ours]:
            moved[ours] += 1
            yield Deviation(MOVED, ours, position)
        else:
            yield Deviation(AGAIN if ours in wished else EXTRA, ours, position)
    for theirs, times in missing.items():
        if theirs is not None and times > moved[theirs]:
            yield Deviation(SKIPPED, theirs, None)


def path_deviations(
    found: Mapping[str, Conformance], keys: Mapping[tuple[str, Path], int]
) -> pl.DataFrame:
    """Journey, path_key, kind, activity and position of every deviation of every aligned path.

    `keys` are the numbers of the paths by journey and path.
    """
    rows = [
        (journey, keys[journey, path], *deviation)
        for journey, told in found.items()
        for path, moves in told.moves.items()
        for deviation in deviations_of(moves)
    ]
    return pl.DataFrame(rows, schema=_PATH_SCHEMA, orient="row")


_COUNTED = """
with closed as (
  select case_key, journey, path_key, lead_days, resident, judged
  from (
    select p.case_key, p.journey, p.path_key,
      greatest(c.lead_time_us, 0) / 86400000000.0 as lead_days,
      coalesce(c.client, 'case ' || c.case_key) as resident,
      count(*) over (partition by p.journey) as judged
    from core.case_paths as p
    inner join core.cases as c on c.case_key = p.case_key
    inner join judged_paths as j on j.journey = p.journey and j.path_key = p.path_key
    where c.closed_at is not null
  ) as judged_cases
),
lost as (
  select c.case_key, d.kind, d.activity,
    sum(s.until_next_us) / 86400000000.0 as lost_days
  from path_deviations as d
  inner join closed as c on c.journey = d.journey and c.path_key = d.path_key
  left join core.steps as s on s.case_key = c.case_key and s.position = d.position - 1
  group by c.case_key, d.kind, d.activity
),
of_flow as (
  select c.journey, 'flow' as basis, l.kind, l.activity, cast(null as varchar) as other_activity,
    cast(null as integer) as bound, cast(null as varchar) as level,
    max(c.judged) as judged_cases, count(*) as cases, count(distinct c.resident) as residents,
    round(sum(l.lost_days), 6) as lost_days,
    percentile_cont(0.5) within group (order by c.lead_days) as median_days,
    cast(null as bigint) as rule
  from lost as l
  inner join closed as c on c.case_key = l.case_key
  group by c.journey, l.kind, l.activity
),
of_rules as (
  select k.journey, 'rule' as basis, r.kind, r.first_activity, r.then_activity,
    coalesce(r.days, r.at_most), case when r.kind = 'handoffs' then r.level end,
    count(*), count(*) filter (where k.is_broken),
    count(distinct coalesce(c.client, 'case ' || c.case_key)) filter (where k.is_broken),
    round(sum(k.lost_days) filter (where k.is_broken), 6),
    percentile_cont(0.5) within group (order by greatest(c.lead_time_us, 0))
      filter (where k.is_broken) / 86400000000.0,
    k.rule
  from core.rule_checks as k
  inner join config.rules as r on r.journey = k.journey and r.rule = k.rule
  inner join core.cases as c on c.case_key = k.case_key
  group by k.journey, k.rule, r.kind, r.first_activity, r.then_activity, r.days, r.at_most, r.level
),
ranked as (
  select *,
    row_number() over (
      partition by journey
      order by residents desc, lost_days desc nulls last, kind, activity, rule
    ) as rank
  from (select * from of_flow union all select * from of_rules) as d
),
others as (
  select o.journey, o.rank, percentile_cont(0.5) within group (order by o.days) as days
  from (
    select f.journey, f.rank, c.lead_days as days
    from ranked as f
    inner join closed as c on c.journey = f.journey
    left join lost as l
      on l.case_key = c.case_key and l.kind = f.kind and l.activity = f.activity
    where f.basis = 'flow' and f.rank <= $compared and l.case_key is null
    union all
    select f.journey, f.rank, greatest(c.lead_time_us, 0) / 86400000000.0
    from ranked as f
    inner join core.rule_checks as k
      on k.journey = f.journey and k.rule = f.rule and not k.is_broken
    inner join core.cases as c on c.case_key = k.case_key and c.closed_at is not null
    where f.basis = 'rule' and f.rank <= $compared
  ) as o
  group by o.journey, o.rank
)
select d.journey, d.rank, d.basis, d.kind, d.activity, d.other_activity,
  cast(d.bound as bigint) as bound, d.level, d.judged_cases, d.cases, d.residents, d.lost_days,
  d.median_days, o.days as other_median_days
from ranked as d
left join others as o on o.journey = d.journey and o.rank = d.rank
order by d.journey, d.rank
"""


def counted(
    connection: duckdb.DuckDBPyConnection,
    found: pl.DataFrame,
    judged: Sequence[tuple[str, int]],
) -> pl.DataFrame:
    """The deviations of flows and the broken rules with the cases and residents that they touch.

    `found` is of `path_deviations`; `judged` names (journey, path_key) of which fit is known. Days
    are lost in the time before an unwished step, and beyond what a rule allows; a skip loses none.
    Medians are of the lead time of cases with the deviation and, for those that rank first, of
    judged cases without it.
    """
    paths = pl.DataFrame(judged, schema={"journey": pl.String, "path_key": pl.Int32}, orient="row")
    for name, frame in (("path_deviations", found), ("judged_paths", paths)):
        _temporary(connection, name, frame)
    rows = connection.execute(_COUNTED, {"compared": _COMPARED}).fetchall()
    return pl.DataFrame(rows, schema=DEVIATION_SCHEMA, orient="row")


_SQL_TYPES: dict[Any, str] = {pl.String: "varchar", pl.Int32: "integer"}


def _temporary(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    columns = [f"{column} {_SQL_TYPES[kind]}" for column, kind in frame.schema.items()]
    connection.execute(f"create or replace temporary table {name} ({', '.join(columns)})")
    if not frame.is_empty():
        marks = ", ".join("?" for _ in columns)
        connection.executemany(f"insert into {name} values ({marks})", frame.rows())  # noqa: S608
