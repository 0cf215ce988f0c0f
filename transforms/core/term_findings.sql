/*
meaning: What was found about terms, suspensions and working hours, counted per source.
columns:
  source: Source.
  finding: Identifier of the finding.
  severity: Info or warning.
  affected: Cases or events affected. [count]
  total: Out of how many. [count]
tests:
  - unique: [source, finding]
  - not_null: [source, finding, severity, affected, total]
*/
with per_case as (
  select
    c.source,
    count(*) as cases,
    count(*) filter (where not k.is_suspension_known) as unknown_suspensions,
    count(*) filter (where t.differs) as differing,
    count(t.differs) as compared,
    count(*) filter (where t.extension_times > 0) as extended,
    count(*) filter (where t.is_extension_late) as late_extensions,
    count(*) filter (where t.extension_times > 1) as repeated_extensions
  from core.cases as c
  inner join core.case_times as k on k.case_key = c.case_key
  left join core.terms as t on t.case_key = c.case_key
  group by c.source
),
invitations as (
  select
    c.source,
    count(*) as invitations,
    count(*) filter (where r.role = 'is void') as without_period
  from core.events as e
  inner join config.suspending as r on r.activity = e.activity and r.role <> 'ends'
  inner join core.cases as c on c.case_key = e.case_key and c.journey = r.journey
  group by c.source
),
hours as (
  select
    c.source,
    count(*) as events,
    count(*) filter (where e.occurred_at >= d.opens_at and e.occurred_at < d.closes_at) as inside
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  left join config.calendar_days as d
    on d.day = cast(timezone('Europe/Amsterdam', e.occurred_at) as date)
  group by c.source
)
select source, 'deadline_differs_from_clock' as finding, 'warning' as severity,
  differing as affected, compared as total
from per_case
union all
select source, 'late_extensions', 'warning', late_extensions, extended from per_case
union all
select source, 'repeated_extensions', 'warning', repeated_extensions, extended from per_case
union all
select source, 'unknown_suspensions', 'info', unknown_suspensions, cases from per_case
union all
select source, 'invitations_without_period', 'warning', without_period, invitations
from invitations
union all
select source, 'events_outside_working_hours', 'info', events - inside, events from hours
