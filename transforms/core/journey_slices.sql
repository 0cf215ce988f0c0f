/*
meaning: Every slice that a journey of a resident is counted in. A month is that in which it started, by Amsterdam date.
columns:
  journey_key: The journey of the resident.
  journey: Which journey it is; all in the slices of a service formula.
  segment_kind: All, target_group or service_formula.
  segment: All, or the target group or service formula.
  period_kind: All or month.
  period: All, or 2026-03.
  period_start: First day of the period, null for all. [date]
tests:
  - unique: [journey_key, segment_kind, period_kind]
  - not_null: [journey_key, journey, segment_kind, segment, period_kind, period]
*/
with periods as (
  select journey_key, journey, service_formula, target_group, 'all' as period_kind,
    'all' as period, cast(null as date) as period_start
  from core.journeys
  union all
  select journey_key, journey, service_formula, target_group, 'month',
    strftime(started_on, '%Y-%m'), cast(date_trunc('month', started_on) as date)
  from core.journeys
)
select journey_key, journey, 'all' as segment_kind, 'all' as segment, period_kind, period,
  period_start
from periods
union all
select journey_key, journey, 'target_group', target_group, period_kind, period, period_start
from periods
where target_group is not null
union all
select journey_key, 'all', 'service_formula', service_formula, period_kind, period, period_start
from periods
