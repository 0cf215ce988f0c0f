/*
meaning: Every slice that a group of contacts is counted in, by the Amsterdam date of the contact.
columns:
  group_key: The group of contacts.
  journey: Journey of the contacts; all in slices that pool every contact, also those of no journey.
  segment_kind: All, channel, topic, team or service_formula.
  segment: All, or the channel, topic, team or service formula.
  period_kind: All, month or week.
  period: All, 2026-03, or 2026-W09.
  period_start: First day of the period, null for all. [date]
  contacts: Contacts of the group. [count]
  watched_us: Time that the source was seen after the latest of them. [microseconds]
tests:
  - unique: [group_key, journey, segment_kind, period_kind]
  - not_null: [group_key, journey, segment_kind, segment, period_kind, period, contacts, watched_us]
*/
with groups as (
  select g.group_key, count(*) as contacts, min(c.seen_after_us) as watched_us
  from core.contact_groups as g
  inner join core.contacts as c on c.contact_key = g.contact_key
  group by g.group_key
),
alike as (
  select g.group_key, g.contacts, g.watched_us, c.journey, c.service_formula, c.channel, c.topic,
    c.team, c.contacted_on
  from groups as g
  inner join core.contacts as c on c.contact_key = g.group_key
),
periods as (
  select *, 'all' as period_kind, 'all' as period, cast(null as date) as period_start
  from alike
  union all
  select *, 'month', strftime(contacted_on, '%Y-%m'),
    cast(date_trunc('month', contacted_on) as date)
  from alike
  union all
  select *, 'week', strftime(contacted_on, '%G-W%V'),
    cast(date_trunc('week', contacted_on) as date)
  from alike
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
select group_key, journey, segment_kind, segment, period_kind, period, period_start, contacts,
  watched_us
from segments
where journey is not null
union all
select group_key, 'all', segment_kind, segment, period_kind, period, period_start, contacts,
  watched_us
from segments
union all
select group_key, 'all', 'service_formula', service_formula, period_kind, period, period_start,
  contacts, watched_us
from periods
where service_formula is not null and period_kind <> 'week'
