/*
meaning: One row per callback that was promised, from every contact system.
columns:
  source: Source of the contact at which it was promised.
  contact_id: That contact.
  contact_key: That contact, if it is known.
  team: Team that must call back, null when not known.
  promised_at: When it was promised. [UTC instant]
  due_at: Until when, null when not registered. [UTC instant]
  done_at: When it was done, null while open. [UTC instant]
  attempts: Calls made, null when not known. [count]
  first_attempt_at: First contact that follows up the promise. [UTC instant]
  has_reopened: Whether it was open again after it had been done, as far as pulls saw.
tests:
  - not_null: [source, contact_id, promised_at, has_reopened]
*/
with attempts as (
  select source, follows, min(contacted_at) as first_attempt_at, count(*) as attempts
  from core.contacts
  where follows is not null
  group by source, follows
),
done_before as (
  select source, internetaak
  from raw.ki_internetaken
  where status = 'verwerkt'
  group by source, internetaak
),
pulled as (
  select
    t.source,
    t.klantcontact as contact_id,
    a.afdeling as team,
    t.toegewezen_op as promised_at,
    cast(null as timestamptz) as due_at,
    t.afgehandeld_op as done_at,
    cast(null as double) as attempts,
    t.afgehandeld_op is null and d.internetaak is not null as has_reopened
  from raw.ki_internetaken as t
  left join raw.ki_actoren as a
    on a.source = t.source and a.actor = t.actor and a.observed_to is null
  left join done_before as d on d.source = t.source and d.internetaak = t.internetaak
  where t.observed_to is null and t.klantcontact is not null and t.toegewezen_op is not null
),
gathered as (
  select f.contacts as source, b.contact_id, b.team, b.promised_at, b.due_at, b.done_at,
    b.attempts, false as has_reopened
  from raw.callbacks as b
  inner join config.callback_sources as f on f.source = b.source
  union all
  select source, contact_id, team, promised_at, due_at, done_at, attempts, has_reopened
  from pulled
)
select
  g.source,
  g.contact_id,
  c.contact_key,
  g.team,
  g.promised_at,
  g.due_at,
  g.done_at,
  cast(coalesce(g.attempts, a.attempts) as integer) as attempts,
  a.first_attempt_at,
  g.has_reopened
from gathered as g
left join core.contacts as c on c.source = g.source and c.contact_id = g.contact_id
left join attempts as a on a.source = g.source and a.follows = g.contact_id
