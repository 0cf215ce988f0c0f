/*
meaning: One row per stretch of a case in one phase of its journey - when it was entered and left.
columns:
  case_key: The case.
  journey: Journey of the case.
  phase: The phase.
  visit: Number of the stretch within the case, from 1. [count]
  target_group: Target group of the case, null when not known.
  entered_at: First event of the stretch. [UTC instant]
  left_at: First event of the next stretch, else the end of the case, else the cut-off. [UTC instant]
  is_left: Whether it is over.
  entered_on: Date of the first event in Amsterdam. [date]
  due_on: Day on which the term of the case ends, null when not known. [date]
tests:
  - unique: [case_key, visit]
  - not_null: [case_key, journey, phase, entered_at, left_at]
  - assert:
      name: no_phase_is_left_before_it_is_entered
      rows: select * from core.phase_stretches where left_at < entered_at
*/
with placed as (
  select
    e.case_key,
    e.occurred_at,
    e.sequence,
    e.phase,
    lag(e.phase) over (partition by e.case_key order by e.occurred_at, e.sequence)
      is distinct from e.phase as is_first
  from core.events as e
  where e.phase is not null
),
visits as (
  select
    p.case_key,
    p.phase,
    row_number() over in_case as visit,
    p.occurred_at as entered_at,
    lead(p.occurred_at) over in_case as next_at
  from placed as p
  where p.is_first
  window in_case as (partition by p.case_key order by p.occurred_at, p.sequence)
)
select
  v.case_key,
  c.journey,
  v.phase,
  v.visit,
  c.target_group,
  v.entered_at,
  greatest(coalesce(v.next_at, c.closed_at, c.cutoff_at), v.entered_at) as left_at,
  v.next_at is not null or c.closed_at is not null as is_left,
  cast(timezone('Europe/Amsterdam', v.entered_at) as date) as entered_on,
  coalesce(c.legal_end_rolled_on, c.statutory_end_rolled_on) as due_on
from visits as v
inner join core.cases as c on c.case_key = v.case_key
