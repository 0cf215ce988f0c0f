/*
meaning: One row per case with its path, the exact sequence of its activities. As an activity's number is of one journey, so is a path's.
columns:
  case_key: The case.
  journey: Journey of the case.
  path_key: Number of the path; equal sequences of one journey have equal numbers.
tests:
  - unique: [case_key]
  - not_null: [case_key, journey, path_key]
*/
with paths as (
  -- place and activity in one number: sorting a list of numbers is faster than ordering rows in a group
  select
    case_key,
    list_sort(array_agg(cast(position as bigint) * 4294967296 + activity_key)) as path,
    min(activity_key) as activity_key
  from core.steps
  group by case_key
),
numbered as (
  select d.path, a.journey, cast(row_number() over (order by d.path) as integer) as path_key
  from (select path, min(activity_key) as activity_key from paths group by path) as d
  inner join core.activities as a on a.activity_key = d.activity_key
)
select p.case_key, n.journey, n.path_key
from paths as p
inner join numbered as n on n.path = p.path
