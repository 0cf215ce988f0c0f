/*
meaning: How residents fare in each phase of a journey - as measured before, as measured now, and as desired. A survey decides where 10 or more residents answered in the phase; else the process does, and says so. The two are never averaged.
public: true
columns:
  journey: Journey.
  persona: Persona, or all.
  phase: Phase.
  moment: Before, now, or desired.
  first_day: First day on which a phase was entered that counts, null for desired. [date]
  last_day: Last such day. [date]
  basis: Survey, signals, or configuration; null where there is too little.
  score: Positive, neutral or negative; null where there is too little.
  cases: Stretches of cases in the phase. [count]
  ratings: Answers of residents in it. [count]
  satisfaction: Median answer, null where fewer than 10 answered.
  negative: Stretches with two or more of late, repeated question, three handoffs, silence. [count]
  neutral: Stretches with one of them. [count]
  positive: Stretches with none of them. [count]
  late: Stretches that were over after the end of the term. [count]
  repeated: Stretches with a repeated question. [count]
  handed_off: Stretches with three or more handoffs. [count]
  silent: Stretches that were silent for longer than the norm of the phase. [count]
tests:
  - unique: [journey, persona, phase, moment]
  - not_null: [journey, persona, phase, moment]
  - assert:
      name: a_score_says_where_it_comes_from
      rows: select * from mart.heartbeat where (score is null) <> (basis is null)
*/
with travellers as (
  select 'all' as persona, cast(null as varchar) as target_group
  union all
  select persona, target_group from config.personas
),
counted as (
  select
    s.journey,
    t.persona,
    v.phase,
    s.moment,
    s.first_day,
    s.last_day,
    cast(v.is_late as integer) + cast(v.repeats > 0 as integer) + cast(v.handoffs >= 3 as integer)
      + cast(v.is_silent as integer) as signals,
    v.is_late,
    v.repeats > 0 as is_repeated,
    v.handoffs >= 3 as is_handed_off,
    v.is_silent,
    v.satisfaction,
    v.ratings
  from core.heartbeat_spans as s
  inner join core.phase_visits as v
    on v.journey = s.journey and v.entered_on >= s.first_day and v.entered_on <= s.last_day
  inner join travellers as t on t.persona = 'all' or t.target_group = v.target_group
),
measured as (
  select
    journey,
    persona,
    phase,
    moment,
    first_day,
    last_day,
    count(*) as cases,
    count(satisfaction) as ratings,
    percentile_cont(0.5) within group (order by satisfaction) as satisfaction,
    percentile_cont(0.5) within group (order by least(signals, 2)) as signals,
    count(*) filter (where signals >= 2) as negative,
    count(*) filter (where signals = 1) as neutral,
    count(*) filter (where signals = 0) as positive,
    count(*) filter (where is_late) as late,
    count(*) filter (where is_repeated) as repeated,
    count(*) filter (where is_handed_off) as handed_off,
    count(*) filter (where is_silent) as silent
  from counted
  group by journey, persona, phase, moment, first_day, last_day
)
select
  journey,
  persona,
  phase,
  moment,
  first_day,
  last_day,
  case when ratings >= 10 then 'survey' when cases >= 10 then 'signals' end as basis,
  case
    when ratings >= 10 and satisfaction >= 3.5 then 'positive'
    when ratings >= 10 and satisfaction > 2.5 then 'neutral'
    when ratings >= 10 then 'negative'
    when cases >= 10 and signals < 0.5 then 'positive'
    when cases >= 10 and signals < 1.5 then 'neutral'
    when cases >= 10 then 'negative'
  end as score,
  cases,
  ratings,
  case when ratings >= 10 then satisfaction end as satisfaction,
  negative,
  neutral,
  positive,
  late,
  repeated,
  handed_off,
  silent
from measured
union all
select journey, coalesce(persona, 'all'), phase, 'desired', null, null, 'configuration', score,
  null, null, null, null, null, null, null, null, null, null
from config.desired_beats
order by journey, persona, phase, moment
