/*
meaning: One row per journey and period, with what decides whether its figures are mature.
columns:
  journey: Journey.
  period_kind: Month or week.
  period: The period, 2026-03 or 2026-W09.
  last_day: Last day of the period. [date]
  age_days: From that day to the cut-off. [days]
  p95_days: Time within which 95 percent of all cases end, by Kaplan-Meier; null if not reached. [days]
  is_old_enough: Whether the youngest case had that time to end.
  is_all_due: Whether every term in it has passed at the cut-off.
  is_over: Whether the period itself ended before the cut-off.
tests:
  - unique: [journey, period_kind, period]
  - not_null: [journey, period_kind, period, is_old_enough, is_all_due, is_over]
*/
with slow as (
  select journey, min(duration_us) / 86400000000.0 as p95_days
  from core.survival_steps
  where segment_kind = 'all' and cohort = 'all' and negatives = 'dropped'
    and still_open <= 0.05 + 1e-9
  group by journey
),
periods as (
  select
    s.journey,
    s.period_kind,
    s.period,
    min(s.period_start) as period_start,
    min(c.cutoff_on) as cutoff_on,
    count(*) filter (where c.legal_end_rolled_on >= c.cutoff_on or c.legal_end_at >= c.cutoff_at
      or c.statutory_end_rolled_on >= c.cutoff_on)
      as not_yet_due
  from core.case_slices as s
  inner join core.cases as c on c.case_key = s.case_key
  where s.segment_kind = 'all' and s.period_kind <> 'all'
  group by s.journey, s.period_kind, s.period
),
ends as (
  select
    *,
    case
      when period_kind = 'month' then cast(period_start + interval 1 month as date) - 1
      else period_start + 6
    end as last_day
  from periods
)
select
  e.journey,
  e.period_kind,
  e.period,
  e.last_day,
  e.cutoff_on - e.last_day as age_days,
  s.p95_days,
  coalesce(e.cutoff_on - e.last_day >= s.p95_days, false) as is_old_enough,
  e.not_yet_due = 0 as is_all_due,
  e.last_day < e.cutoff_on as is_over
from ends as e
left join slow as s on s.journey = e.journey
