/*
meaning: The contacts of Klantinteracties sources as they are now, with what other lists tell of them.
columns:
  source: Source of the contact.
  contact_id: Pseudonym of the contact.
  client: Pseudonym of the resident, null for anonymous contacts.
  contacted_at: When it took place. [UTC instant]
  channel: Channel as registered.
  topic: Subject, where the configuration lists it as a topic.
  subject_type: The registered type of subject, null when none.
  subject: Hash of the normalised subject.
  case_id: Pseudonym of the linked case, if it is a case that is known.
  actor: Pseudonym of the employee, null when not known.
  team: Department, null when not known.
  is_outbound: Whether the municipality sent it - by an outbound channel or an automated actor.
  follows: The contact that it follows up, never itself.
  is_reached: Whether the person was reached, null when not registered.
  has_further_action: Whether further action was registered.
  has_callback: Whether a callback was promised.
  result: Result of the conversation by KISS, null without KISS.
  handled_s: Length of the conversation by KISS. [seconds]
tests:
  - unique: [source, contact_id]
  - not_null: [source, contact_id, contacted_at, is_outbound, has_callback]
*/
with people as (
  select
    b.source,
    b.klantcontact,
    coalesce(
      min(b.partij) filter (where b.is_initiator),
      min(b.partij)
    ) as partij
  from raw.ki_betrokkenen as b
  where b.observed_to is null and b.rol = 'klant' and b.partij is not null
  group by b.source, b.klantcontact
),
numbers as (
  select source, partij, min(client) as client
  from raw.ki_partij_identificatoren
  where observed_to is null and client is not null
  group by source, partij
),
subjects as (
  select
    o.source,
    o.klantcontact,
    min(o.was_klantcontact) filter (where o.was_klantcontact <> o.klantcontact) as follows,
    min(o.zaak) filter (where c.case_id is not null) as case_id
  from raw.ki_onderwerpobjecten as o
  left join (select distinct case_id from core.recorded_cases) as c on c.case_id = o.zaak
  where o.observed_to is null
  group by o.source, o.klantcontact
),
promises as (
  select distinct source, klantcontact
  from raw.ki_internetaken
  where observed_to is null and klantcontact is not null
),
talks as (
  select
    source,
    klantcontact,
    max_by(gespreksresultaat, observed_from) as result,
    max_by(epoch_us(geeindigd_op) - epoch_us(begonnen_op), observed_from) / 1000000.0 as handled_s
  from raw.kiss_gesprekken
  where observed_to is null
  group by source, klantcontact
)
select
  k.source,
  k.klantcontact as contact_id,
  coalesce(n.client, p.partij) as client,
  k.plaatsgevonden_op as contacted_at,
  k.kanaal as channel,
  k.onderwerp as topic,
  k.hoofd_onderwerp_type as subject_type,
  k.onderwerp_hash as subject,
  s.case_id,
  k.medewerker as actor,
  k.afdeling as team,
  k.is_geautomatiseerd or u.channel is not null as is_outbound,
  s.follows,
  k.is_gelukt as is_reached,
  k.is_verdere_actie as has_further_action,
  m.klantcontact is not null as has_callback,
  t.result,
  t.handled_s
from raw.ki_klantcontacten as k
left join people as p on p.source = k.source and p.klantcontact = k.klantcontact
left join numbers as n on n.source = k.source and n.partij = p.partij
left join subjects as s on s.source = k.source and s.klantcontact = k.klantcontact
left join promises as m on m.source = k.source and m.klantcontact = k.klantcontact
left join talks as t on t.source = k.source and t.klantcontact = k.klantcontact
left join config.outbound as u on u.source = k.source and u.channel = lower(trim(k.kanaal))
where k.observed_to is null
