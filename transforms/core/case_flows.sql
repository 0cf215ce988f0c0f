/*
meaning: One row per closed case with matched starts and ends, its lead time split into work and waiting, and the waiting by whose turn it was. Elsewhere touch and wait cannot be measured.
columns:
  case_key: The case.
  lead_time_us: From start to end. [microseconds]
  touch_us: Length of all executions added up; work side by side counts twice. [microseconds]
  touched_us: Time in which at least one execution ran, within the case. [microseconds]
  applicant_us: Waiting while the case was suspended on the applicant's side. [microseconds]
  partner_us: Other waiting while it was suspended on a partner's side, or a partner was to act next. [microseconds]
  own_us: Other waiting for the own organisation. [microseconds]
  unknown_us: Other waiting. [microseconds]
tests:
  - unique: [case_key]
  - assert:
      name: touch_and_wait_make_the_lead_time
      rows: >-
        select * from core.case_flows
        where touched_us + applicant_us + partner_us + own_us + unknown_us <> lead_time_us
*/
with touches as (
  select case_key, cast(sum(epoch_us(completed_at) - epoch_us(started_at)) as bigint) as touch_us
  from core.activity_instances
  where is_matched
  group by case_key
),
timed as (
  select
    c.case_key,
    c.lead_time_us,
    t.touch_us,
    epoch_us(c.opened_at) as from_us,
    epoch_us(c.closed_at) as to_us
  from core.cases as c
  inner join touches as t on t.case_key = c.case_key
  where c.lead_time_us >= 0
),
turns as (
  select
    a.case_key,
    case when u.unit = 'own' then 'own' else 'partner' end as side,
    case when a.run = 1 then t.from_us else epoch_us(a.turn_at) end as from_us,
    case
      when a.provenance = 'event' then coalesce(lead(epoch_us(a.started_at) - a.waited_us) over (
        partition by a.case_key order by a.run
      ), t.to_us)
      else coalesce(epoch_us(a.ended_at), t.to_us)
    end as to_us
  from core.assignments as a
  inner join core.units as u on u.level = a.level and u.unit_key = a.unit_key
  inner join timed as t on t.case_key = a.case_key
  where a.level = 'organisation'
),
spans as (
  select case_key, 'case' as side, from_us, to_us from timed
  union all
  select i.case_key, 'touch', epoch_us(i.started_at), epoch_us(i.completed_at)
  from core.activity_instances as i
  inner join timed as t on t.case_key = i.case_key
  where i.is_matched
  union all
  select s.case_key, s.side, epoch_us(s.started_at), coalesce(epoch_us(s.ended_at), t.to_us)
  from core.suspensions as s
  inner join timed as t on t.case_key = s.case_key
  union all
  select case_key, side, from_us, to_us from turns
),
edges as (
  select case_key, side, from_us as at_us, 1 as change from spans where from_us < to_us
  union all
  select case_key, side, to_us, -1 from spans where from_us < to_us
),
swept as (
  select
    case_key,
    lead(at_us) over in_time - at_us as length_us,
    sum(case when side = 'case' then change else 0 end) over so_far as of_case,
    sum(case when side = 'touch' then change else 0 end) over so_far as of_touch,
    sum(case when side = 'applicant' then change else 0 end) over so_far as of_applicant,
    sum(case when side = 'partner' then change else 0 end) over so_far as of_partner,
    sum(case when side = 'own' then change else 0 end) over so_far as of_own
  from edges
  window in_time as (partition by case_key order by at_us, side, change),
    so_far as (
      partition by case_key order by at_us, side, change
      rows between unbounded preceding and current row
    )
),
sided as (
  select
    case_key,
    length_us,
    case
      when of_touch > 0 then 'touch'
      when of_applicant > 0 then 'applicant'
      when of_partner > 0 then 'partner'
      when of_own > 0 then 'own'
      else 'unknown'
    end as side
  from swept
  where of_case > 0
),
summed as (
  select
    case_key,
    sum(case when side = 'touch' then length_us else 0 end) as touched_us,
    sum(case when side = 'applicant' then length_us else 0 end) as applicant_us,
    sum(case when side = 'partner' then length_us else 0 end) as partner_us,
    sum(case when side = 'own' then length_us else 0 end) as own_us,
    sum(case when side = 'unknown' then length_us else 0 end) as unknown_us
  from sided
  group by case_key
)
select
  t.case_key,
  t.lead_time_us,
  t.touch_us,
  cast(coalesce(s.touched_us, 0) as bigint) as touched_us,
  cast(coalesce(s.applicant_us, 0) as bigint) as applicant_us,
  cast(coalesce(s.partner_us, 0) as bigint) as partner_us,
  cast(coalesce(s.own_us, 0) as bigint) as own_us,
  cast(coalesce(s.unknown_us, 0) as bigint) as unknown_us
from timed as t
left join summed as s on s.case_key = t.case_key
