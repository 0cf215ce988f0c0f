/*
meaning: One row per case with its path, the exact sequence of its activities.
columns:
  case_key: The case.
  journey: Journey of the case.
  path_key: Number of the path; equal sequences have equal numbers.
tests:
  - unique: [case_key]
  - not_null: [case_key, journey, path_key]
*/
with paths as (
  select case_key, array_agg(activity_key order by position) as path
  from core.steps
  group by case_key
),
numbered as (
  select path, cast(row_number() over (order by path) as integer) as path_key
  from (select distinct path from paths) as different
)
select p.case_key, c.journey, n.path_key
from paths as p
inner join numbered as n on n.path = p.path
inner join core.cases as c on c.case_key = p.case_key
