/*
meaning: Whether each question was settled at first contact, one row per contact and window, in three readings that are never mixed - by the label that the employee gave, by what the process shows, and by the absence of a repeat.
columns:
  contact_key: The contact.
  time_window: Within which a repeat counts - 24h, 7d, 14d or 28d.
  left_out: Why it does not count - follow_up, outbound or pending, the first that applies; null where it counts.
  is_identified: Whether the resident is known, so that a repeat can be seen.
  is_settled_by_label: What the registered result says, null where there is none.
  is_settled_by_process: No callback, no unsettled result, no further action, and not unreached.
  has_repeat: Whether the same was asked again within the window; null for anonymous contacts.
tests:
  - unique: [contact_key, time_window]
  - not_null: [contact_key, time_window, is_identified, is_settled_by_process]
*/
with windows as (
  select '24h' as time_window, 86400000000 as window_us
  union all
  select '7d', 604800000000
  union all
  select '14d', 1209600000000
  union all
  select '28d', 2419200000000
),
latest as (
  select source, max(contacted_at) as observed_until from core.contacts group by source
)
select
  c.contact_key,
  w.time_window,
  case
    when c.is_follow_up then 'follow_up'
    when not c.is_inbound then 'outbound'
    when epoch_us(c.contacted_at) + w.window_us > epoch_us(l.observed_until) then 'pending'
  end as left_out,
  c.client is not null as is_identified,
  c.is_resolved as is_settled_by_label,
  not c.has_callback
    and coalesce(c.is_resolved, true)
    and not coalesce(c.has_further_action, false)
    and coalesce(c.is_reached, true) as is_settled_by_process,
  case when c.client is not null then r.after_us is not null and r.after_us <= w.window_us end
    as has_repeat
from core.contacts as c
inner join latest as l on l.source = c.source
cross join windows as w
left join core.contact_repeats as r on r.contact_key = c.contact_key
