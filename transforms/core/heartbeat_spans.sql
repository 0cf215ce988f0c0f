/*
meaning: The days that the heartbeat of a journey is measured over - now is the half year to the cut-off, before is the same half year a year earlier, unless the configuration names other days.
columns:
  journey: The journey.
  moment: Before or now.
  first_day: First day on which a phase was entered that counts. [date]
  last_day: Last such day. [date]
tests:
  - unique: [journey, moment]
  - not_null: [journey, moment, first_day, last_day]
*/
with ends as (
  select journey, min(cutoff_on) as cutoff_on from core.cases group by journey
),
usual as (
  select journey, 'now' as moment, cutoff_on - 182 as first_day, cutoff_on - 1 as last_day
  from ends
  union all
  select journey, 'before', cutoff_on - 547, cutoff_on - 366 from ends
)
select
  u.journey,
  u.moment,
  coalesce(c.first_day, u.first_day) as first_day,
  coalesce(c.last_day, u.last_day) as last_day
from usual as u
left join config.heartbeat_spans as c on c.journey = u.journey and c.moment = u.moment
