/*
meaning: How fast the slowest stretches of a journey went in each month - the three transitions that took the most days in all, each passage in a quarter of that transition's own times.
public: true
columns:
  journey: Journey.
  rank: Place of the transition among the bottlenecks, from 1.
  from_activity: Activity.
  to_activity: Activity that follows it directly.
  month: First day of the month in which the passage began. [date]
  quarter: 1 for the fastest quarter of all passages of this transition, 4 for the slowest.
  passages: Passages. [count]
tests:
  - unique: [journey, rank, month, quarter]
  - not_null: [journey, rank, month, quarter, passages]
*/
with chosen as (
  select b.journey, b.rank, a.activity_key, n.activity_key as next_activity_key,
    b.from_activity, b.to_activity
  from mart.bottlenecks as b
  inner join core.activities as a on a.journey = b.journey and a.activity = b.from_activity
  inner join core.activities as n on n.journey = b.journey and n.activity = b.to_activity
  where b.rank <= 3
),
passed as (
  select
    h.journey,
    h.rank,
    h.from_activity,
    h.to_activity,
    cast(date_trunc('month', timezone('Europe/Amsterdam', s.occurred_at)) as date) as month,
    s.until_next_us
  from core.steps as s
  inner join chosen as h
    on h.activity_key = s.activity_key and h.next_activity_key = s.next_activity_key
),
bounds as (
  select
    journey,
    rank,
    percentile_cont([0.25, 0.5, 0.75]) within group (order by until_next_us) as percentiles
  from passed
  group by journey, rank
),
placed as (
  select
    p.*,
    case
      when p.until_next_us <= b.percentiles[1] then 1
      when p.until_next_us <= b.percentiles[2] then 2
      when p.until_next_us <= b.percentiles[3] then 3
      else 4
    end as quarter
  from passed as p
  inner join bounds as b on b.journey = p.journey and b.rank = p.rank
)
select journey, rank, from_activity, to_activity, month, quarter, count(*) as passages
from placed
group by journey, rank, from_activity, to_activity, month, quarter
order by journey, rank, month, quarter
