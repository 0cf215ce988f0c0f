/*
meaning: The directly-follows graph - which activity follows which, how often, and after how long.
public: true
columns:
  journey: Journey.
  from_activity: Activity.
  to_activity: Activity that follows it directly.
  occurrences: Times that it does. [count]
  cases: Cases in which it does. [count]
  mean_s: Mean time between the two. [seconds]
  median_s: Median time between the two. [seconds]
  p90_s: Ninetieth percentile of it. [seconds]
tests:
  - unique: [journey, from_activity, to_activity]
  - assert:
      name: every_transition_counted
      rows: >-
        select * from (select (select coalesce(sum(occurrences), 0) from mart.process_edges) as counted,
        (select coalesce(sum(greatest(event_count - 1, 0)), 0) from core.cases) as transitions) as c
        where counted <> transitions
*/
with timed as (
  select
    s.activity_key,
    s.next_activity_key,
    count(*) as occurrences,
    sum(cast(s.until_next_us as hugeint)) as total_us,
    percentile_cont([0.5, 0.9]) within group (order by s.until_next_us) as percentiles
  from core.steps as s
  where s.next_activity_key is not null
  group by s.activity_key, s.next_activity_key
),
in_paths as (
  select distinct path_key, cases, activity_key, next_activity_key
  from core.path_steps
  where next_activity_key is not null
),
reached as (
  select activity_key, next_activity_key, cast(sum(cases) as bigint) as cases
  from in_paths
  group by activity_key, next_activity_key
)
select
  a.journey,
  a.activity as from_activity,
  b.activity as to_activity,
  t.occurrences,
  r.cases,
  cast(t.total_us as double) / t.occurrences / 1000000.0 as mean_s,
  t.percentiles[1] / 1000000.0 as median_s,
  t.percentiles[2] / 1000000.0 as p90_s
from timed as t
inner join reached as r
  on r.activity_key = t.activity_key and r.next_activity_key = t.next_activity_key
inner join core.activities as a on a.activity_key = t.activity_key
inner join core.activities as b on b.activity_key = t.next_activity_key
order by a.journey, t.occurrences desc, a.activity, b.activity
