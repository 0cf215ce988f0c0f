/*
meaning: Every activity with how often it happens, starts and ends a case.
public: true
columns:
  journey: Journey.
  activity: Activity.
  phase: Phase, null when none is configured.
  occurrences: Times that it happened. [count]
  cases: Cases in which it happened. [count]
  start_cases: Cases that start with it. [count]
  end_cases: Cases whose last event it is. [count]
  path_position: First place in the most frequent path, null if not in it.
tests:
  - unique: [journey, activity]
  - assert:
      name: every_event_counted
      rows: >-
        select * from (select (select coalesce(sum(occurrences), 0) from mart.process_activities) as counted,
        (select count(*) from core.events) as events) as c where counted <> events
*/
with ranked as (
  select journey, path_key,
    row_number() over (partition by journey order by cases desc, path_key) as place
  from core.path_steps
  where position = 1
),
main as (
  select p.journey, p.activity_key, min(p.position) as path_position
  from core.path_steps as p
  inner join ranked as r on r.journey = p.journey and r.path_key = p.path_key and r.place = 1
  group by p.journey, p.activity_key
),
in_paths as (
  select
    journey,
    activity_key,
    path_key,
    max(cases) as cases,
    count(*) as times,
    max(case when position = 1 then 1 else 0 end) as starts,
    max(case when next_activity_key is null then 1 else 0 end) as ends
  from core.path_steps
  group by journey, activity_key, path_key
),
counted as (
  select
    journey,
    activity_key,
    cast(sum(times * cases) as bigint) as occurrences,
    cast(sum(cases) as bigint) as cases,
    cast(sum(starts * cases) as bigint) as start_cases,
    cast(sum(ends * cases) as bigint) as end_cases
  from in_paths
  group by journey, activity_key
)
select
  c.journey,
  a.activity,
  a.phase,
  c.occurrences,
  c.cases,
  c.start_cases,
  c.end_cases,
  m.path_position
from counted as c
inner join core.activities as a on a.activity_key = c.activity_key
left join main as m on m.activity_key = c.activity_key
order by c.journey, a.activity
