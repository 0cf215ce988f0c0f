/*
meaning: The share of cases still open after so many days, per journey and month of start; Kaplan-Meier, open cases censored, ends before starts dropped.
public: true
columns:
  journey: Journey.
  cohort: All, or the month in which the cases started.
  after_days: Days since the start. [days]
  at_risk: Cases followed for longer than that. [count]
  still_open: Share still open. [0-1]
tests:
  - unique: [journey, cohort, after_days]
  - not_null: [journey, cohort, after_days, at_risk, still_open]
*/
with days as (
  select cast(d.after_days as integer) as after_days from range(0, 366, 7) as d (after_days)
),
cohorts as (
  select journey, cohort, max(duration_us) as longest_us
  from core.survival_steps
  where negatives = 'dropped' and segment_kind = 'all'
  group by journey, cohort
)
select
  c.journey,
  c.cohort,
  d.after_days,
  coalesce(
    max(s.at_risk) filter (where s.duration_us > d.after_days * 86400000000), 0
  ) as at_risk,
  coalesce(
    min(s.still_open) filter (where s.duration_us <= d.after_days * 86400000000), 1.0
  ) as still_open
from cohorts as c
cross join days as d
inner join core.survival_steps as s
  on s.journey = c.journey and s.cohort = c.cohort and s.negatives = 'dropped'
  and s.segment_kind = 'all'
where d.after_days * 86400000000 <= c.longest_us
group by c.journey, c.cohort, d.after_days
order by c.journey, c.cohort, d.after_days
