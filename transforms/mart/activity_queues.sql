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
  batched_share: Share of its occurrences within the same minute as those of two or more other cases, of those whose time is exact; null where none is. [percent]
tests:
  - unique: [journey, activity]
  - not_null: [journey, activity, cases, waiting_cases]
*/
with stamped as (
  select
    c.journey,
    e.case_key,
    e.activity_key,
    extract(isodow from timezone('Europe/Amsterdam', e.occurred_at)) as weekday,
    case when coalesce(e.time_quality, 'exact') = 'exact' then date_trunc('minute', e.occurred_at) end
      as minute_at
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
),
days as (
  select journey, activity_key, weekday, count(*) as times
  from stamped
  group by journey, activity_key, weekday
),
busiest as (
  select
    journey,
    activity_key,
    weekday,
    100.0 * times / sum(times) over (partition by journey, activity_key) as share,
    row_number() over (partition by journey, activity_key order by times desc, weekday) as place
  from days
),
minutes as (
  select journey, activity_key, minute_at, count(*) as times, count(distinct case_key) as cases
  from stamped
  where minute_at is not null
  group by journey, activity_key, minute_at
),
batches as (
  select
    journey,
    activity_key,
    100.0 * sum(case when cases >= 3 then times else 0 end) / sum(times) as share
  from minutes
  group by journey, activity_key
),
waiting as (
  select
    c.journey,
    s.activity_key,
    count(*) as cases,
    percentile_cont(0.5) within group (
      order by greatest(epoch_us(c.cutoff_at) - epoch_us(s.occurred_at), 0)
    ) as median_us
  from core.steps as s
  inner join core.cases as c on c.case_key = s.case_key
  where s.next_activity_key is null and c.closed_at is null
  group by c.journey, s.activity_key
),
counted as (
  select journey, activity_key, count(distinct case_key) as cases
  from stamped
  group by journey, activity_key
)
select
  n.journey,
  a.activity,
  n.cases,
  coalesce(w.cases, 0) as waiting_cases,
  w.median_us / 86400000000.0 as waiting_median_days,
  cast(b.weekday as integer) as busiest_weekday,
  b.share as busiest_weekday_share,
  t.share as batched_share
from counted as n
inner join core.activities as a on a.journey = n.journey and a.activity_key = n.activity_key
inner join busiest as b
  on b.journey = n.journey and b.activity_key = n.activity_key and b.place = 1
left join batches as t on t.journey = n.journey and t.activity_key = n.activity_key
left join waiting as w on w.journey = n.journey and w.activity_key = n.activity_key
order by n.journey, a.activity
