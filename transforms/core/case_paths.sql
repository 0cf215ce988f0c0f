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
  select case_key, string_agg(cast(activity_key as varchar), ',' order by position) as path
  from core.steps
  group by case_key
)
select
  p.case_key,
  c.journey,
  cast(dense_rank() over (order by p.path) as integer) as path_key
from paths as p
inner join core.cases as c on c.case_key = p.case_key
