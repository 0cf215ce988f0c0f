/*
meaning: Whether each question was settled at first contact, one row per contact and window, in readings that are never mixed - by the label that the employee gave, by what the process shows, and by the absence of a repeat.
columns:
  contact_key: The contact.
  time_window: Within which a repeat counts - 24h, 7d, 14d or 28d.
  left_out: Why it does not count - follow_up, outbound, wrong_number, internal, status or pending, the first that applies; null where it counts.
  is_identified: Whether the resident is known, so that a repeat can be seen.
  is_settled_by_label: What the registered result says, null where there is none.
  is_settled_by_process: No callback, no unsettled result, no further action, and not unreached; null where none of them is known.
  has_repeat: Whether the same was asked again within the window; null for anonymous contacts.
  has_topic_repeat: Whether the resident came again with the topic; null where one of the two is not known.
  has_client_repeat: Whether the resident came again, with whatever; null for anonymous contacts.
  begins_topic_question: Whether the resident had not come with the topic in the window before; null where that cannot be told.
  begins_client_question: Whether the resident had not come at all in the window before; null where that cannot be told.
tests:
  - unique: [contact_key, time_window]
  - not_null: [contact_key, time_window, is_identified]
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
judged as (
  select
    c.contact_key,
    case
      when c.is_follow_up then 'follow_up'
      when not c.is_inbound then 'outbound'
      else c.kind
    end as left_out,
    c.client is not null as is_identified,
    c.is_resolved as is_settled_by_label,
    case
      when coalesce(c.has_callback, c.is_resolved, c.has_further_action, c.is_reached) is not null
        then not coalesce(c.has_callback, false)
          and coalesce(c.is_resolved, true)
          and not coalesce(c.has_further_action, false)
          and coalesce(c.is_reached, true)
    end as is_settled_by_process,
    c.seen_before_us,
    c.seen_after_us,
    r.after_us,
    t.contact_key is not null as has_topic_key,
    t.before_us as topic_before_us,
    t.after_us as topic_after_us,
    p.contact_key is not null as has_client_key,
    p.before_us as client_before_us,
    p.after_us as client_after_us
  from core.contacts as c
  left join core.contact_repeats as r on r.contact_key = c.contact_key
  left join core.contact_questions as t
    on t.contact_key = c.contact_key and t.match_key = 'topic'
  left join core.contact_questions as p
    on p.contact_key = c.contact_key and p.match_key = 'client'
)
select
  j.contact_key,
  w.time_window,
  case
    when j.left_out is not null then j.left_out
    when j.seen_after_us < w.window_us then 'pending'
  end as left_out,
  j.is_identified,
  j.is_settled_by_label,
  j.is_settled_by_process,
  case when j.is_identified then coalesce(j.after_us <= w.window_us, false) end as has_repeat,
  case when j.has_topic_key then coalesce(j.topic_after_us <= w.window_us, false) end
    as has_topic_repeat,
  case when j.has_client_key then coalesce(j.client_after_us <= w.window_us, false) end
    as has_client_repeat,
  case
    when j.has_topic_key and j.seen_before_us >= w.window_us
      then coalesce(j.topic_before_us > w.window_us, true)
  end as begins_topic_question,
  case
    when j.has_client_key and j.seen_before_us >= w.window_us
      then coalesce(j.client_before_us > w.window_us, true)
  end as begins_client_question
from judged as j
cross join windows as w
