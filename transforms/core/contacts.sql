/*
meaning: One row per question of a resident, or answer to one, from every contact system.
columns:
  contact_key: Number of the contact, by source, time and place in the source; joins the other contact tables.
  source: Source of the contact.
  contact_id: Pseudonym of the contact.
  client: Pseudonym of the resident, the same as in the case systems; null for anonymous contacts.
  contacted_at: When it took place. [UTC instant]
  contacted_on: Date in Amsterdam. [date]
  channel: Channel as the source names it.
  topic: Topic as the source names it, null when not kept.
  reason: Reason as the source names it, null when none.
  kind: What topic or reason say of it by configuration - status, wrong_number or internal; else null.
  subject_type: The registered type of subject, null when none.
  subject: What makes two questions one - the topic, or the hash of the subject.
  case_id: Pseudonym of the case that it is about, if that case is known.
  case_key: That case, if it belongs to a journey.
  journey: Journey of the case, else of the topic, else of the source; null when none is known.
  service_formula: Service formula of that journey.
  actor: Pseudonym of the employee, null when not known.
  team: Team, null when not known.
  is_inbound: Whether the resident took the initiative.
  follows: The contact that it follows up as a callback.
  is_follow_up: Whether it follows up another contact.
  is_reached: Whether the person was reached, null when not registered.
  has_further_action: Whether further action was registered, null when not registered.
  has_callback: Whether a callback was promised, null where no source of callbacks belongs to it.
  result: Result as registered, null when none.
  is_resolved: Whether that result means that the question was answered, null without a result.
  handled_s: How long it took. [seconds]
  satisfaction: What the resident gave for it, as the source counts.
  time_quality: Exact, or day.
  seen_before_us: Time before it in which the source was seen. [microseconds]
  seen_after_us: Time after it in which the source was seen, until its latest contact. [microseconds]
tests:
  - unique: [contact_key]
  - unique: [source, contact_id]
  - not_null: [contact_key, source, contact_id, contacted_at, is_inbound, is_follow_up]
*/
with placed as (
  select r.*, r.sequence as place
  from raw.contacts as r
  inner join config.sources as s on s.source = r.source
  where not s.has_event_rows
  union all
  select r.*,
    -row_number() over (partition by r.source, r.contact_id order by r.contacted_at, r.sequence)
  from raw.contacts as r
  inner join config.sources as s on s.source = r.source
  where s.has_event_rows
),
exported as (
  select
    r.source,
    r.contact_id,
    min(r.sequence) as sequence,
    max_by(r.client, r.place) as client,
    max_by(r.contacted_at, r.place) as contacted_at,
    max_by(r.channel, r.place) as channel,
    max_by(r.topic, r.place) as topic,
    max_by(r.reason, r.place) as reason,
    max_by(r.case_id, r.place) as case_id,
    max_by(r.actor, r.place) as actor,
    max_by(r.team, r.place) as team,
    max_by(r.direction, r.place) as direction,
    max_by(r.follows, r.place) as follows,
    max_by(r.result, r.place) as result,
    max_by(r.handled_s, r.place) as handled_s,
    max_by(r.satisfaction, r.place) as satisfaction,
    max_by(r.time_quality, r.place) as time_quality
  from placed as r
  group by r.source, r.contact_id
),
promised as (
  select distinct f.contacts as source, b.contact_id
  from raw.callbacks as b
  inner join config.callback_sources as f on f.source = b.source
),
gathered as (
  select
    e.source, e.contact_id, e.sequence, e.client, e.contacted_at, e.channel, e.topic, e.reason,
    cast(null as varchar) as subject_type, lower(trim(e.topic)) as subject, e.case_id, e.actor,
    e.team, o.channel is not null as is_outbound,
    case when e.follows <> e.contact_id then e.follows end as follows,
    cast(null as boolean) as is_reached, cast(null as boolean) as has_further_action,
    case when f.contacts is not null then p.contact_id is not null end as has_callback, e.result, e.handled_s, e.satisfaction,
    e.time_quality
  from exported as e
  left join (select distinct contacts from config.callback_sources) as f on f.contacts = e.source
  left join promised as p on p.source = e.source and p.contact_id = e.contact_id
  left join config.outbound as o
    on o.source = e.source and o.channel = lower(trim(e.direction))
  union all
  select
    source, contact_id, null, client, contacted_at, channel, topic, null, subject_type, subject,
    case_id, actor, team, is_outbound, follows, is_reached, has_further_action, has_callback, result,
    handled_s, cast(null as double), 'exact'
  from core.ki_contacts
),
topics as (
  select topic, min(journey) as journey from config.topics group by topic
),
own_case as (
  select case_id, min(case_key) as case_key, min(journey) as journey
  from core.cases
  group by case_id
)
select
  row_number() over (order by g.source, g.contacted_at, g.sequence, g.contact_id)
    as contact_key,
  g.source,
  g.contact_id,
  g.client,
  g.contacted_at,
  cast(timezone('Europe/Amsterdam', g.contacted_at) as date) as contacted_on,
  g.channel,
  g.topic,
  g.reason,
  coalesce(w.kind, k.kind) as kind,
  g.subject_type,
  g.subject,
  g.case_id,
  c.case_key,
  coalesce(c.journey, t.journey, s.journey) as journey,
  j.service_formula,
  g.actor,
  g.team,
  not g.is_outbound as is_inbound,
  g.follows,
  g.follows is not null as is_follow_up,
  g.is_reached,
  g.has_further_action,
  g.has_callback,
  g.result,
  case when g.result is not null and lower(g.result) <> 'onbekend' then r.result is not null end
    as is_resolved,
  g.handled_s,
  g.satisfaction,
  g.time_quality,
  epoch_us(g.contacted_at) - min(epoch_us(g.contacted_at)) over (partition by g.source)
    as seen_before_us,
  max(epoch_us(g.contacted_at)) over (partition by g.source) - epoch_us(g.contacted_at)
    as seen_after_us
from gathered as g
inner join config.sources as s on s.source = g.source
left join own_case as c on c.case_id = g.case_id
left join topics as t on t.topic = g.topic
left join config.journeys as j on j.journey = coalesce(c.journey, t.journey, s.journey)
left join config.resolved_results as r
  on r.source = g.source and r.result = lower(trim(g.result))
left join config.contact_words as w on w.word = lower(trim(g.reason))
left join config.contact_words as k on k.word = lower(trim(g.topic))
