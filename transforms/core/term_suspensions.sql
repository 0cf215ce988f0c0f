/*
meaning: Days on which the statutory term of a case stood still, in stretches that do not overlap. The day of the invitation is never one; that of the completion by the setting suspension_end.
columns:
  case_key: The case.
  first_on: First suspended day. [date]
  last_on: Last suspended day. [date]
tests:
  - not_null: [case_key, first_on, last_on]
  - assert:
      name: stretches_have_days_and_do_not_overlap
      rows: >-
        select * from (select *, max(last_on) over (partition by case_key order by first_on
        rows between unbounded preceding and 1 preceding) as before_on from core.term_suspensions)
        as s where last_on < first_on or first_on <= before_on
*/
with dated as (
  select
    s.case_key,
    cast(timezone('Europe/Amsterdam', s.started_at) as date) as invited_on,
    cast(timezone('Europe/Amsterdam', s.ended_at) as date) as completed_on,
    case when m.suspension_end = 'inclusive' and not s.has_lapsed then 0 else 1 end as free_days,
    c.opened_on,
    coalesce(c.closed_on, c.cutoff_on) as until_on
  from core.suspensions as s
  inner join core.cases as c on c.case_key = s.case_key
  cross join config.municipality as m
  where s.stops_term
),
stretches as (
  select
    case_key,
    greatest(invited_on, opened_on) + 1 as first_on,
    least(coalesce(completed_on - free_days, until_on), until_on) as last_on
  from dated
),
reached as (
  select
    case_key,
    first_on,
    last_on,
    max(last_on) over (
      partition by case_key order by first_on, last_on
      rows between unbounded preceding and 1 preceding
    ) as reached_on
  from stretches
  where last_on >= first_on
)
select case_key, greatest(first_on, coalesce(reached_on + 1, first_on)) as first_on, last_on
from reached
where reached_on is null or last_on > reached_on
