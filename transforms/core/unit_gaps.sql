/*
meaning: Events whose unit is known where that of the event just before is not, with the unit that was known last; per level. Not of case systems whose roles tell who had the case.
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
      name: who_was_known_last_acted_before_the_gap
      rows: >-
        select * from core.unit_gaps where last_known_at > previous_at
        or (last_unit_key is null) <> (last_known_at is null)
  - assert:
      name: nobody_is_known_just_before
      rows: >-
        select g.* from core.unit_gaps as g inner join core.steps as s
        on s.case_key = g.case_key and s.position = g.position - 1
        where case g.level when 'person' then s.actor_key when 'team' then s.team_key
        else s.organisation_key end is not null
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
  select distinct k.case_key, k.level
  from known as k
  inner join core.cases as c on c.case_key = k.case_key
  inner join config.sources as o on o.source = c.source
  where k.is_after_gap and o.kind <> 'zgw'
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
