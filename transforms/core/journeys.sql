/*
meaning: One row per journey of one resident, from the first contact or case to the outcome.
columns:
  journey_key: Number of the journey.
  journey: Which journey it is; that of its first case, else of its first contact.
  service_formula: Service formula of that journey.
  client: Pseudonym of the resident, null when not known.
  target_group: Target group of its first case that has one, null when not known.
  started_at: First contact or case. [UTC instant]
  started_on: Its date in Amsterdam. [date]
  first_case_at: Start of its first case, null without one. [UTC instant]
  ended_at: End of its last case, or its last contact where there is no case; null while a case is open, or while a further contact could still belong to it. [UTC instant]
  cutoff_at: Moment up to which it was followed. [UTC instant]
  cases: Cases in it. [count]
  contacts: Contacts in which the resident took the initiative. [count]
  channels: Different channels of its cases and contacts. [count]
  organisations: Different organisations that worked on its cases, null when none is known. [count]
  teams: Different teams that the resident had to do with or that worked on its cases, null when none is known. [count]
  repeats: Contacts in which the same was asked again within 28 days. [count]
  callbacks: Contacts at which a callback was promised. [count]
  duration_us: From the start to the end, null while it has none. [microseconds]
  before_case_us: From the first contact to the first case, null where no contact came first. [microseconds]
tests:
  - unique: [journey_key]
  - not_null: [journey_key, journey, started_at, started_on, cutoff_at, cases, contacts, channels, repeats]
  - assert:
      name: a_journey_does_not_end_before_it_starts
      rows: select * from core.journeys where ended_at < started_at
*/
with members as (
  select
    m.journey_key,
    m.item_key,
    m.kind,
    i.journey,
    i.client,
    i.started_at,
    m.case_key,
    m.contact_key
  from core.journey_members as m
  inner join core.journey_items as i on i.item_key = m.item_key
),
of_cases as (
  select
    m.journey_key,
    count(*) as cases,
    min_by(c.journey, m.item_key) as journey,
    min_by(c.target_group, m.item_key) filter (where c.target_group is not null) as target_group,
    min(c.opened_at) as first_case_at,
    max(greatest(c.closed_at, c.opened_at)) as closed_at,
    count(*) filter (where c.closed_at is null) as open_cases,
    max(c.cutoff_at) as cutoff_at
  from members as m
  inner join core.cases as c on c.case_key = m.case_key
  where m.kind = 'case'
  group by m.journey_key
),
seen as (
  select c.source, coalesce(max(s.cutoff_at), max(c.contacted_at)) as cutoff_at
  from core.contacts as c
  inner join core.sources as s on s.source = c.source
  group by c.source
),
of_contacts as (
  select
    m.journey_key,
    count(*) filter (where c.is_inbound and not c.is_follow_up) as contacts,
    count(*) filter (where r.repeat_key is not null) as repeats,
    count(*) filter (where c.has_callback) as callbacks,
    min(c.contacted_at) as first_contact_at,
    max(c.contacted_at) as last_contact_at,
    max(s.cutoff_at) as cutoff_at
  from members as m
  inner join core.contacts as c on c.contact_key = m.contact_key
  inner join seen as s on s.source = c.source
  left join (select distinct repeat_key from core.contact_repeats) as r
    on r.repeat_key = c.contact_key
  where m.kind = 'contact'
  group by m.journey_key
),
ways as (
  select m.journey_key, c.channel
  from members as m
  inner join core.cases as c on c.case_key = m.case_key
  where m.kind = 'case' and c.channel is not null
  union
  select m.journey_key, c.channel
  from members as m
  inner join core.contacts as c on c.contact_key = m.contact_key
  where c.channel is not null
),
units as (
  select m.journey_key, a.level, u.unit
  from members as m
  inner join core.assignments as a on a.case_key = m.case_key
  inner join core.units as u on u.level = a.level and u.unit_key = a.unit_key
  where m.kind = 'case' and a.level <> 'person'
  union
  select m.journey_key, 'team', c.team
  from members as m
  inner join core.contacts as c on c.contact_key = m.contact_key
  where c.team is not null
),
counted_ways as (
  select journey_key, count(*) as channels from ways group by journey_key
),
counted_units as (
  select
    journey_key,
    count(*) filter (where level = 'team') as teams,
    count(*) filter (where level = 'organisation') as organisations
  from units
  group by journey_key
),
begun as (
  select
    journey_key,
    min(started_at) as started_at,
    min(client) as client,
    min_by(journey, item_key) filter (where journey is not null) as journey
  from members
  group by journey_key
),
whole as (
  select
    b.journey_key,
    coalesce(k.journey, b.journey) as journey,
    b.client,
    k.target_group,
    b.started_at,
    k.first_case_at,
    k.closed_at,
    k.open_cases,
    t.first_contact_at,
    t.last_contact_at,
    greatest(coalesce(k.cutoff_at, t.cutoff_at), coalesce(t.cutoff_at, k.cutoff_at)) as cutoff_at,
    coalesce(k.cases, 0) as cases,
    coalesce(t.contacts, 0) as contacts,
    coalesce(w.channels, 0) as channels,
    nullif(u.organisations, 0) as organisations,
    nullif(u.teams, 0) as teams,
    coalesce(t.repeats, 0) as repeats,
    coalesce(t.callbacks, 0) as callbacks
  from begun as b
  left join of_cases as k on k.journey_key = b.journey_key
  left join of_contacts as t on t.journey_key = b.journey_key
  left join counted_ways as w on w.journey_key = b.journey_key
  left join counted_units as u on u.journey_key = b.journey_key
),
ended as (
  select
    w.*,
    j.service_formula,
    case
      when w.cases > 0 and w.open_cases = 0 then w.closed_at
      when w.cases = 0 and w.last_contact_at + j.gap_days * interval 1 day < w.cutoff_at
        then w.last_contact_at
    end as ended_at
  from whole as w
  inner join config.journeys as j on j.journey = w.journey
)
select
  journey_key,
  journey,
  service_formula,
  client,
  target_group,
  started_at,
  cast(timezone('Europe/Amsterdam', started_at) as date) as started_on,
  first_case_at,
  ended_at,
  cutoff_at,
  cases,
  contacts,
  channels,
  organisations,
  teams,
  repeats,
  callbacks,
  epoch_us(ended_at) - epoch_us(started_at) as duration_us,
  case when first_contact_at < first_case_at
    then epoch_us(first_case_at) - epoch_us(first_contact_at)
  end as before_case_us
from ended
