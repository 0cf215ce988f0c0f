/*
meaning: Events whose unit is known where that of the event just before is not, with the unit that was known last; per level.
columns:
  case_key: The case.
  level: Person, team or organisation.
  position: Place of the event in its case. [count]
  unit_key: Its unit.
  occurred_at: When it happened. [UTC instant]
  previous_at: When the event just before it happened. [UTC instant]
  last_unit_key: The unit that was known last, null where none was.
  last_known_at: When that unit acted last, null where none was known. [UTC instant]
tests:
  - unique: [case_key, level, position]
  - not_null: [case_key, level, position, unit_key, occurred_at, previous_at]
  - assert:
      name: the_first_event_is_no_gap
      rows: select * from core.unit_gaps where position = 1
*/
with known as (
  select case_key, 'person' as level, position, actor_key as unit_key, occurred_at, previous_at,
    position > 1 and previous_actor_key is null as is_after_gap
  from core.steps
  where actor_key is not null
  union all
  select case_key, 'team', position, team_key, occurred_at, previous_at,
    position > 1 and previous_team_key is null
  from core.steps
  where team_key is not null
  union all
  select case_key, 'organisation', position, organisation_key, occurred_at, previous_at,
    position > 1 and previous_organisation_key is null
  from core.steps
  where organisation_key is not null
),
with_gaps as (
  select distinct case_key, level from known where is_after_gap
),
in_line as (
  select
    k.*,
    lag(k.unit_key) over in_order as last_unit_key,
    lag(k.occurred_at) over in_order as last_known_at
  from known as k
  inner join with_gaps as g on g.case_key = k.case_key and g.level = k.level
  window in_order as (partition by k.case_key, k.level order by k.position)
)
select case_key, level, position, unit_key, occurred_at, previous_at, last_unit_key, last_known_at
from in_line
where is_after_gap
