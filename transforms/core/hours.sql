/*
meaning: One row per hour in which something happened, with its day in Amsterdam; clocks change at whole hours, so that all of an hour lies in one day.
columns:
  hour: Hours since the first of January 1970, UTC. [count]
  day: Date in Amsterdam. [date]
  weekday: 1 for Monday. [1 to 7]
  worked_before_us: Working time of all days of the calendar before this day, empty for a day outside it. [microseconds]
  opens_us: When work begins on this day, 0 on a day without work or outside the calendar. [microseconds since 1970]
  closes_us: When it ends, 0 on a day without work or outside the calendar. [microseconds since 1970]
tests:
  - unique: [hour]
  - not_null: [hour, day, weekday]
*/
with seen as (
  select epoch_us(occurred_at) // 3600000000 as hour, min(occurred_at) as occurred_at
  from core.events
  group by epoch_us(occurred_at) // 3600000000
),
placed as (
  select
    hour,
    cast(timezone('Europe/Amsterdam', occurred_at) as date) as day,
    cast(extract(isodow from timezone('Europe/Amsterdam', occurred_at)) as integer) as weekday
  from seen
)
select
  p.hour,
  p.day,
  p.weekday,
  d.worked_before_us,
  coalesce(epoch_us(d.opens_at), 0) as opens_us,
  coalesce(epoch_us(d.closes_at), 0) as closes_us
from placed as p
left join config.calendar_days as d on d.day = p.day
