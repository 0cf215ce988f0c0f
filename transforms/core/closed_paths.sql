/*
meaning: The paths of closed cases, which alone can be held against how the work should go from start to end.
columns:
  journey: Journey.
  path_key: The path.
  path: Names of the activities in order, as a JSON list.
  cases: Closed cases that follow it. [count]
tests:
  - unique: [journey, path_key]
  - not_null: [journey, path_key, path, cases]
*/
with closed as (
  select p.journey, p.path_key, count(*) as cases
  from core.case_paths as p
  inner join core.cases as c on c.case_key = p.case_key
  where c.closed_at is not null
  group by p.journey, p.path_key
),
named as (
  select
    p.journey,
    p.path_key,
    '[' || string_agg(cast(to_json(a.activity) as varchar), ', ' order by p.position) || ']' as path
  from core.path_steps as p
  inner join core.activities as a on a.activity_key = p.activity_key
  group by p.journey, p.path_key
)
select c.journey, c.path_key, n.path, c.cases
from closed as c
inner join named as n on n.journey = c.journey and n.path_key = c.path_key
