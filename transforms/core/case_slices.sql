/*
meaning: Every slice that a case is counted in. Months and weeks are those in which the case started, closing months those in which it ended, by Amsterdam date.
columns:
  case_key: The case.
  journey: Journey of the case; all in the slices of a service formula, which pool its journeys.
  segment_kind: All, channel, target_group or service_formula.
  segment: All, or the channel, target group or service formula.
  period_kind: All, month, week or closing_month.
  period: All, 2026-03, or 2026-W09.
  period_start: First day of the period, null for all. [date]
tests:
  - unique: [case_key, segment_kind, period_kind]
  - not_null: [case_key, journey, segment_kind, segment, period_kind, period]
*/
with days as (
  select opened_on as day from core.cases
  union
  select closed_on from core.cases where closed_on is not null
),
labels as (
  select
    day,
    strftime(day, '%Y-%m') as month,
    cast(date_trunc('month', day) as date) as month_start,
    strftime(day, '%G-W%V') as week,
    cast(date_trunc('week', day) as date) as week_start
  from days
),
periods as (
  select case_key, journey, service_formula, channel, target_group, 'all' as period_kind,
    'all' as period, cast(null as date) as period_start
  from core.cases
  union all
  select c.case_key, c.journey, c.service_formula, c.channel, c.target_group, 'month', d.month,
    d.month_start
  from core.cases as c
  inner join labels as d on d.day = c.opened_on
  union all
  select c.case_key, c.journey, c.service_formula, c.channel, c.target_group, 'week', d.week,
    d.week_start
  from core.cases as c
  inner join labels as d on d.day = c.opened_on
  union all
  select c.case_key, c.journey, c.service_formula, c.channel, c.target_group, 'closing_month',
    d.month, d.month_start
  from core.cases as c
  inner join labels as d on d.day = c.closed_on
)
select case_key, journey, 'all' as segment_kind, 'all' as segment,
  period_kind, period, period_start
from periods
union all
select case_key, journey, 'channel', channel, period_kind, period, period_start
from periods
where channel is not null and period_kind in ('all', 'month')
union all
select case_key, journey, 'target_group', target_group, period_kind, period, period_start
from periods
where target_group is not null and period_kind in ('all', 'month')
union all
select case_key, 'all', 'service_formula', service_formula, period_kind, period, period_start
from periods
where period_kind in ('all', 'month')
