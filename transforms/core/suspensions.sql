/*
meaning: Stretches in which a case stood still, as far as they are known - between the activities that the configuration names, and as case systems register them. Stretches of one case may overlap.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  case_key: The case.
  started_at: Start of the suspension, or of the pull that saw it first. [UTC instant]
  ended_at: End, or the pull that saw it first; null while suspended. [UTC instant]
  side: Whose turn it was - applicant or partner.
  ground: Ground as configured; null where the source registers none.
  stops_term: Whether the statutory term stood still too.
  has_lapsed: Whether it ended because the period set was over.
  provenance: How it is known - activity, audit, notification, snapshot, or status.
  time_quality: Exact, or interval.
tests:
  - not_null: [source, case_id, case_key, started_at, side, stops_term, provenance, time_quality]
  - assert:
      name: no_suspension_ends_before_it_starts
      rows: select * from core.suspensions where ended_at < started_at
*/
with marks as (
  select
    e.case_key,
    e.occurred_at,
    e.sequence,
    r.rule,
    r.side,
    r.ground,
    r.stops_term,
    r.period_days,
    r.role = 'starts' as is_start
  from core.events as e
  inner join config.suspending as r on r.activity = e.activity and r.role <> 'is void'
  inner join core.cases as c on c.case_key = e.case_key and c.journey = r.journey
),
paired as (
  select
    *,
    min(case when not is_start then occurred_at end) over (
      partition by case_key, rule order by occurred_at, sequence
      rows between 1 following and unbounded following
    ) as answered_at,
    timezone('Europe/Amsterdam', cast(
      cast(timezone('Europe/Amsterdam', occurred_at) as date) + period_days + 1 as timestamp
    )) as lapses_at
  from marks
),
judged as (
  select
    c.source,
    c.case_id,
    p.*,
    p.lapses_at < coalesce(p.answered_at, c.cutoff_at) as has_lapsed
  from paired as p
  inner join core.cases as c on c.case_key = p.case_key
  where p.is_start
)
select
  source,
  case_id,
  case_key,
  occurred_at as started_at,
  case when has_lapsed then lapses_at else answered_at end as ended_at,
  side,
  ground,
  stops_term,
  coalesce(has_lapsed, false) as has_lapsed,
  'activity' as provenance,
  'exact' as time_quality
from judged
union all
select
  s.source, s.case_id, c.case_key, s.started_at, s.ended_at, 'applicant', null, true, false,
  s.provenance, s.time_quality
from core.zgw_suspensions as s
inner join core.cases as c on c.source = s.source and c.case_id = s.case_id
