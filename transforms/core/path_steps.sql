/*
meaning: The activities of each path in order, taken from the first case that follows it.
columns:
  journey: Journey.
  path_key: The path.
  cases: Cases that follow it. [count]
  position: Place in the path, from 1. [count]
  activity_key: The activity.
  next_activity_key: The activity that follows, null at the end.
tests:
  - unique: [journey, path_key, position]
*/
with examples as (
  select journey, path_key, min(case_key) as case_key, count(*) as cases
  from core.case_paths
  group by journey, path_key
)
select e.journey, e.path_key, e.cases, s.position, s.activity_key, s.next_activity_key
from examples as e
inner join core.steps as s on s.case_key = e.case_key
