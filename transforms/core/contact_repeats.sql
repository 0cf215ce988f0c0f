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
  select contact_key, source, client, contacted_at, case_id, subject_type, subject
  from core.contacts
  where is_inbound and not is_follow_up and client is not null
),
pairs as (
  select
    a.contact_key,
    b.contact_key as repeat_key,
    epoch_us(b.contacted_at) - epoch_us(a.contacted_at) as after_us
  from asked as a
  inner join asked as b
    on b.source = a.source and b.client = a.client
    and b.contacted_at > a.contacted_at
    and b.contacted_at <= a.contacted_at + interval 28 day
    and case
      when a.case_id is not null and b.case_id is not null then a.case_id = b.case_id
      when a.subject_type is not null and b.subject_type is not null
        then a.subject_type = b.subject_type
      else a.subject = b.subject
    end
),
ranked as (
  select
    contact_key,
    repeat_key,
    after_us,
    row_number() over (partition by contact_key order by after_us, repeat_key) as place
  from pairs
)
select contact_key, repeat_key, after_us from ranked where place = 1
