/*
meaning: One row per stretch of a case at one unit, per level. Where the source registers roles they tell, else the units of the events; events without a known unit are skipped, adjacent equal units are one stretch; every stretch but the first is a handoff.
columns:
  case_key: The case.
  level: Person, team or organisation.
  run: Number of the stretch within the case and level, from 1. [count]
  unit_key: The unit that has the case.
  from_unit_key: The unit that had it before, null in the first stretch.
  started_at: First event of the stretch, or start of the role. [UTC instant]
  turn_at: Since when it was the unit's turn - the last event of the case before the stretch, of whatever unit; start of a role. [UTC instant]
  ended_at: End of the role; null while it holds, and where events tell. [UTC instant]
  until_at: Start of the next stretch, null in the last. [UTC instant]
  waited_us: From the last event of the unit before to the first of this one; from role to role the time between them, 0 where they overlap; null in the first stretch. [microseconds]
  is_handoff: Whether the case came from another unit.
  is_ping_pong: Whether the case returned to the unit that had it just before the sender.
  provenance: How its start is known - event, or as the role is - audit, rol, rol_geldigheid, notification or snapshot.
  time_quality: Exact, day or interval for a role, null for an event.
  is_lower_bound: Whether changes of hands may have gone unseen, as it is known from roles without audit trail.
tests:
  - unique: [case_key, level, run]
  - not_null: [case_key, level, run, unit_key, started_at, provenance, is_lower_bound]
  - assert:
      name: a_handoff_changes_the_unit
      rows: select * from core.assignments where is_handoff and unit_key = from_unit_key
  - assert:
      name: only_a_handoff_waits
      rows: select * from core.assignments where waited_us < 0 or (waited_us is null) = is_handoff
*/
with roles as (
  select
    r.case_key,
    r.level,
    u.unit_key,
    row_number() over in_order as position,
    r.started_at,
    r.ended_at,
    r.provenance,
    r.time_quality,
    lag(u.unit_key) over in_order is distinct from u.unit_key as is_other
  from core.case_roles as r
  inner join core.units as u on u.level = r.level and u.unit = r.unit_name
  window in_order as (partition by r.case_key, r.level order by r.started_at, r.ended_at, r.unit_name)
),
numbered_roles as (
  select
    *,
    sum(case when is_other then 1 else 0 end) over (
      partition by case_key, level order by position
    ) as run
  from roles
),
all_starts as (
  select case_key, 'person' as level, actor_key as unit_key, position, occurred_at, previous_at,
    previous_at as given_at
  from core.steps
  where actor_key <> previous_actor_key or (position = 1 and actor_key is not null)
  union all
  select case_key, 'team', team_key, position, occurred_at, previous_at, previous_at
  from core.steps
  where team_key <> previous_team_key or (position = 1 and team_key is not null)
  union all
  select case_key, 'organisation', organisation_key, position, occurred_at, previous_at, previous_at
  from core.steps
  where organisation_key <> previous_organisation_key
    or (position = 1 and organisation_key is not null)
  union all
  select case_key, level, unit_key, position, occurred_at, previous_at, last_known_at
  from core.unit_gaps
  where last_unit_key is null or last_unit_key <> unit_key
),
starts as (
  select s.*
  from all_starts as s
  inner join core.cases as c on c.case_key = s.case_key
  inner join config.sources as o on o.source = c.source
  where o.kind <> 'zgw'
),
stretches as (
  select s.case_key, s.level, s.unit_key, s.position, s.occurred_at as started_at,
    coalesce(s.previous_at, s.occurred_at) as turn_at, s.given_at,
    cast(null as timestamptz) as ended_at, 'event' as provenance,
    cast(null as varchar) as time_quality
  from starts as s
  union all
  select case_key, level, min(unit_key), min(position), min(started_at), min(started_at), null,
    case when count(ended_at) = count(*) then max(ended_at) end,
    min_by(provenance, position), min_by(time_quality, position)
  from numbered_roles
  group by case_key, level, run
),
in_line as (
  select
    *,
    row_number() over in_order as run,
    lag(unit_key) over in_order as from_unit_key,
    lag(unit_key, 2) over in_order as unit_before_key,
    lead(started_at) over in_order as until_at,
    coalesce(given_at, lag(ended_at) over in_order, started_at) as handed_at
  from stretches
  window in_order as (partition by case_key, level order by position)
)
select
  case_key,
  level,
  run,
  unit_key,
  from_unit_key,
  started_at,
  turn_at,
  ended_at,
  until_at,
  case
    when from_unit_key is not null then greatest(epoch_us(started_at) - epoch_us(handed_at), 0)
  end as waited_us,
  from_unit_key is not null as is_handoff,
  coalesce(unit_before_key = unit_key, false) as is_ping_pong,
  provenance,
  time_quality,
  provenance not in ('event', 'audit') as is_lower_bound
from in_line
