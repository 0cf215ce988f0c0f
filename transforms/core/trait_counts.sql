/*
meaning: How many closed cases with a trait are slow, beside all closed cases of which the trait is known; slow is a lead time over the 75th percentile of the journey.
columns:
  journey: Journey.
  trait: Channel, target group, handoffs between teams, activity that occurs, or again - one that occurs twice or more.
  value: Its value.
  cases: Closed cases that have it. [count]
  slow_cases: Those of them that are slow. [count]
  all_cases: Closed cases of which the trait is known. [count]
  all_slow_cases: Those of them that are slow. [count]
  slow_from_days: Lead time over which a case is slow. [days]
tests:
  - unique: [journey, trait, value]
  - not_null: [journey, trait, value, cases, slow_cases, all_cases, all_slow_cases]
*/
with bounds as (
  select journey, percentile_cont(0.75) within group (order by lead_time_us) as slow_us
  from core.cases
  where lead_time_us >= 0
  group by journey
),
closed as (
  select
    c.case_key,
    c.journey,
    c.channel,
    c.target_group,
    p.path_key,
    h.handoffs,
    b.slow_us,
    case when c.lead_time_us > b.slow_us then 1 else 0 end as is_slow
  from core.cases as c
  inner join bounds as b on b.journey = c.journey
  left join core.case_paths as p on p.case_key = c.case_key
  left join core.case_handoffs as h on h.case_key = c.case_key and h.level = 'team'
  where c.lead_time_us >= 0
),
times as (
  select journey, path_key, activity_key, count(*) as times
  from core.path_steps
  group by journey, path_key, activity_key
),
of_paths as (
  select journey, path_key, count(*) as cases, sum(is_slow) as slow_cases
  from closed
  where path_key is not null
  group by journey, path_key
),
counted as (
  select journey, 'channel' as trait, channel as value, count(*) as cases, sum(is_slow) as slow_cases
  from closed
  where channel is not null
  group by journey, channel
  union all
  select journey, 'target_group', target_group, count(*), sum(is_slow)
  from closed
  where target_group is not null
  group by journey, target_group
  union all
  select journey, 'handoffs',
    case when handoffs >= 3 then '3+' else cast(handoffs as varchar) end,
    count(*), sum(is_slow)
  from closed
  where handoffs is not null
  group by journey, case when handoffs >= 3 then '3+' else cast(handoffs as varchar) end
  union all
  select o.journey, 'activity', a.activity, sum(o.cases), sum(o.slow_cases)
  from of_paths as o
  inner join times as t on t.journey = o.journey and t.path_key = o.path_key
  inner join core.activities as a on a.activity_key = t.activity_key
  group by o.journey, a.activity
  union all
  select o.journey, 'again', a.activity, sum(o.cases), sum(o.slow_cases)
  from of_paths as o
  inner join times as t on t.journey = o.journey and t.path_key = o.path_key and t.times > 1
  inner join core.activities as a on a.activity_key = t.activity_key
  group by o.journey, a.activity
),
known as (
  select journey, trait, sum(cases) as cases, sum(slow_cases) as slow_cases
  from counted
  where trait in ('channel', 'target_group', 'handoffs')
  group by journey, trait
  union all
  select p.journey, k.trait, p.cases, p.slow_cases
  from (
    select journey, sum(cases) as cases, sum(slow_cases) as slow_cases
    from of_paths
    group by journey
  ) as p
  cross join (select 'activity' as trait union all select 'again') as k
)
select
  c.journey,
  c.trait,
  c.value,
  cast(c.cases as bigint) as cases,
  cast(c.slow_cases as bigint) as slow_cases,
  cast(k.cases as bigint) as all_cases,
  cast(k.slow_cases as bigint) as all_slow_cases,
  b.slow_us / 86400000000.0 as slow_from_days
from counted as c
inner join known as k on k.journey = c.journey and k.trait = c.trait
inner join bounds as b on b.journey = c.journey
order by c.journey, c.trait, c.value
