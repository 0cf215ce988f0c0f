/*
meaning: One row per resident, level and journey or service formula, with how many of the contacts were with one and the same person or team. Attempts that reached nobody and what the municipality sends unasked do not count, nor do wrong numbers, internal contacts and contacts without a known unit.
columns:
  level: Person or team.
  journey: Journey; all for a service formula.
  segment_kind: All, or service_formula.
  segment: All, or the service formula.
  client: Pseudonym of the resident.
  contacts: Contacts with a known unit. [count]
  most: Contacts with the unit that had most of them. [count]
  is_last_three_same: Whether the last three were with one unit; null for fewer than three.
tests:
  - unique: [level, journey, segment_kind, segment, client]
  - not_null: [level, journey, segment_kind, segment, client, contacts, most]
*/
with talks as (
  select contact_key, client, contacted_at, journey, service_formula, actor, team
  from core.contacts
  where client is not null and journey is not null and (is_inbound or is_follow_up)
    and coalesce(is_reached, true) and coalesce(kind, '') not in ('wrong_number', 'internal')
),
sliced as (
  select contact_key, client, contacted_at, actor, team, journey, 'all' as segment_kind,
    'all' as segment
  from talks
  union all
  select contact_key, client, contacted_at, actor, team, 'all', 'service_formula', service_formula
  from talks
),
with_units as (
  select *, 'team' as level, team as unit from sliced where team is not null
  union all
  select *, 'person', actor from sliced where actor is not null
),
placed as (
  select
    *,
    row_number() over (
      partition by level, journey, segment_kind, segment, client
      order by contacted_at desc, contact_key desc
    ) as place
  from with_units
),
per_unit as (
  select
    level,
    journey,
    segment_kind,
    segment,
    client,
    unit,
    count(*) as contacts,
    count(*) filter (where place <= 3) as last_contacts
  from placed
  group by level, journey, segment_kind, segment, client, unit
)
select
  level,
  journey,
  segment_kind,
  segment,
  client,
  cast(sum(contacts) as bigint) as contacts,
  max(contacts) as most,
  case when sum(contacts) >= 3 then max(last_contacts) = 3 end as is_last_three_same
from per_unit
group by level, journey, segment_kind, segment, client
