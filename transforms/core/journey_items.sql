/*
meaning: What a journey can be made of - every case, and every contact that belongs to a case, follows up another contact, or has a known resident and a journey. Anonymous contacts are here only where they are linked.
columns:
  item_key: Number of the item, by start; the first item of a journey gives the journey its number.
  kind: Case or contact.
  case_key: The case, of a case; the case that a contact is about.
  contact_key: The contact, null for a case.
  journey: Journey of the case, else of the topic; null where neither is known.
  client: Pseudonym of the resident, null when not known.
  started_at: Start of the case, or moment of the contact. [UTC instant]
  until_at: End of the case, the cut-off while it is open, or moment of the contact. [UTC instant]
  followed_key: The contact that began the chain of follow-ups that this one ends, null where it follows none.
tests:
  - unique: [item_key]
  - unique: [kind, case_key, contact_key]
  - not_null: [item_key, kind, started_at, until_at]
*/
with recursive chains as (
  select c.contact_key, f.contact_key as followed_key, f.follows, f.source, 1 as steps
  from core.contacts as c
  inner join core.contacts as f on f.source = c.source and f.contact_id = c.follows
  where c.follows is not null
  union all
  select c.contact_key, f.contact_key, f.follows, f.source, c.steps + 1
  from chains as c
  inner join core.contacts as f on f.source = c.source and f.contact_id = c.follows
  where c.steps < 10
),
followed as (
  select contact_key, max_by(followed_key, steps) as followed_key
  from chains
  group by contact_key
),
items as (
  select
    'case' as kind,
    case_key,
    cast(null as bigint) as contact_key,
    journey,
    client,
    opened_at as started_at,
    greatest(coalesce(closed_at, cutoff_at), opened_at) as until_at,
    cast(null as bigint) as followed_key
  from core.cases
  union all
  select
    'contact',
    c.case_key,
    c.contact_key,
    c.journey,
    c.client,
    c.contacted_at,
    c.contacted_at,
    f.followed_key
  from core.contacts as c
  left join followed as f on f.contact_key = c.contact_key
  where c.case_key is not null or f.followed_key is not null
    or (c.client is not null and c.journey is not null)
)
select
  row_number() over (order by started_at, kind, case_key, contact_key) as item_key,
  kind,
  case_key,
  contact_key,
  journey,
  client,
  started_at,
  until_at,
  followed_key
from items
