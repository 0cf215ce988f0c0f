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
  median_working_days: Median time between the two within working hours, in working days of the configured length; empty where the calendar has no day of it. [days]
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
with edges as (
  select e.journey, e.from_activity, e.to_activity, a.activity_key,
    b.activity_key as next_activity_key, cast(round(e.median_s * 1000000) as bigint) as median_us
  from mart.process_edges as e
  inner join core.activities as a on a.journey = e.journey and a.activity = e.from_activity
  inner join core.activities as b on b.journey = e.journey and b.activity = e.to_activity
),
passed as (
  select
    s.activity_key,
    s.next_activity_key,
    s.until_next_us,
    epoch_us(s.occurred_at) as from_us,
    epoch_us(s.occurred_at) + s.until_next_us as to_us,
    case when s.team_key is not null and s.next_team_key is not null then 1 else 0 end as is_known,
    case when s.team_key <> s.next_team_key then 1 else 0 end as is_handoff
  from core.steps as s
  where s.next_activity_key is not null
),
worked as (
  select
    e.journey,
    e.from_activity,
    e.to_activity,
    l.worked_before_us + greatest(least(p.to_us, l.closes_us) - l.opens_us, 0)
      - f.worked_before_us - greatest(least(p.from_us, f.closes_us) - f.opens_us, 0)
      as working_us,
    greatest(p.until_next_us - e.median_us, 0) as slow_us,
    p.is_known,
    p.is_handoff
  from passed as p
  inner join edges as e
    on e.activity_key = p.activity_key and e.next_activity_key = p.next_activity_key
  left join core.hours as f on f.hour = p.from_us // 3600000000
  left join core.hours as l on l.hour = p.to_us // 3600000000
),
summed as (
  select
    journey,
    from_activity,
    to_activity,
    percentile_cont(0.5) within group (order by working_us) as working_us,
    sum(slow_us) as slow_us,
    sum(is_known) as known,
    sum(is_handoff) as handoffs
  from worked
  group by journey, from_activity, to_activity
),
total as (
  select journey, sum(mean_s * occurrences) as total_s
  from mart.process_edges
  group by journey
)
select
  e.journey,
  row_number() over (
    partition by e.journey
    order by e.mean_s * e.occurrences desc, e.occurrences desc, e.from_activity, e.to_activity
  ) as rank,
  e.from_activity,
  e.to_activity,
  e.occurrences,
  e.cases,
  e.mean_s * e.occurrences / 86400.0 as total_days,
  case when t.total_s > 0 then 100.0 * e.mean_s * e.occurrences / t.total_s end as share,
  e.median_s / 86400.0 as median_days,
  e.p90_s / 86400.0 as p90_days,
  s.slow_us / 86400000000.0 as slow_days,
  s.working_us / m.working_day_us as median_working_days,
  case when s.known > 0 then 100.0 * s.handoffs / s.known end as handoff_share
from mart.process_edges as e
inner join summed as s
  on s.journey = e.journey and s.from_activity = e.from_activity and s.to_activity = e.to_activity
inner join total as t on t.journey = e.journey
cross join config.municipality as m
order by e.journey, rank
