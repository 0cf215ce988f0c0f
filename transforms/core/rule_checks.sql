/*
meaning: One row per case and rule of its journey that can be judged, with whether the case keeps it.
columns:
  case_key: The case.
  journey: Journey of the case.
  rule: Number of the rule within its journey, from 1.
  is_broken: Whether the case breaks it.
  lost_days: Days beyond what the rule allows, null where the rule is not about time. [days]
tests:
  - unique: [case_key, rule]
  - not_null: [case_key, journey, rule, is_broken]
*/
with named as (
  select
    r.*,
    a.activity_key as first_key,
    b.activity_key as then_key
  from config.rules as r
  left join core.activities as a on a.journey = r.journey and a.activity = r.first_activity
  left join core.activities as b on b.journey = r.journey and b.activity = r.then_activity
),
met as (
  select
    c.case_key,
    c.journey,
    n.rule,
    n.kind,
    n.days,
    c.closed_at is not null as is_closed,
    c.cutoff_on,
    min(s.position) filter (where s.activity_key = n.first_key) as first_at,
    max(s.position) filter (where s.activity_key = n.first_key) as last_first_at,
    min(s.position) filter (where s.activity_key = n.then_key) as then_at,
    max(s.position) filter (where s.activity_key = n.then_key) as last_then_at,
    cast(timezone('Europe/Amsterdam', min(s.occurred_at)
      filter (where s.activity_key = n.first_key)) as date) as first_on
  from named as n
  inner join core.cases as c on c.journey = n.journey
  inner join core.steps as s on s.case_key = c.case_key
  where n.kind in ('precedence', 'response', 'within')
  group by c.case_key, c.journey, n.rule, n.kind, n.days, c.closed_at, c.cutoff_on
),
answered as (
  select
    m.case_key,
    m.rule,
    cast(timezone('Europe/Amsterdam', min(s.occurred_at)) as date) as then_on
  from met as m
  inner join named as n on n.journey = m.journey and n.rule = m.rule
  inner join core.steps as s
    on s.case_key = m.case_key and s.activity_key = n.then_key and s.position > m.first_at
  where m.kind = 'within'
  group by m.case_key, m.rule
),
ordered as (
  select m.case_key, m.journey, m.rule, m.first_at is null or m.then_at < m.first_at as is_broken,
    cast(null as double) as lost_days
  from met as m
  where m.kind = 'precedence' and m.then_at is not null
  union all
  select m.case_key, m.journey, m.rule,
    m.last_then_at is null or m.last_then_at < m.last_first_at, null
  from met as m
  where m.kind = 'response' and m.first_at is not null
    and (m.is_closed or coalesce(m.last_then_at > m.last_first_at, false))
  union all
  select m.case_key, m.journey, m.rule,
    a.then_on is null or date_diff('day', m.first_on, a.then_on) > m.days,
    case
      when a.then_on is not null
        then cast(greatest(date_diff('day', m.first_on, a.then_on) - m.days, 0) as double)
      when not m.is_closed then cast(date_diff('day', m.first_on, m.cutoff_on) - m.days as double)
    end
  from met as m
  left join answered as a on a.case_key = m.case_key and a.rule = m.rule
  where m.kind = 'within' and m.first_at is not null
    and (a.then_on is not null or m.is_closed or date_diff('day', m.first_on, m.cutoff_on) > m.days)
),
hands as (
  select distinct s.case_key, n.rule, n.journey, s.actor_key, s.activity_key = n.first_key as is_first
  from named as n
  inner join core.cases as c on c.journey = n.journey
  inner join core.steps as s
    on s.case_key = c.case_key and s.activity_key in (n.first_key, n.then_key)
  where n.kind = 'four_eyes' and s.actor_key is not null
),
eyes as (
  select h.case_key, h.journey, h.rule, max(case when o.actor_key is null then 0 else 1 end) = 1
    as is_broken
  from hands as h
  left join hands as o
    on o.case_key = h.case_key and o.rule = h.rule and o.actor_key = h.actor_key
    and not o.is_first
  where h.is_first and exists (
    select 1 from hands as e
    where e.case_key = h.case_key and e.rule = h.rule and not e.is_first
  )
  group by h.case_key, h.journey, h.rule
),
waited as (
  select a.case_key, n.rule, sum(a.waited_us) / 86400000000.0 as lost_days
  from named as n
  inner join core.cases as c on c.journey = n.journey
  inner join core.assignments as a
    on a.case_key = c.case_key and a.level = n.level and a.run > n.at_most + 1
  where n.kind = 'handoffs'
  group by a.case_key, n.rule
),
passed as (
  select
    c.case_key,
    n.journey,
    n.rule,
    c.closed_at is not null as is_closed,
    h.handoffs > n.at_most as is_broken,
    w.lost_days
  from named as n
  inner join core.cases as c on c.journey = n.journey
  inner join core.case_handoffs as h on h.case_key = c.case_key and h.level = n.level
  left join waited as w on w.case_key = c.case_key and w.rule = n.rule
  where n.kind = 'handoffs' and h.handoffs is not null
)
select case_key, journey, rule, is_broken, case when is_broken then lost_days end as lost_days
from ordered
union all
select case_key, journey, rule, is_broken, null from eyes
union all
select case_key, journey, rule, is_broken, case when is_broken then lost_days end
from passed
where is_closed or is_broken
