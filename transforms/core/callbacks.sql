/*
meaning: One row per callback that was promised, from every contact system. Where several rows of an export tell of one promise, the last that knows a value is believed.
columns:
  callback_key: Number of the callback.
  source: Source of the contact at which it was promised.
  contact_id: That contact.
  contact_key: That contact, if it is known.
  team: Team that must call back, null when not known.
  promised_at: When it was promised. [UTC instant]
  due_at: Until when; where that is not registered, the end of the last working day of the norm, null without one. [UTC instant]
  is_due_registered: Whether that moment is registered.
  done_at: When it was done, null while open. [UTC instant]
  attempts: Calls made, null when not known. [count]
  first_attempt_at: First contact that follows up the promise. [UTC instant]
  is_reached_at_first: Whether the first attempt reached the resident, null when not known.
  has_reopened: Whether it was open again after it had been done, as far as pulls saw; null for exports.
  cutoff_at: The moment up to which callbacks are known. [UTC instant]
tests:
  - unique: [callback_key]
  - not_null: [callback_key, source, contact_id, promised_at]
*/
with attempts as (
  select source, follows, min(contacted_at) as first_attempt_at, count(*) as attempts,
    min_by(is_reached, contact_key) as is_reached_at_first
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
  select
    f.contacts as source,
    b.contact_id,
    max_by(b.team, b.sequence) as team,
    b.promised_at,
    max_by(b.due_at, b.sequence) as due_at,
    max_by(b.done_at, b.sequence) as done_at,
    max_by(b.attempts, b.sequence) as attempts,
    cast(null as boolean) as has_reopened,
    b.source as told_by
  from raw.callbacks as b
  inner join config.callback_sources as f on f.source = b.source
  group by f.contacts, b.source, b.contact_id, b.promised_at
  union all
  select source, contact_id, team, promised_at, due_at, done_at, attempts, has_reopened, source
  from pulled
),
dated as (
  select *, cast(timezone('Europe/Amsterdam', promised_at) as date) as promised_on from gathered
),
-- How many working days went by up to each day, and the day after the one that makes so many.
counted_days as (
  select
    day,
    sum(case when is_weekend or listed_day is not null then 0 else 1 end) over (order by day)
      as working_days
  from config.calendar_days
),
working_days as (
  select working_days, min(day) + 1 as over_on from counted_days group by working_days
),
latest as (
  select source, max(contacted_at) as contacted_at from core.contacts group by source
)
select
  row_number() over (order by g.source, g.promised_at, g.contact_id, g.told_by) as callback_key,
  g.source,
  g.contact_id,
  c.contact_key,
  g.team,
  g.promised_at,
  coalesce(
    g.due_at, timezone('Europe/Amsterdam', cast(w.over_on as timestamp)) - interval 1 microsecond
  ) as due_at,
  g.due_at is not null as is_due_registered,
  g.done_at,
  cast(coalesce(g.attempts, a.attempts) as integer) as attempts,
  a.first_attempt_at,
  coalesce(
    a.is_reached_at_first,
    case
      when coalesce(g.attempts, a.attempts) = 1 then g.done_at is not null
      when coalesce(g.attempts, a.attempts) > 1 then false
    end
  ) as is_reached_at_first,
  g.has_reopened,
  coalesce(s.cutoff_at, l.contacted_at, max(g.promised_at) over (partition by g.told_by))
    as cutoff_at
from dated as g
cross join config.municipality as m
left join counted_days as d on d.day = g.promised_on
left join working_days as w on w.working_days = d.working_days + m.callback_working_days
left join core.sources as s on s.source = g.told_by
left join latest as l on l.source = g.source
left join core.contacts as c on c.source = g.source and c.contact_id = g.contact_id
left join attempts as a on a.source = g.source and a.follows = g.contact_id
