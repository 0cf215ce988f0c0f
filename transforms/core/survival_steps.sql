/*
meaning: Kaplan-Meier estimate of the share of cases still open, at every time at which a case ended; open cases are censored at the cut-off.
columns:
  journey: Journey.
  segment_kind: All, channel, target_group or service_formula; all but the first over all periods alone.
  segment: All, or one of that kind.
  cohort: All, or the month in which the cases started.
  negatives: Dropped or as_zero - what is done with cases that end before they start.
  duration_us: Time since the start. [microseconds]
  at_risk: Cases still followed just before that time. [count]
  ended: Cases that end at that time. [count]
  still_open: Share still open just after that time. [0-1]
tests:
  - unique: [journey, segment_kind, segment, cohort, negatives, duration_us]
  - assert:
      name: shares_are_shares
      rows: select * from core.survival_steps where still_open < -1e-9 or still_open > 1 + 1e-9
*/
with followed as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period as cohort,
    coalesce(c.lead_time_us, c.age_us) as duration_us,
    c.closed_at is not null as is_closed
  from core.case_slices as s
  inner join core.cases as c on c.case_key = s.case_key
  where s.period_kind = 'all' or (s.segment_kind = 'all' and s.period_kind = 'month')
),
treated as (
  select journey, segment_kind, segment, cohort, 'dropped' as negatives, duration_us, is_closed
  from followed
  where duration_us >= 0
  union all
  select journey, segment_kind, segment, cohort, 'as_zero', greatest(duration_us, 0), is_closed
  from followed
),
grouped as (
  select
    journey,
    segment_kind,
    segment,
    cohort,
    negatives,
    duration_us,
    count(*) as leaving,
    count(*) filter (where is_closed) as ended
  from treated
  group by journey, segment_kind, segment, cohort, negatives, duration_us
),
at_risk as (
  select
    *,
    cast(sum(leaving) over (
      partition by journey, segment_kind, segment, cohort, negatives order by duration_us desc
    ) as bigint) as at_risk
  from grouped
)
select
  journey,
  segment_kind,
  segment,
  cohort,
  negatives,
  duration_us,
  at_risk,
  ended,
  case
    when max(case when ended = at_risk then 1 else 0 end) over so_far = 1 then 0.0
    else exp(sum(ln(case when ended = at_risk then 1.0 else 1.0 - ended / at_risk end)) over so_far)
  end as still_open
from at_risk
window so_far as (
  partition by journey, segment_kind, segment, cohort, negatives order by duration_us
  rows between unbounded preceding and current row
)
