/*
meaning: The months in which cases started that are held against each other - before and after each improvement, and the last year of each journey against the year before. Young months, whose slow cases are still open, are on neither side.
columns:
  comparison: Identifier of the improvement, or past_year.
  journey: The journey.
  side: Before or after.
  month: First day of the month. [date]
tests:
  - unique: [comparison, journey, month]
  - not_null: [comparison, journey, side, month]
*/
with months as (
  select
    journey,
    cast(date_trunc('month', last_day) as date) as month,
    last_day,
    row_number() over (partition by journey order by last_day desc) as place
  from core.cohorts
  where counts = 'cases' and segment = 'all' and period_kind = 'month' and is_old_enough
)
select
  i.improvement as comparison,
  i.journey,
  case when m.last_day < i.went_live_on then 'before' else 'after' end as side,
  m.month
from config.improvements as i
inner join months as m on m.journey = i.journey
where
  (m.last_day < i.went_live_on and m.month >= date_trunc('month', i.went_live_on) - interval 12 month)
  or (m.month >= i.went_live_on + i.transition_days
    and m.month < i.went_live_on + i.transition_days + interval 12 month)
union all
select 'past_year', journey, case when place <= 12 then 'after' else 'before' end, month
from months
where place <= 24
