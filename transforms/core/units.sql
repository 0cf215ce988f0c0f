/*
meaning: Numbers for the persons, teams and organisations that handle cases.
columns:
  level: Person, team or organisation.
  unit_key: Number of the unit within its level.
  unit: Pseudonym of the person, or name of the team or organisation.
tests:
  - unique: [level, unit]
  - unique: [level, unit_key]
  - not_null: [level, unit_key, unit]
*/
with seen as (
  select 'person' as level, actor as unit from core.events where actor is not null group by actor
  union
  select 'team', team from core.events where team is not null group by team
  union
  select 'organisation', organisation from core.events
  where organisation is not null group by organisation
  union
  select level, unit_name from core.case_roles group by level, unit_name
)
select
  level,
  cast(row_number() over (partition by level order by unit) as integer) as unit_key,
  unit
from seen
order by level, unit_key
