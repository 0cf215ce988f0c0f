/*
meaning: One row per case, with its dates as instants and as Amsterdam calendar dates.
columns:
  case_key: Number of the case, by order of arrival; joins the other core tables.
  case_id: Pseudonym of the case.
  source: Source that the case came from.
  case_type: Case type as the source names it.
  journey: Journey that the case belongs to.
  service_formula: Service formula of that journey.
  client: Pseudonym of the client, null when not known.
  channel: Channel of the request, null when not known.
  target_group: Target group, null when not known.
  result: Result as the source names it.
  opened_at: Registered start; the first event where none is registered. [UTC instant]
  closed_at: End of the case, null while open. [UTC instant]
  end_basis: Where the end comes from - registered, activity, or last event.
  planned_end_at: Planned end. [UTC instant]
  legal_end_at: End of the term as registered. [UTC instant]
  opened_on: Date of the start in Amsterdam. [date]
  closed_on: Date of the end in Amsterdam. [date]
  planned_end_on: Date of the planned end in Amsterdam. [date]
  legal_end_on: Date of the end of the term in Amsterdam. [date]
  legal_end_rolled_on: The same, rolled by the Algemene termijnenwet as configured. [date]
  legal_end_short_rolled_on: The same, with no roll for terms of more than 84 days in all. [date]
  term: Number of the configured term that is for its case type on the day that it began, if any.
  statutory_end_on: Start plus that term, without extension; null where another activity starts the term. [date]
  statutory_end_rolled_on: The same, rolled. [date]
  first_event_at: First event of the case. [UTC instant]
  last_event_at: Last event of the case. [UTC instant]
  event_count: Number of events. [count]
  lead_time_us: From start to end, null while open, negative if so registered. [microseconds]
  throughput_us: From first to last event. [microseconds]
  age_us: From start to cut-off, for open cases alone. [microseconds]
  cutoff_at: Data cut-off of the source. [UTC instant]
  cutoff_on: Date of the cut-off in Amsterdam. [date]
  has_conflicts: Whether a case attribute carried more than one value.
tests:
  - unique: [case_key]
  - unique: [source, case_id]
  - not_null: [case_key, case_id, source, journey, service_formula, opened_at, opened_on, event_count]
  - assert:
      name: every_case_has_a_journey
      meaning: Cases whose case type no journey lists are left out of every figure.
      severity: warning
      rows: >-
        select r.source, r.case_type, count(*) as cases from core.recorded_cases as r
        where not exists (select 1 from core.cases as c
        where c.source = r.source and c.case_id = r.case_id)
        group by r.source, r.case_type
*/
with spans as (
  select
    e.source,
    e.case_id,
    min(e.occurred_at) as first_event_at,
    max(e.occurred_at) as last_event_at,
    count(*) as event_count
  from core.recorded_events as e
  group by e.source, e.case_id
),
ends as (
  select e.source, e.case_id, a.journey, max(e.occurred_at) as ended_at
  from core.recorded_events as e
  inner join config.end_activities as a on a.activity = e.activity
  group by e.source, e.case_id, a.journey
),
dated as (
  select
    cast(row_number() over (order by s.position, r.sequence) as integer) as case_key,
    r.case_id,
    r.source,
    r.case_type,
    j.journey,
    j.service_formula,
    r.client,
    r.channel,
    r.target_group,
    r.result,
    coalesce(r.opened_at, p.first_event_at) as opened_at,
    case
      when s.has_registered_end then r.closed_at
      when j.has_end_activities then e.ended_at
      else p.last_event_at
    end as closed_at,
    case
      when s.has_registered_end then 'registered'
      when j.has_end_activities then 'activity'
      else 'last event'
    end as end_basis,
    r.planned_end_at,
    r.legal_end_at,
    p.first_event_at,
    p.last_event_at,
    coalesce(p.event_count, 0) as event_count,
    o.cutoff_at,
    r.has_conflicts
  from core.recorded_cases as r
  left join spans as p on p.source = r.source and p.case_id = r.case_id
  inner join config.sources as s on s.source = r.source
  inner join core.sources as o on o.source = r.source
  left join config.case_types as t on t.case_type = r.case_type
  inner join config.journeys as j on j.journey = coalesce(s.journey, t.journey)
  left join ends as e
    on e.source = r.source and e.case_id = r.case_id and e.journey = j.journey
),
local as (
  select
    d.*,
    cast(timezone('Europe/Amsterdam', d.opened_at) as date) as opened_on,
    cast(timezone('Europe/Amsterdam', d.closed_at) as date) as closed_on,
    cast(timezone('Europe/Amsterdam', d.planned_end_at) as date) as planned_end_on,
    cast(timezone('Europe/Amsterdam', d.legal_end_at) as date) as legal_end_on,
    cast(timezone('Europe/Amsterdam', d.cutoff_at) as date) as cutoff_on
  from dated as d
),
kinds as (
  select distinct journey, coalesce(case_type, '') as case_type, opened_on from local
),
ruled as (
  select
    k.journey,
    k.case_type,
    k.opened_on,
    t.term,
    t.term_days,
    t.longest_rolling_days,
    t.is_statutory,
    t.has_start_activities,
    row_number() over (
      partition by k.journey, k.case_type, k.opened_on order by t.case_type nulls last
    ) as choice
  from kinds as k
  inner join config.terms as t
    on t.journey = k.journey and (t.case_type is null or t.case_type = k.case_type)
    and k.opened_on between t.valid_from and t.valid_until
),
termed as (
  select
    l.*,
    r.term,
    case when not r.has_start_activities then l.opened_on + r.term_days end as statutory_end_on,
    coalesce(r.is_statutory and r.term_days <= r.longest_rolling_days, true) as may_roll,
    date_diff('day', l.opened_on, l.legal_end_on) > 84 as is_long_term
  from local as l
  left join ruled as r
    on r.journey = l.journey and r.case_type = coalesce(l.case_type, '')
    and r.opened_on = l.opened_on and r.choice = 1
)
select
  t.case_key,
  t.case_id,
  t.source,
  t.case_type,
  t.journey,
  t.service_formula,
  t.client,
  t.channel,
  t.target_group,
  t.result,
  t.opened_at,
  t.closed_at,
  t.end_basis,
  t.planned_end_at,
  t.legal_end_at,
  t.opened_on,
  t.closed_on,
  t.planned_end_on,
  t.legal_end_on,
  case
    when t.may_roll and (m.roll_extended_terms or not t.is_long_term)
      then coalesce(d.rolled_on, t.legal_end_on)
    else t.legal_end_on
  end as legal_end_rolled_on,
  case
    when t.may_roll and not t.is_long_term then coalesce(d.rolled_on, t.legal_end_on)
    else t.legal_end_on
  end as legal_end_short_rolled_on,
  t.term,
  t.statutory_end_on,
  case when t.may_roll then s.rolled_on else t.statutory_end_on end as statutory_end_rolled_on,
  t.first_event_at,
  t.last_event_at,
  t.event_count,
  epoch_us(t.closed_at) - epoch_us(t.opened_at) as lead_time_us,
  epoch_us(t.last_event_at) - epoch_us(t.first_event_at) as throughput_us,
  case when t.closed_at is null then epoch_us(t.cutoff_at) - epoch_us(t.opened_at) end as age_us,
  t.cutoff_at,
  t.cutoff_on,
  t.has_conflicts
from termed as t
cross join config.municipality as m
left join config.calendar_days as d on d.day = t.legal_end_on
left join config.calendar_days as s on s.day = t.statutory_end_on
order by t.case_key
