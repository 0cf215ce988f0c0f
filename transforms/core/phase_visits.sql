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
  - assert:
      name: no_phase_is_left_before_it_is_entered
      rows: select * from core.phase_visits where left_at < entered_at
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
),
bounded as (
  select
    v.case_key,
    c.journey,
    v.phase,
    v.visit,
    c.target_group,
    v.entered_at,
    greatest(coalesce(v.next_at, c.closed_at, c.cutoff_at), v.entered_at) as left_at,
    v.next_at is not null or c.closed_at is not null as is_left,
    coalesce(c.legal_end_rolled_on, c.statutory_end_rolled_on) as due_on
  from visits as v
  inner join core.cases as c on c.case_key = v.case_key
),
asked as (
  select
    m.journey_key,
    c.contacted_at,
    c.is_inbound and not c.is_follow_up as is_asked,
    r.repeat_key is not null as is_repeat,
    c.satisfaction
  from core.journey_members as m
  inner join core.contacts as c on c.contact_key = m.contact_key
  left join (select distinct repeat_key from core.contact_repeats) as r
    on r.repeat_key = c.contact_key
  where m.kind = 'contact'
),
heard as (
  select b.case_key, b.visit, a.contacted_at, a.is_asked, a.is_repeat, a.satisfaction
  from bounded as b
  inner join core.journey_members as m on m.case_key = b.case_key and m.kind = 'case'
  inner join asked as a
    on a.journey_key = m.journey_key and a.contacted_at >= b.entered_at and a.contacted_at < b.left_at
),
answers as (
  select
    case_key,
    visit,
    count(*) filter (where is_asked) as contacts,
    count(*) filter (where is_repeat) as repeats,
    percentile_cont(0.5) within group (order by satisfaction) as satisfaction,
    count(satisfaction) as ratings
  from heard
  group by case_key, visit
),
signs as (
  select b.case_key, b.visit, e.occurred_at as happened_at
  from bounded as b
  inner join core.events as e
    on e.case_key = b.case_key and e.occurred_at >= b.entered_at and e.occurred_at <= b.left_at
  union all
  select case_key, visit, contacted_at from heard
  union all
  select case_key, visit, left_at from bounded
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
  from bounded as b
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
  cast(timezone('Europe/Amsterdam', b.entered_at) as date) as entered_on,
  coalesce(s.longest_silence_us, 0) as longest_silence_us,
  coalesce(p.handoffs, 0) as handoffs,
  coalesce(a.contacts, 0) as contacts,
  coalesce(a.repeats, 0) as repeats,
  coalesce(cast(timezone('Europe/Amsterdam', b.left_at) as date) > b.due_on, false) as is_late,
  coalesce(s.longest_silence_us, 0) > f.silence_days * 86400000000 as is_silent,
  a.satisfaction,
  coalesce(a.ratings, 0) as ratings
from bounded as b
inner join config.phases as f on f.journey = b.journey and f.phase = b.phase
left join silences as s on s.case_key = b.case_key and s.visit = b.visit
left join answers as a on a.case_key = b.case_key and a.visit = b.visit
left join passed as p on p.case_key = b.case_key and p.visit = b.visit
