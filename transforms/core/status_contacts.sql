/*
meaning: Contacts of residents that only ask where their case stands, in two readings - by the words of the configuration, and by what the process shows.
columns:
  contact_key: The contact.
  reading: Words or process.
  case_key: The open case that it is about, null where none is linked.
tests:
  - unique: [contact_key, reading]
  - not_null: [contact_key, reading]
*/
with asked as (
  select c.contact_key, c.kind, c.client, c.contacted_at, c.contacted_on, c.has_callback, k.case_key,
    k.opened_on
  from core.contacts as c
  left join core.cases as k
    on k.case_key = c.case_key
    and k.opened_at <= c.contacted_at and coalesce(k.closed_at > c.contacted_at, true)
  where c.is_inbound and not c.is_follow_up
),
-- A case that the resident began within a day of the contact is what the contact was for.
begins_a_case as (
  select distinct a.contact_key
  from asked as a
  inner join core.cases as k on k.client = a.client
  where a.case_key is not null
    and k.opened_at >= a.contacted_at and k.opened_at <= a.contacted_at + interval 1 day
)
select contact_key, 'words' as reading, case_key
from asked
where kind = 'status'
union all
select a.contact_key, 'process', a.case_key
from asked as a
left join begins_a_case as n on n.contact_key = a.contact_key
where a.case_key is not null and a.opened_on < a.contacted_on and not coalesce(a.has_callback, false)
  and coalesce(a.kind, 'status') = 'status' and n.contact_key is null
