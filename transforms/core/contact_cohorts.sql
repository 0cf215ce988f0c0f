/*
meaning: One row per period of contacts or callbacks, with what decides whether their figures are mature.
columns:
  counts: What its figures are about - contacts or callbacks.
  journey: Journey; all for the pool of everything and for a service formula.
  segment: All, or the service formula.
  period_kind: Month or week.
  period: The period.
  last_day: Last day of the period. [date]
  age_days: From that day to the cut-off. [days]
  watched_days: Whole days that a source was seen after its latest contact; null while the period lasts, and for callbacks. [days]
  is_old_enough: Whether 95 percent of the callbacks were done; for contacts as is_over.
  is_all_due: Whether every callback in it was due; for contacts as is_over.
  is_over: Whether the period itself ended before the cut-off.
tests:
  - unique: [counts, journey, segment, period_kind, period]
  - not_null: [counts, journey, segment, period_kind, period, is_old_enough, is_all_due, is_over]
*/
with cutoffs as (
  select
    c.source,
    cast(timezone('Europe/Amsterdam', max(coalesce(s.cutoff_at, c.contacted_at))) as date)
      as cutoff_on
  from core.contacts as c
  inner join core.sources as s on s.source = c.source
  group by c.source
),
latest as (
  select min(cutoff_on) as cutoff_on from cutoffs
),
periods as (
  select
    'contacts' as counts,
    journey,
    segment,
    period_kind,
    period,
    min(period_start) as period_start,
    min(watched_us) as watched_us,
    true as is_old_enough,
    true as is_all_due
  from core.contact_slices
  where segment_kind in ('all', 'service_formula') and period_kind <> 'all'
  group by journey, segment, period_kind, period
  union all
  select
    'callbacks',
    s.journey,
    s.segment,
    s.period_kind,
    s.period,
    min(s.period_start),
    null,
    count(b.done_at) >= 0.95 * count(*),
    not coalesce(bool_or(b.due_at >= b.cutoff_at), false)
  from core.callback_slices as s
  inner join core.callbacks as b on b.callback_key = s.callback_key
  where s.segment_kind in ('all', 'service_formula') and s.period_kind <> 'all'
  group by s.journey, s.segment, s.period_kind, s.period
),
ends as (
  select
    p.*,
    l.cutoff_on,
    case
      when p.period_kind = 'week' then p.period_start + 6
      else cast(p.period_start + interval 1 month as date) - 1
    end as last_day
  from periods as p
  cross join latest as l
)
select
  counts,
  journey,
  segment,
  period_kind,
  period,
  last_day,
  date_diff('day', last_day, cutoff_on) as age_days,
  case when last_day < cutoff_on then cast(floor(watched_us / 86400000000.0) as integer) end as watched_days,
  is_old_enough and last_day < cutoff_on as is_old_enough,
  is_all_due and last_day < cutoff_on as is_all_due,
  last_day < cutoff_on as is_over
from ends
