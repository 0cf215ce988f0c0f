/*
meaning: Per activity the cases that lie after it at the cut-off, and the rhythm in which the work is done.
public: true
columns:
  journey: Journey.
  activity: Activity.
  cases: Cases in which it happened. [count]
  waiting_cases: Open cases whose last event it is. [count]
  waiting_median_days: Median time that those have been waiting. [days]
  busiest_weekday: Weekday on which it happens most, 1 for Monday. [1 to 7]
  busiest_weekday_share: Share of its occurrences on that day; a seventh or a fifth is no rhythm. [percent]
  batched_share: Share of its occurrences within the same minute as two or more others, not all of one case, of those whose time is exact; null where none is. [percent]
tests:
  - unique: [journey, activity]
  - not_null: [journey, activity, cases, waiting_cases]
*/
with counted as (
  select
    e.activity_key,
    h.weekday,
    count(*) as times
  from core.events as e
  inner join core.hours as h on h.hour = epoch_us(e.occurred_at) // 3600000000
  group by e.activity_key, h.weekday
),
busiest as (
  select
    activity_key,
    weekday,
    100.0 * times / sum(times) over (partition by activity_key) as share,
    row_number() over (partition by activity_key order by times desc, weekday) as place
  from counted
),
minutes as (
  select
    e.activity_key,
    epoch_us(e.occurred_at) // 60000000 as minute,
    count(*) as times,
    count(*) >= 3 and min(e.case_key) <> max(e.case_key) as is_batch
  from core.events as e
  where coalesce(e.time_quality, 'exact') = 'exact'
  group by e.activity_key, epoch_us(e.occurred_at) // 60000000
),
batches as (
  select
    activity_key,
    100.0 * sum(case when is_batch then times else 0 end) / sum(times) as share
  from minutes
  group by activity_key
),
waiting as (
  select
    s.activity_key,
    count(*) as cases,
    percentile_cont(0.5) within group (
      order by greatest(epoch_us(c.cutoff_at) - epoch_us(s.occurred_at), 0)
    ) as median_us
  from core.cases as c
  inner join core.steps as s on s.case_key = c.case_key
  where s.next_activity_key is null and c.closed_at is null
  group by s.activity_key
)
select
  a.journey,
  a.activity,
  a.cases,
  coalesce(w.cases, 0) as waiting_cases,
  w.median_us / 86400000000.0 as waiting_median_days,
  b.weekday as busiest_weekday,
  b.share as busiest_weekday_share,
  t.share as batched_share
from mart.process_activities as a
inner join core.activities as k on k.journey = a.journey and k.activity = a.activity
inner join busiest as b on b.activity_key = k.activity_key and b.place = 1
left join batches as t on t.activity_key = k.activity_key
left join waiting as w on w.activity_key = k.activity_key
order by a.journey, a.activity
