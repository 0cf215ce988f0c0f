/*
meaning: The first later contact within 28 days in which the same resident asked the same again. Same is decided by the strongest thing that both contacts have - the case, else the type of subject, else the subject.
columns:
  contact_key: The contact that was repeated.
  repeat_key: The contact that repeats it.
  after_us: Time between the two. [microseconds]
tests:
  - unique: [contact_key]
  - assert:
      name: a_repeat_comes_later
      rows: select * from core.contact_repeats where after_us <= 0
*/
with asked as (
  select contact_key, source, client, epoch_us(contacted_at) as at_us, case_id, subject_type,
    subject
  from core.contacts
  where is_inbound and not is_follow_up and client is not null
    and coalesce(kind, 'status') = 'status'
),
-- The least key among later contacts is the nearest. What one of two contacts lacks cannot tell them
-- apart, so it is looked for among those that lack it as well.
nearest as (
  select
    contact_key,
    at_us,
    case when case_id is not null then min(contact_key) over same_case end as by_case,
    case
      when subject_type is null then null
      when case_id is null then min(contact_key) over same_type
      else min(case when case_id is null then contact_key end) over same_type
    end as by_type,
    case
      when subject is null then null
      when case_id is null and subject_type is null then min(contact_key) over same_subject
      when case_id is null
        then min(case when subject_type is null then contact_key end) over same_subject
      when subject_type is null
        then min(case when case_id is null then contact_key end) over same_subject
      else min(case when case_id is null and subject_type is null then contact_key end)
        over same_subject
    end as by_subject
  from asked
  window
    same_case as (
      partition by source, client, case_id order by at_us
      range between 1 following and unbounded following
    ),
    same_type as (
      partition by source, client, subject_type order by at_us
      range between 1 following and unbounded following
    ),
    same_subject as (
      partition by source, client, subject order by at_us
      range between 1 following and unbounded following
    )
),
found as (
  select contact_key, at_us, least(by_case, by_type, by_subject) as repeat_key from nearest
)
select f.contact_key, f.repeat_key, a.at_us - f.at_us as after_us
from found as f
inner join asked as a on a.contact_key = f.repeat_key
where a.at_us - f.at_us <= 2419200000000
