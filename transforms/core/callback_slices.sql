/*
meaning: Every slice that a callback is counted in, by the Amsterdam date on which it was promised.
columns:
  callback_key: The callback.
  journey: Journey of its contact; all in slices that pool every callback.
  segment_kind: All, channel, topic, team (that must call back) or service_formula.
  segment: All, or the channel, topic, team or service formula.
  period_kind: All, month or week.
  period: All, 2026-03, or 2026-W09.
  period_start: First day of the period, null for all. [date]
tests:
  - unique: [callback_key, journey, segment_kind, period_kind]
  - not_null: [callback_key, journey, segment_kind, segment, period_kind, period]
*/
with promised as (
  select
    b.callback_key,
    c.journey,
    c.service_formula,
    c.channel,
    c.topic,
    b.team,
    cast(timezone('Europe/Amsterdam', b.promised_at) as date) as promised_on
  from core.callbacks as b
  left join core.contacts as c on c.contact_key = b.contact_key
),
periods as (
  select *, 'all' as period_kind, 'all' as period, cast(null as date) as period_start
  from promised
  union all
  select *, 'month', strftime(promised_on, '%Y-%m'),
    cast(date_trunc('month', promised_on) as date)
  from promised
  union all
  select *, 'week', strftime(promised_on, '%G-W%V'), cast(date_trunc('week', promised_on) as date)
  from promised
),
segments as (
  select *, 'all' as segment_kind, 'all' as segment from periods
  union all
  select *, 'channel', channel from periods where channel is not null and period_kind <> 'week'
  union all
  select *, 'topic', topic from periods where topic is not null and period_kind <> 'week'
  union all
  select *, 'team', team from periods where team is not null and period_kind <> 'week'
)
select callback_key, journey, segment_kind, segment, period_kind, period, period_start
from segments
where journey is not null
union all
select callback_key, 'all', segment_kind, segment, period_kind, period, period_start
from segments
union all
select callback_key, 'all', 'service_formula', service_formula, period_kind, period, period_start
from periods
where service_formula is not null and period_kind <> 'week'
