/*
meaning: The contacts that a resident had in the journey of a case while that was in one phase.
columns:
  case_key: The case.
  visit: The stretch of the case in the phase.
  contact_key: The contact.
  contacted_at: When it took place. [UTC instant]
  channel: Channel as the source names it.
  is_asked: Whether the resident took the initiative and it follows up no other contact.
  is_repeat: Whether it repeats a question.
  satisfaction: What the resident gave for it, null without an answer.
tests:
  - unique: [case_key, visit, contact_key]
  - not_null: [case_key, visit, contact_key, is_asked, is_repeat]
*/
with repeats as (
  select distinct repeat_key from core.contact_repeats
)
select
  s.case_key,
  s.visit,
  c.contact_key,
  c.contacted_at,
  c.channel,
  c.is_inbound and not c.is_follow_up as is_asked,
  r.repeat_key is not null as is_repeat,
  c.satisfaction
from core.phase_stretches as s
inner join core.journey_members as m on m.case_key = s.case_key and m.kind = 'case'
inner join core.journey_members as t on t.journey_key = m.journey_key and t.kind = 'contact'
inner join core.contacts as c
  on c.contact_key = t.contact_key and c.contacted_at >= s.entered_at and c.contacted_at < s.left_at
left join repeats as r on r.repeat_key = c.contact_key
