/*
meaning: Every slice that a case is counted in. A period is the month or week in which the case started, by Amsterdam date.
columns:
  case_key: The case.
  journey: Journey of the case.
  segment_kind: All or channel.
  segment: All, or the channel.
  period_kind: All, month or week.
  period: All, 2026-03, or 2026-W09.
  period_start: First day of the period, null for all. [date]
tests:
  - unique: [case_key, segment_kind, period_kind]
  - not_null: [case_key, journey, segment_kind, segment, period_kind, period]
*/
with periods as (
  select case_key, journey, channel, 'all' as period_kind, 'all' as period,
    cast(null as date) as period_start
  from core.cases
  union all
  select case_key, journey, channel, 'month', strftime(opened_on, '%Y-%m'),
    cast(date_trunc('month', opened_on) as date)
  from core.cases
  union all
  select case_key, journey, channel, 'week', strftime(opened_on, '%G-W%V'),
    cast(date_trunc('week', opened_on) as date)
  from core.cases
)
select case_key, journey, 'all' as segment_kind, 'all' as segment,
  period_kind, period, period_start
from periods
union all
select case_key, journey, 'channel', channel, period_kind, period, period_start
from periods
where channel is not null and period_kind <> 'week'
