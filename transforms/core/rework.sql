/*
meaning: One row per case and activity done more than once, counted by stretches of equal adjacent activities. Where starts are events of their own they do not count, so that a start and its end are one execution.
columns:
  case_key: The case.
  activity_key: The activity.
  executions: Events with this activity. [count]
  runs: Separate stretches of it. [count]
  self_loops: Stretches of two or more events. [count]
  self_loops_redo: Those of them with more than one actor; a missing actor counts as one. [count]
  self_loop_redo_events: Extra events in those with more than one actor. [count]
  actors: Distinct actors over all executions; a missing actor counts as one. [count]
tests:
  - unique: [case_key, activity_key]
  - not_null: [case_key, activity_key, executions, runs]
  - assert:
      name: more_than_once
      rows: select * from core.rework where executions < 2 or runs > executions
*/
with repeated as (
  select case_key, activity_key
  from core.steps
  where not is_start
  group by case_key, activity_key
  having count(*) > 1
),
executions as (
  select s.case_key, s.activity_key, s.position, s.actor_key
  from core.steps as s
  inner join repeated as r on r.case_key = s.case_key and r.activity_key = s.activity_key
  where not s.is_start
),
starts_before as (
  select e.case_key, e.position, count(*) as starts
  from executions as e
  inner join core.steps as s on s.case_key = e.case_key and s.position < e.position
  where s.is_start
  group by e.case_key, e.position
),
islands as (
  select
    e.case_key,
    e.activity_key,
    coalesce(e.actor_key, 0) as actor_key,
    e.position - coalesce(b.starts, 0) - row_number() over (
      partition by e.case_key, e.activity_key order by e.position
    ) as island
  from executions as e
  left join starts_before as b on b.case_key = e.case_key and b.position = e.position
),
stretches as (
  select
    case_key,
    activity_key,
    island,
    count(*) as events,
    count(distinct actor_key) as actors
  from islands
  group by case_key, activity_key, island
),
people as (
  select case_key, activity_key, count(distinct actor_key) as actors
  from islands
  group by case_key, activity_key
)
select
  s.case_key,
  s.activity_key,
  cast(sum(s.events) as bigint) as executions,
  count(*) as runs,
  count(*) filter (where s.events > 1) as self_loops,
  count(*) filter (where s.events > 1 and s.actors > 1) as self_loops_redo,
  cast(
    coalesce(sum(s.events - 1) filter (where s.events > 1 and s.actors > 1), 0) as bigint
  ) as self_loop_redo_events,
  max(p.actors) as actors
from stretches as s
inner join people as p on p.case_key = s.case_key and p.activity_key = s.activity_key
group by s.case_key, s.activity_key
