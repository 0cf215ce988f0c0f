/*
meaning: Where the time of cases goes - every transition with the days that all cases together spent in it.
public: true
columns:
  journey: Journey.
  rank: Place in the journey, 1 for the transition that took the most days in all.
  from_activity: Activity.
  to_activity: Activity that follows it directly.
  occurrences: Times that it does. [count]
  cases: Cases in which it does. [count]
  total_days: Days that all cases together spent between the two. [days]
  share: Share of the days between all events of the journey. [percent]
  median_days: Median time between the two. [days]
  p90_days: Ninetieth percentile of it. [days]
  slow_days: Days beyond the median, over the times that took longer; what would be spared if none did. [days]
  median_working_days: Median time between the two within working hours, in working days of the configured length. [days]
  handoff_share: Share of the times in which the work passed to another team, of those with both teams known. [percent]
tests:
  - unique: [journey, rank]
  - unique: [journey, from_activity, to_activity]
  - assert:
      name: shares_add_up
      rows: >-
        select journey from mart.bottlenecks group by journey
        having abs(sum(share) - 100) > 0.001
*/
with passed as (
  select
    c.journey,
    s.case_key,
    s.activity_key,
    s.next_activity_key,
    s.until_next_us,
    s.occurred_at,
    lead(s.occurred_at) over in_order as next_at,
    s.team_key,
    lead(s.team_key) over in_order as next_team_key
  from core.steps as s
  inner join core.cases as c on c.case_key = s.case_key
  window in_order as (partition by s.case_key order by s.position)
),
worked as (
  select
    p.*,
    l.worked_before_us - f.worked_before_us
      + case when l.opens_at is null then 0 else
        greatest(epoch_us(least(p.next_at, l.closes_at)) - epoch_us(l.opens_at), 0) end
      - case when f.opens_at is null then 0 else
        greatest(epoch_us(least(p.occurred_at, f.closes_at)) - epoch_us(f.opens_at), 0) end
      as working_us
  from passed as p
  left join config.calendar_days as f
    on f.day = cast(timezone('Europe/Amsterdam', p.occurred_at) as date)
  left join config.calendar_days as l
    on l.day = cast(timezone('Europe/Amsterdam', p.next_at) as date)
  where p.next_activity_key is not null
),
timed as (
  select
    journey,
    activity_key,
    next_activity_key,
    count(*) as occurrences,
    count(distinct case_key) as cases,
    cast(sum(cast(until_next_us as hugeint)) as double) as total_us,
    percentile_cont(0.5) within group (order by until_next_us) as median_us,
    percentile_cont(0.9) within group (order by until_next_us) as p90_us,
    percentile_cont(0.5) within group (order by working_us) as working_us,
    count(*) filter (where team_key is not null and next_team_key is not null) as known,
    count(*) filter (where team_key <> next_team_key) as handoffs
  from worked
  group by journey, activity_key, next_activity_key
),
beyond as (
  select
    w.journey,
    w.activity_key,
    w.next_activity_key,
    sum(greatest(w.until_next_us - t.median_us, 0)) as slow_us
  from worked as w
  inner join timed as t
    on t.journey = w.journey and t.activity_key = w.activity_key
    and t.next_activity_key = w.next_activity_key
  group by w.journey, w.activity_key, w.next_activity_key
)
select
  t.journey,
  row_number() over (
    partition by t.journey order by t.total_us desc, t.occurrences desc, a.activity, b.activity
  ) as rank,
  a.activity as from_activity,
  b.activity as to_activity,
  t.occurrences,
  t.cases,
  t.total_us / 86400000000.0 as total_days,
  case when sum(t.total_us) over (partition by t.journey) > 0
    then 100.0 * t.total_us / sum(t.total_us) over (partition by t.journey) end as share,
  t.median_us / 86400000000.0 as median_days,
  t.p90_us / 86400000000.0 as p90_days,
  y.slow_us / 86400000000.0 as slow_days,
  t.working_us / m.working_day_us as median_working_days,
  case when t.known > 0 then 100.0 * t.handoffs / t.known end as handoff_share
from timed as t
inner join beyond as y
  on y.journey = t.journey and y.activity_key = t.activity_key
  and y.next_activity_key = t.next_activity_key
inner join core.activities as a on a.journey = t.journey and a.activity_key = t.activity_key
inner join core.activities as b on b.journey = t.journey and b.activity_key = t.next_activity_key
cross join config.municipality as m
order by t.journey, rank
