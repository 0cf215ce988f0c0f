/*
meaning: One row per stretch of a case in one phase of its journey, with what the resident will have noticed of it.
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
  longest_silence_us: Longest time in it without an event or contact. [microseconds]
  handoffs: Handoffs between teams in it. [count]
  contacts: Contacts of the journey in it in which the resident took the initiative. [count]
  repeats: Contacts in it that repeat a question. [count]
  is_late: Whether the end of the term had passed when the stretch was over.
  is_silent: Whether it was silent for longer than the norm of the phase.
  satisfaction: Median of what residents gave in it, null where nobody did.
  ratings: How many did. [count]
tests:
  - unique: [case_key, visit]
  - not_null: [case_key, journey, phase, entered_at, left_at, handoffs, repeats, is_late, is_silent]
*/
with answers as (
  select
    case_key,
    visit,
    count(*) filter (where is_asked) as contacts,
    count(*) filter (where is_repeat) as repeats,
    percentile_cont(0.5) within group (order by satisfaction) as satisfaction,
    count(satisfaction) as ratings
  from core.phase_contacts
  group by case_key, visit
),
signs as (
  select b.case_key, b.visit, e.occurred_at as happened_at
  from core.phase_stretches as b
  inner join core.events as e
    on e.case_key = b.case_key and e.occurred_at >= b.entered_at and e.occurred_at <= b.left_at
  union all
  select case_key, visit, contacted_at from core.phase_contacts
  union all
  select case_key, visit, left_at from core.phase_stretches
),
pauses as (
  select
    case_key,
    visit,
    epoch_us(happened_at) - epoch_us(
      lag(happened_at) over (partition by case_key, visit order by happened_at)
    ) as pause_us
  from signs
),
silences as (
  select case_key, visit, max(pause_us) as longest_silence_us from pauses group by case_key, visit
),
passed as (
  select b.case_key, b.visit, count(*) as handoffs
  from core.phase_stretches as b
  inner join core.assignments as a
    on a.case_key = b.case_key and a.level = 'team' and a.is_handoff
    and a.started_at >= b.entered_at and a.started_at < b.left_at
  group by b.case_key, b.visit
)
select
  b.case_key,
  b.journey,
  b.phase,
  b.visit,
  b.target_group,
  b.entered_at,
  b.left_at,
  b.is_left,
  b.entered_on,
  coalesce(s.longest_silence_us, 0) as longest_silence_us,
  coalesce(p.handoffs, 0) as handoffs,
  coalesce(a.contacts, 0) as contacts,
  coalesce(a.repeats, 0) as repeats,
  coalesce(cast(timezone('Europe/Amsterdam', b.left_at) as date) > b.due_on, false) as is_late,
  coalesce(s.longest_silence_us, 0) > f.silence_days * 86400000000 as is_silent,
  a.satisfaction,
  coalesce(a.ratings, 0) as ratings
from core.phase_stretches as b
inner join config.phases as f on f.journey = b.journey and f.phase = b.phase
left join silences as s on s.case_key = b.case_key and s.visit = b.visit
left join answers as a on a.case_key = b.case_key and a.visit = b.visit
left join passed as p on p.case_key = b.case_key and p.visit = b.visit
