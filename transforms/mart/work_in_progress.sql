/*
meaning: Cases under way at the end of each week, by the phase they are in; the phase of the last event that has one.
public: true
columns:
  journey: Journey.
  phase: Identifier of the phase; none before the first event that has one.
  week_start: First day of the week. [date]
  cases: Cases that began by the end of its Sunday and had not ended then. [count]
tests:
  - unique: [journey, phase, week_start]
  - not_null: [journey, phase, week_start, cases]
  - assert:
      name: nobody_leaves_who_did_not_come
      rows: select * from mart.work_in_progress where cases < 1
*/
with stays as (
  select
    c.case_key,
    c.journey,
    'none' as phase,
    c.opened_on as from_on,
    least(min(v.entered_on), min(c.closed_on)) as until_on
  from core.cases as c
  left join core.phase_visits as v on v.case_key = c.case_key
  group by c.case_key, c.journey, c.opened_on
  union all
  select
    v.case_key,
    v.journey,
    v.phase,
    greatest(v.entered_on, c.opened_on),
    case
      when v.is_left then least(
        cast(timezone('Europe/Amsterdam', v.left_at) as date),
        coalesce(c.closed_on, cast(timezone('Europe/Amsterdam', v.left_at) as date))
      )
    end
  from core.phase_visits as v
  inner join core.cases as c on c.case_key = v.case_key
),
moves as (
  select journey, phase, cast(date_trunc('week', from_on) as date) as week_start, 1 as change
  from stays
  where until_on is null or until_on > from_on
  union all
  select journey, phase, cast(date_trunc('week', until_on) as date), -1
  from stays
  where until_on > from_on
),
spans as (
  select
    journey,
    cast(date_trunc('week', min(opened_on)) as date) as first_week,
    cast(date_trunc('week', max(cutoff_on)) as date) as cutoff_week
  from core.cases
  group by journey
),
weeks as (
  select s.journey, p.phase, d.day as week_start
  from spans as s
  inner join (select distinct journey, phase from moves) as p on p.journey = s.journey
  inner join config.calendar_days as d
    on d.day >= s.first_week and d.day < s.cutoff_week
    and cast(date_trunc('week', d.day) as date) = d.day
),
changes as (
  select m.journey, m.phase, greatest(m.week_start, s.first_week) as week_start,
    sum(m.change) as change
  from moves as m
  inner join spans as s on s.journey = m.journey
  group by m.journey, m.phase, greatest(m.week_start, s.first_week)
),
standing as (
  select
    w.journey,
    w.phase,
    w.week_start,
    sum(coalesce(c.change, 0)) over (
      partition by w.journey, w.phase order by w.week_start
    ) as cases
  from weeks as w
  left join changes as c
    on c.journey = w.journey and c.phase = w.phase and c.week_start = w.week_start
)
select journey, phase, week_start, cast(cases as bigint) as cases
from standing
where cases > 0
order by journey, week_start, phase
