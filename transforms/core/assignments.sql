/*
meaning: One row per stretch of a case at one unit, per level. Where the source registers roles they tell, else the units of the events; events without a known unit are skipped, adjacent equal units are one stretch; every stretch but the first is a handoff.
columns:
  case_key: The case.
  level: Person, team or organisation.
  run: Number of the stretch within the case and level, from 1. [count]
  unit_key: The unit that has the case.
  from_unit_key: The unit that had it before, null in the first stretch.
  started_at: First event of the stretch, or start of the role. [UTC instant]
  until_at: Start of the next stretch, null in the last. [UTC instant]
  is_handoff: Whether the case came from another unit.
  is_ping_pong: Whether the case returned to the unit that had it just before the sender.
tests:
  - unique: [case_key, level, run]
  - not_null: [case_key, level, run, unit_key, started_at]
  - assert:
      name: a_handoff_changes_the_unit
      rows: select * from core.assignments where is_handoff and unit_key = from_unit_key
*/
with from_events as (
  select s.*
  from core.steps as s
  inner join core.cases as c on c.case_key = s.case_key
  inner join config.sources as o on o.source = c.source
  where o.kind <> 'zgw'
),
from_roles as (
  select
    r.case_key,
    r.level,
    u.unit_key,
    row_number() over in_order as position,
    r.started_at as occurred_at,
    lag(u.unit_key) over in_order as previous_unit_key
  from core.case_roles as r
  inner join core.units as u on u.level = r.level and u.unit = r.unit_name
  window in_order as (partition by r.case_key, r.level order by r.started_at, r.ended_at, r.unit_name)
),
stretches as (
  select case_key, 'person' as level, actor_key as unit_key, position, occurred_at
  from from_events
  where actor_key is not null and (previous_actor_key is null or previous_actor_key <> actor_key)
  union all
  select case_key, 'team', team_key, position, occurred_at
  from from_events
  where team_key is not null and (previous_team_key is null or previous_team_key <> team_key)
  union all
  select case_key, 'organisation', organisation_key, position, occurred_at
  from from_events
  where organisation_key is not null
    and (previous_organisation_key is null or previous_organisation_key <> organisation_key)
  union all
  select case_key, level, unit_key, position, occurred_at
  from from_roles
  where previous_unit_key is null or previous_unit_key <> unit_key
)
select
  case_key,
  level,
  row_number() over in_order as run,
  unit_key,
  lag(unit_key) over in_order as from_unit_key,
  occurred_at as started_at,
  lead(occurred_at) over in_order as until_at,
  lag(unit_key) over in_order is not null as is_handoff,
  coalesce(lag(unit_key, 2) over in_order = unit_key, false) as is_ping_pong
from stretches
window in_order as (partition by case_key, level order by position)
