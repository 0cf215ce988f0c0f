/*
meaning: What was found about the data itself, counted.
public: true
columns:
  source: Source.
  finding: Identifier of the finding.
  severity: Info, warning or error.
  affected: Rows, cases or values affected. [count]
  total: Out of how many, null where that makes no sense. [count]
  detail: Details as key=value, without words.
tests:
  - unique: [source, finding, detail]
  - not_null: [source, finding, severity, affected]
*/
with per_case as (
  select
    source,
    count(*) as cases,
    count(*) filter (where closed_at is null) as without_end,
    count(*) filter (where closed_at < opened_at) as ends_before_starts,
    count(*) filter (where first_event_at = last_event_at) as one_instant,
    count(*) filter (where has_conflicts) as conflicts,
    count(*) filter (where legal_end_at is null) as without_term,
    count(*) filter (where opened_at > first_event_at) as starts_after_first_event
  from core.cases
  group by source
),
per_event as (
  select
    c.source,
    count(*) as events,
    count(*) filter (where e.team is null) as without_team,
    count(*) filter (where e.actor is null) as without_actor,
    count(*) filter (where e.phase is null) as without_phase,
    count(*) filter (where e.time_quality <> 'exact') as imprecise
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  group by c.source
),
ties as (
  select c.source, count(*) as pairs
  from core.steps as s
  inner join core.cases as c on c.case_key = s.case_key
  where s.until_next_us = 0
  group by c.source
),
without_team as (
  select c.source, count(*) as cases
  from core.cases as c
  where c.case_key not in (
    select h.case_key from core.case_handoffs as h
    where h.level = 'team' and h.handoffs is not null
  )
  group by c.source
),
roles as (
  select
    c.source,
    count(*) as cases,
    count(*) filter (where h.is_lower_bound) as lower_bounds
  from (
    select case_key, bool_or(is_lower_bound) as is_lower_bound
    from core.assignments
    group by case_key
  ) as h
  inner join core.cases as c on c.case_key = h.case_key
  group by c.source
),
instances as (
  select
    c.source,
    count(*) filter (where i.completed_at is null) as lone_starts,
    count(*) filter (where i.started_at is null) as lone_ends,
    count(*) as instances
  from core.activity_instances as i
  inner join core.cases as c on c.case_key = i.case_key
  group by c.source
),
findings as (
  select source, 'quarantined_rows' as finding, 'warning' as severity, rows_quarantined as affected,
    rows_read as total, '' as detail
  from core.sources
  union all
  select source, 'quarantined_rows_by_reason', 'info', count(*), null,
    'column=' || coalesce(column_name, '') || ' reason=' || reason
  from raw.quarantine where source in (select source from config.sources)
  group by source, column_name, reason
  union all
  select source, 'cutoff_is_latest_event', 'info', 1, null, '' from core.sources
  where cutoff_basis = 'latest event'
  union all
  select source, finding, 'warning', sum(affected), null, detail
  from raw.findings where source in (select source from config.sources)
  group by source, finding, detail
  union all
  select source, what || '_past_retention', 'info', sum(removed), null, ''
  from raw.removals
  where reason = 'retention' and what in ('cases', 'contacts')
    and source in (select source from config.sources)
  group by source, what
  union all
  select source, 'ends_before_start', 'warning', ends_before_starts, cases, '' from per_case
  union all
  select source, 'open_cases_without_end', 'info', without_end, cases, '' from per_case
  union all
  select source, 'cases_with_one_instant', 'info', one_instant, cases, '' from per_case
  union all
  select source, 'conflicting_case_attributes', 'warning', conflicts, cases, '' from per_case
  union all
  select source, 'cases_without_term', 'info', without_term, cases, '' from per_case
  union all
  select source, 'starts_after_first_event', 'info', starts_after_first_event, cases, '' from per_case
  union all
  select source, 'events_without_team', 'warning', without_team, events, '' from per_event
  union all
  select source, 'events_without_actor', 'info', without_actor, events, '' from per_event
  union all
  select source, 'events_without_phase', 'info', without_phase, events, '' from per_event
  union all
  select source, 'imprecise_timestamps', 'info', imprecise, events, '' from per_event
  union all
  select w.source, 'cases_without_team', 'warning', w.cases, p.cases, ''
  from without_team as w inner join per_case as p on p.source = w.source
  union all
  select source, 'equal_timestamps', 'info', pairs, null, '' from ties
  union all
  select source, finding, severity, affected, total, '' from core.term_findings
  union all
  select source, 'handoffs_are_a_lower_bound', 'warning', lower_bounds, cases, '' from roles
  union all
  select source, 'starts_without_end', 'warning', lone_starts, instances, '' from instances
  union all
  select source, 'ends_without_start', 'warning', lone_ends, instances, '' from instances
  union all
  select source, 'owner_statistics_agree', 'info', count(*) filter (where agrees), count(*), ''
  from core.owner_comparisons group by source
  union all
  select source, 'owner_statistics_differ', 'warning', 1, null,
    'statistic=' || statistic || ' printed=' || printed || ' recomputed='
    || cast(round(recomputed, 3) as varchar)
  from core.owner_comparisons where not agrees
)
select source, finding, severity, cast(affected as bigint) as affected,
  cast(total as bigint) as total, detail
from findings
where affected > 0
order by source, finding, detail
