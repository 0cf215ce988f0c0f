/*
meaning: Every activity of each part of the log, counted as in process_activities.
public: true
columns:
  journey: Journey.
  part_kind: Year, channel, target_group, case_type, before or after.
  part: The part.
  activity: Activity.
  occurrences: Times that it happened. [count]
  cases: Cases in which it happened. [count]
  part_cases: Cases of the part. [count]
  start_cases: Cases that start with it. [count]
  end_cases: Cases whose last event it is. [count]
tests:
  - unique: [journey, part_kind, part, activity]
  - assert:
      name: every_case_starts_once
      rows: >-
        select journey, part_kind, part from mart.process_activity_parts
        group by journey, part_kind, part having sum(start_cases) <> min(part_cases)
*/
with sizes as (
  select journey, part_kind, part, sum(cases) as part_cases
  from core.part_paths
  group by journey, part_kind, part
),
in_paths as (
  select
    journey,
    path_key,
    activity_key,
    count(*) as times,
    max(case when position = 1 then 1 else 0 end) as starts,
    max(case when next_activity_key is null then 1 else 0 end) as ends
  from core.path_steps
  group by journey, path_key, activity_key
),
counted as (
  select
    p.journey,
    p.part_kind,
    p.part,
    i.activity_key,
    sum(i.times * p.cases) as occurrences,
    sum(p.cases) as cases,
    sum(i.starts * p.cases) as start_cases,
    sum(i.ends * p.cases) as end_cases
  from core.part_paths as p
  inner join in_paths as i on i.journey = p.journey and i.path_key = p.path_key
  group by p.journey, p.part_kind, p.part, i.activity_key
)
select
  c.journey,
  c.part_kind,
  c.part,
  a.activity,
  cast(c.occurrences as bigint) as occurrences,
  cast(c.cases as bigint) as cases,
  cast(s.part_cases as bigint) as part_cases,
  cast(c.start_cases as bigint) as start_cases,
  cast(c.end_cases as bigint) as end_cases
from counted as c
inner join sizes as s
  on s.journey = c.journey and s.part_kind = c.part_kind and s.part = c.part
inner join core.activities as a on a.activity_key = c.activity_key
order by c.journey, c.part_kind, c.part, a.activity
