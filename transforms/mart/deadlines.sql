/*
meaning: Open cases by the week in which their term ends - the four weeks after the cut-off, and all that is past its term. The end is the computed one where it is known, else the registered one, rolled.
public: true
columns:
  journey: Journey.
  kind: Overdue or coming.
  week: Week of the end, 2026-W09; null for what is overdue.
  week_start: Its first day. [date]
  cases: Open cases. [count]
tests:
  - unique: [journey, kind, week]
  - not_null: [journey, kind, cases]
*/
with ending as (
  select
    c.journey,
    t.due_on,
    t.due_on < c.cutoff_on as is_overdue
  from core.terms as t
  inner join core.cases as c on c.case_key = t.case_key
  where c.closed_on is null and t.due_on <= c.cutoff_on + 28
),
labelled as (
  select
    journey,
    case when is_overdue then 'overdue' else 'coming' end as kind,
    case when not is_overdue then strftime(due_on, '%G-W%V') end as week,
    case when not is_overdue then cast(date_trunc('week', due_on) as date) end as week_start
  from ending
)
select journey, kind, week, week_start, count(*) as cases
from labelled
group by journey, kind, week, week_start
order by journey, kind desc, week
