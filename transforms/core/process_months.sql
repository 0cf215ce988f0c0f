/*
meaning: How the work went in each month in which cases started, in sums that any two sets of months can be compared by; a change of a process is a change of one of them.
columns:
  journey: Journey.
  part_kind: All, channel or target_group.
  part: All, or the channel or target group.
  month: First day of the month in which the cases started. [date]
  aspect: Cases, lead_time, handoffs, activity, again, edge, edge_time, variant, or rule.
  activity: The activity, the first of an edge, or the path as a JSON list; null where the case as a whole is meant.
  other_activity: The second activity of an edge, or the number of the rule.
  items: What the aspect is a mean of - cases, or times that an edge was passed. [count]
  total: Sum over them of what is meant - one where it is so, handoffs, or the natural logarithm of one second more than the time took. [count, or log seconds]
tests:
  - unique: [journey, part_kind, part, month, aspect, activity, other_activity]
  - not_null: [journey, part_kind, part, month, aspect, items, total]
  - assert:
      name: no_share_over_the_whole
      rows: >-
        select * from core.process_months
        where aspect in ('activity', 'again', 'edge', 'variant', 'rule') and total > items
*/
with parts as (
  select case_key, journey, 'all' as part_kind, 'all' as part,
    cast(date_trunc('month', opened_on) as date) as month
  from core.cases
  union all
  select case_key, journey, 'channel', channel, cast(date_trunc('month', opened_on) as date)
  from core.cases
  where channel is not null
  union all
  select case_key, journey, 'target_group', target_group,
    cast(date_trunc('month', opened_on) as date)
  from core.cases
  where target_group is not null
),
of_cases as (
  select
    p.journey,
    p.part_kind,
    p.part,
    p.month,
    count(*) as cases,
    count(t.lead_time_us) as closed,
    sum(ln(1 + t.lead_time_us / 1000000.0)) as log_time,
    count(h.handoffs) as known,
    sum(h.handoffs) as handoffs
  from parts as p
  inner join core.case_times as t on t.case_key = p.case_key
  left join core.case_handoffs as h on h.case_key = p.case_key and h.level = 'team'
  group by p.journey, p.part_kind, p.part, p.month
),
of_paths as (
  select p.journey, p.part_kind, p.part, p.month, c.path_key, count(*) as cases
  from parts as p
  inner join core.case_paths as c on c.case_key = p.case_key
  group by p.journey, p.part_kind, p.part, p.month, c.path_key
),
times as (
  select journey, path_key, activity_key, count(*) as times
  from core.path_steps
  group by journey, path_key, activity_key
),
edges as (
  select distinct journey, path_key, activity_key, next_activity_key
  from core.path_steps
  where next_activity_key is not null
),
main_paths as (
  select journey, path_key
  from (
    select
      journey,
      path_key,
      cases,
      sum(cases) over (partition by journey) as all_cases
    from core.path_steps
    where position = 1
  ) as first_steps
  where cases >= 0.02 * all_cases
),
named_paths as (
  select
    m.journey,
    m.path_key,
    '[' || string_agg(cast(to_json(a.activity) as varchar), ', ' order by s.position) || ']' as path
  from main_paths as m
  inner join core.path_steps as s on s.journey = m.journey and s.path_key = m.path_key
  inner join core.activities as a on a.activity_key = s.activity_key
  group by m.journey, m.path_key
),
hits as (
  select o.journey, o.part_kind, o.part, o.month, 'activity' as aspect, a.activity,
    cast(null as varchar) as other_activity, sum(o.cases) as total
  from of_paths as o
  inner join times as t on t.journey = o.journey and t.path_key = o.path_key
  inner join core.activities as a on a.activity_key = t.activity_key
  group by o.journey, o.part_kind, o.part, o.month, a.activity
  union all
  select o.journey, o.part_kind, o.part, o.month, 'again', a.activity, null, sum(o.cases)
  from of_paths as o
  inner join times as t on t.journey = o.journey and t.path_key = o.path_key and t.times > 1
  inner join core.activities as a on a.activity_key = t.activity_key
  group by o.journey, o.part_kind, o.part, o.month, a.activity
  union all
  select o.journey, o.part_kind, o.part, o.month, 'edge', a.activity, b.activity, sum(o.cases)
  from of_paths as o
  inner join edges as e on e.journey = o.journey and e.path_key = o.path_key
  inner join core.activities as a on a.activity_key = e.activity_key
  inner join core.activities as b on b.activity_key = e.next_activity_key
  group by o.journey, o.part_kind, o.part, o.month, a.activity, b.activity
  union all
  select o.journey, o.part_kind, o.part, o.month, 'variant', n.path, null, sum(o.cases)
  from of_paths as o
  inner join named_paths as n on n.journey = o.journey and n.path_key = o.path_key
  group by o.journey, o.part_kind, o.part, o.month, n.path
),
of_edges as (
  select
    c.journey,
    cast(date_trunc('month', c.opened_on) as date) as month,
    s.activity_key,
    s.next_activity_key,
    count(*) as times,
    sum(ln(1 + s.until_next_us / 1000000.0)) as log_time
  from core.steps as s
  inner join core.cases as c on c.case_key = s.case_key
  where s.next_activity_key is not null
  group by c.journey, cast(date_trunc('month', c.opened_on) as date), s.activity_key,
    s.next_activity_key
)
select journey, part_kind, part, month, 'cases' as aspect, cast(null as varchar) as activity,
  cast(null as varchar) as other_activity, cases as items, cast(cases as double) as total
from of_cases
union all
select journey, part_kind, part, month, 'lead_time', null, null, closed, log_time
from of_cases
where closed > 0
union all
select journey, part_kind, part, month, 'handoffs', null, null, known, cast(handoffs as double)
from of_cases
where known > 0
union all
select h.journey, h.part_kind, h.part, h.month, h.aspect, h.activity, h.other_activity, c.cases,
  cast(h.total as double)
from hits as h
inner join of_cases as c
  on c.journey = h.journey and c.part_kind = h.part_kind and c.part = h.part and c.month = h.month
union all
select e.journey, 'all', 'all', e.month, 'edge_time', a.activity, b.activity, e.times, e.log_time
from of_edges as e
inner join core.activities as a on a.activity_key = e.activity_key
inner join core.activities as b on b.activity_key = e.next_activity_key
union all
select k.journey, 'all', 'all', cast(date_trunc('month', c.opened_on) as date), 'rule',
  cast(null as varchar), cast(k.rule as varchar), count(*),
  cast(sum(case when k.is_broken then 1 else 0 end) as double)
from core.rule_checks as k
inner join core.cases as c on c.case_key = k.case_key
group by k.journey, cast(date_trunc('month', c.opened_on) as date), k.rule
