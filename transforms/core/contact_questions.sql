/*
meaning: When the same resident asked before and asked again, one row per contact that has the key. Asking again at the same instant, later in the source, counts as after 0 microseconds.
columns:
  contact_key: The contact.
  match_key: What makes two contacts one question - topic (resident and topic) or client (the resident alone).
  before_us: Time since the contact of the same key before it, null where there is none. [microseconds]
  after_us: Time until the contact of the same key after it, null where there is none. [microseconds]
tests:
  - unique: [contact_key, match_key]
  - not_null: [contact_key, match_key]
*/
with asked as (
  select contact_key, source, client, subject, epoch_us(contacted_at) as at_us
  from core.contacts
  where is_inbound and not is_follow_up and client is not null
    and coalesce(kind, 'status') = 'status'
)
select
  contact_key,
  'topic' as match_key,
  at_us - lag(at_us) over question as before_us,
  lead(at_us) over question - at_us as after_us
from asked
where subject is not null
window question as (partition by source, client, subject order by contact_key)
union all
select
  contact_key,
  'client',
  at_us - lag(at_us) over person,
  lead(at_us) over person - at_us
from asked
window person as (partition by source, client order by contact_key)
