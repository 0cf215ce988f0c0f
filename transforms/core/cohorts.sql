/*
meaning: One row per period of a journey, or of a service formula over its journeys, with what decides whether its figures are mature.
columns:
  counts: What its figures are about - cases, contacts, callbacks or journeys.
  journey: Journey; all for a service formula.
  segment: All, or the service formula.
  period_kind: Month, week or closing_month.
  period: The period, 2026-03 or 2026-W09.
  last_day: Last day of the period. [date]
  age_days: From that day to the cut-off. [days]
  p95_days: Time within which 95 percent of all cases end, by Kaplan-Meier; null if not reached. [days]
  is_old_enough: Whether the youngest case had that time to end; of journeys, whether 95 percent have ended.
  is_all_due: Whether every term in it has passed at the cut-off.
  watched_days: Whole days that contacts were seen after the last one of the period; null for cases. [days]
  is_over: Whether the period itself ended before the cut-off.
tests:
  - unique: [counts, journey, segment, period_kind, period]
  - not_null: [counts, journey, segment, period_kind, period, is_old_enough, is_all_due, is_over]
*/
with slow as (
  select journey, segment, min(duration_us) / 86400000000.0 as p95_days
  from core.survival_steps
  where segment_kind in ('all', 'service_formula') and cohort = 'all' and negatives = 'dropped'
    and still_open <= 0.05 + 1e-9
  group by journey, segment
),
periods as (
  select
    s.journey,
    s.segment,
    s.period_kind,
    s.period,
    min(s.period_start) as period_start,
    min(c.cutoff_on) as cutoff_on,
    count(*) filter (where c.legal_end_rolled_on >= c.cutoff_on or c.legal_end_at >= c.cutoff_at
      or c.statutory_end_rolled_on >= c.cutoff_on or t.clock_end_on >= c.cutoff_on)
      as not_yet_due
  from core.case_slices as s
  inner join core.cases as c on c.case_key = s.case_key
  left join core.terms as t on t.case_key = c.case_key
  where s.segment_kind in ('all', 'service_formula') and s.period_kind <> 'all'
  group by s.journey, s.segment, s.period_kind, s.period
),
ends as (
  select
    *,
    case
      when period_kind = 'week' then period_start + 6
      else cast(period_start + interval 1 month as date) - 1
    end as last_day
  from periods
)
select
  'cases' as counts,
  e.journey,
  e.segment,
  e.period_kind,
  e.period,
  e.last_day,
  date_diff('day', e.last_day, e.cutoff_on) as age_days,
  s.p95_days,
  case
    when e.period_kind = 'closing_month' then e.last_day < e.cutoff_on
    else coalesce(date_diff('day', e.last_day, e.cutoff_on) >= s.p95_days, false)
  end as is_old_enough,
  case
    when e.period_kind = 'closing_month' then e.last_day < e.cutoff_on
    else e.not_yet_due = 0
  end as is_all_due,
  cast(null as integer) as watched_days,
  e.last_day < e.cutoff_on as is_over
from ends as e
left join slow as s on s.journey = e.journey and s.segment = e.segment
union all
select
  'journeys',
  s.journey,
  s.segment,
  s.period_kind,
  s.period,
  cast(s.period_start + interval 1 month as date) - 1,
  date_diff(
    'day', cast(s.period_start + interval 1 month as date) - 1,
    min(cast(timezone('Europe/Amsterdam', j.cutoff_at) as date))
  ),
  null,
  count(j.ended_at) >= 0.95 * count(*),
  count(j.ended_at) = count(*),
  null,
  cast(s.period_start + interval 1 month as date) - 1
    < min(cast(timezone('Europe/Amsterdam', j.cutoff_at) as date))
from core.journey_slices as s
inner join core.journeys as j on j.journey_key = s.journey_key
where s.segment_kind in ('all', 'service_formula') and s.period_kind <> 'all'
group by s.journey, s.segment, s.period_kind, s.period, s.period_start
union all
select counts, journey, segment, period_kind, period, last_day, age_days, null, is_old_enough,
  is_all_due, watched_days, is_over
from core.contact_cohorts
