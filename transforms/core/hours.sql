/*
meaning: One row per hour in which something happened, with its day in Amsterdam; clocks change at whole hours, so that all of an hour lies in one day.
columns:
  hour: Hours since the first of January 1970, UTC. [count]
  day: Date in Amsterdam. [date]
  weekday: 1 for Monday. [1 to 7]
tests:
  - unique: [hour]
  - not_null: [hour, day, weekday]
*/
with seen as (
  select epoch_us(occurred_at) // 3600000000 as hour, min(occurred_at) as occurred_at
  from core.events
  group by epoch_us(occurred_at) // 3600000000
)
select
  hour,
  cast(timezone('Europe/Amsterdam', occurred_at) as date) as day,
  cast(extract(isodow from timezone('Europe/Amsterdam', occurred_at)) as integer) as weekday
from seen
