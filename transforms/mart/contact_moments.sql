/*
meaning: How often residents took contact in each phase of a journey, by channel - before and now, over the days of the heartbeat.
public: true
columns:
  journey: Journey.
  phase: Phase.
  moment: Before or now.
  channel: Channel, null where the source names none.
  contacts: Contacts in the phase in which the resident took the initiative. [count]
  cases: Stretches of cases in the phase with such a contact by this channel. [count]
  stretches: All stretches of cases in the phase. [count]
  per_100: Contacts per 100 stretches. [count]
tests:
  - unique: [journey, phase, moment, channel]
  - not_null: [journey, phase, moment, contacts, cases, stretches, per_100]
*/
with counted as (
  select p.moment, s.journey, s.phase, s.case_key, s.visit
  from core.heartbeat_spans as p
  inner join core.phase_stretches as s
    on s.journey = p.journey and s.entered_on >= p.first_day and s.entered_on <= p.last_day
),
sizes as (
  select journey, phase, moment, count(*) as stretches from counted group by journey, phase, moment
),
asked as (
  select
    n.journey,
    n.phase,
    n.moment,
    c.channel,
    n.case_key,
    n.visit,
    count(*) as contacts
  from counted as n
  inner join core.phase_contacts as c on c.case_key = n.case_key and c.visit = n.visit
  where c.is_asked
  group by n.journey, n.phase, n.moment, c.channel, n.case_key, n.visit
)
select
  a.journey,
  a.phase,
  a.moment,
  a.channel,
  cast(sum(a.contacts) as bigint) as contacts,
  count(*) as cases,
  z.stretches,
  100.0 * sum(a.contacts) / z.stretches as per_100
from asked as a
inner join sizes as z
  on z.journey = a.journey and z.phase = a.phase and z.moment = a.moment
group by a.journey, a.phase, a.moment, a.channel, z.stretches
order by a.journey, a.phase, a.moment, a.channel
