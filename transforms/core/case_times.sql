/*
meaning: How long each case took, in every way of counting time; null where it cannot be known.
columns:
  case_key: The case.
  lead_time_us: From start to end; null while open, or where the end lies before the start. [microseconds]
  registered_us: The same, also where the end lies before the start. [microseconds]
  throughput_us: From first to last event. [microseconds]
  suspended_us: Time between start and end, or cut-off, in which it stood still; overlaps once. [microseconds]
  net_us: Lead time without that; null where it is not known whether it stood still. [microseconds]
  working_us: Time between start and end within the working hours. [microseconds]
  age_us: From start to cut-off, for open cases alone. [microseconds]
  is_suspension_known: Whether it is known when it stood still.
tests:
  - unique: [case_key]
  - not_null: [case_key, suspended_us, is_suspension_known]
  - assert:
      name: time_that_stood_still_is_part_of_the_whole
      rows: select * from core.case_times where net_us < 0 or working_us > lead_time_us
*/
with clipped as (
  select
    s.case_key,
    greatest(s.started_at, c.opened_at) as from_at,
    least(coalesce(s.ended_at, c.closed_at, c.cutoff_at), coalesce(c.closed_at, c.cutoff_at))
      as until_at
  from core.suspensions as s
  inner join core.cases as c on c.case_key = s.case_key
),
reached as (
  select
    *,
    max(until_at) over (
      partition by case_key order by from_at, until_at
      rows between unbounded preceding and 1 preceding
    ) as reached_at
  from clipped
  where until_at > from_at
),
stood_still as (
  select
    case_key,
    cast(sum(greatest(
      epoch_us(until_at) - epoch_us(greatest(from_at, coalesce(reached_at, from_at))), 0
    )) as bigint) as suspended_us
  from reached
  group by case_key
),
known as (
  select
    c.*,
    coalesce(s.suspended_us, 0) as suspended_us,
    case
      when o.kind = 'zgw' then not coalesce(z.is_suspension_unknown, true)
      else j.knows_suspensions
    end as is_suspension_known
  from core.cases as c
  inner join config.sources as o on o.source = c.source
  inner join config.journeys as j on j.journey = c.journey
  left join core.zgw_cases as z on z.source = c.source and z.case_id = c.case_id
  left join stood_still as s on s.case_key = c.case_key
)
select
  k.case_key,
  case when k.lead_time_us >= 0 then k.lead_time_us end as lead_time_us,
  k.lead_time_us as registered_us,
  k.throughput_us,
  k.suspended_us,
  case when k.is_suspension_known and k.lead_time_us >= 0 then k.lead_time_us - k.suspended_us end
    as net_us,
  case when k.lead_time_us >= 0 then
    l.worked_before_us - f.worked_before_us
    + case when l.opens_at is null then 0 else
      greatest(epoch_us(least(k.closed_at, l.closes_at)) - epoch_us(l.opens_at), 0) end
    - case when f.opens_at is null then 0 else
      greatest(epoch_us(least(k.opened_at, f.closes_at)) - epoch_us(f.opens_at), 0) end
  end as working_us,
  k.age_us,
  k.is_suspension_known
from known as k
left join config.calendar_days as f on f.day = k.opened_on
left join config.calendar_days as l on l.day = k.closed_on
