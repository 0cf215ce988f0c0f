/*
meaning: The directly-follows graph of each part of the log, counted as in process_edges.
public: true
columns:
  journey: Journey.
  part_kind: Year, channel, target_group, case_type, before or after.
  part: The part.
  from_activity: Activity.
  to_activity: Activity that follows it directly.
  occurrences: Times that it does. [count]
  cases: Cases in which it does. [count]
  part_cases: Cases of the part. [count]
  mean_s: Mean time between the two. [seconds]
  median_s: Median time between the two. [seconds]
tests:
  - unique: [journey, part_kind, part, from_activity, to_activity]
  - assert:
      name: no_more_cases_than_there_are
      rows: select * from mart.process_edge_parts where cases > part_cases or cases > occurrences
*/
with sizes as (
  select journey, part_kind, part, sum(cases) as part_cases
  from core.part_paths
  group by journey, part_kind, part
),
timed as (
  select
    p.journey,
    p.part_kind,
    p.part,
    s.activity_key,
    s.next_activity_key,
    count(*) as occurrences,
    sum(cast(s.until_next_us as hugeint)) as total_us,
    percentile_cont(0.5) within group (order by s.until_next_us) as median_us
  from core.case_parts as p
  inner join core.steps as s on s.case_key = p.case_key
  where s.next_activity_key is not null
  group by p.journey, p.part_kind, p.part, s.activity_key, s.next_activity_key
),
in_paths as (
  select distinct journey, path_key, activity_key, next_activity_key
  from core.path_steps
  where next_activity_key is not null
),
reached as (
  select p.journey, p.part_kind, p.part, i.activity_key, i.next_activity_key,
    sum(p.cases) as cases
  from core.part_paths as p
  inner join in_paths as i on i.journey = p.journey and i.path_key = p.path_key
  group by p.journey, p.part_kind, p.part, i.activity_key, i.next_activity_key
)
select
  t.journey,
  t.part_kind,
  t.part,
  a.activity as from_activity,
  b.activity as to_activity,
  t.occurrences,
  cast(r.cases as bigint) as cases,
  cast(z.part_cases as bigint) as part_cases,
  cast(t.total_us as double) / t.occurrences / 1000000.0 as mean_s,
  t.median_us / 1000000.0 as median_s
from timed as t
inner join reached as r
  on r.journey = t.journey and r.part_kind = t.part_kind and r.part = t.part
  and r.activity_key = t.activity_key and r.next_activity_key = t.next_activity_key
inner join sizes as z
  on z.journey = t.journey and z.part_kind = t.part_kind and z.part = t.part
inner join core.activities as a on a.activity_key = t.activity_key
inner join core.activities as b on b.activity_key = t.next_activity_key
order by t.journey, t.part_kind, t.part, t.occurrences desc, a.activity, b.activity
