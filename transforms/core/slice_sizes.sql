/*
meaning: How many of everything that figures are about there are in each slice, before any exclusion.
columns:
  counts: What is counted - cases, contacts, callbacks, journeys, residents with a closed case of a lifelong need, or clients with a contact.
  journey: Journey; all in the slices of a service formula, and where contacts and callbacks are pooled.
  segment_kind: All, channel, target_group, topic, team or service_formula.
  segment: All, or one of that kind.
  period_kind: All, month, week or closing_month.
  period: The period.
  period_start: First day of the period, null for all. [date]
  size: How many there are. [count]
tests:
  - unique: [counts, journey, segment_kind, segment, period_kind, period]
*/
select 'cases' as counts, journey, segment_kind, segment, period_kind, period, period_start,
  count(*) as size
from core.case_slices
group by journey, segment_kind, segment, period_kind, period, period_start
union all
select 'contacts', journey, segment_kind, segment, period_kind, period, period_start,
  cast(sum(contacts) as bigint)
from core.contact_slices
group by journey, segment_kind, segment, period_kind, period, period_start
union all
select 'callbacks', journey, segment_kind, segment, period_kind, period, period_start, count(*)
from core.callback_slices
group by journey, segment_kind, segment, period_kind, period, period_start
union all
select 'journeys', journey, segment_kind, segment, period_kind, period, period_start, count(*)
from core.journey_slices
group by journey, segment_kind, segment, period_kind, period, period_start
union all
select 'residents', s.journey, s.segment_kind, s.segment, s.period_kind, s.period, s.period_start,
  count(distinct r.client)
from core.reassessments as r
inner join core.case_slices as s on s.case_key = r.case_key
where s.period_kind in ('all', 'closing_month')
group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period, s.period_start
union all
select 'clients', journey, segment_kind, segment, 'all', 'all', null, count(distinct client)
from core.client_continuity
group by journey, segment_kind, segment
