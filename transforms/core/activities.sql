/*
meaning: One row per journey and activity, with the phase that the configuration gives it.
columns:
  activity_key: Number of the activity within this run, by journey and name; it tells the journey too.
  journey: Journey in which it occurs.
  activity: Name as the source writes it.
  phase: Identifier of the phase, null when the configuration names none.
tests:
  - unique: [activity_key]
  - unique: [journey, activity]
  - not_null: [activity_key, journey, activity]
*/
with seen as (
  select distinct c.journey, e.activity
  from core.recorded_events as e
  inner join core.cases as c on c.source = e.source and c.case_id = e.case_id
)
select
  cast(row_number() over (order by s.journey, s.activity) as integer) as activity_key,
  s.journey,
  s.activity,
  p.phase
from seen as s
left join config.phase_activities as p on p.journey = s.journey and p.activity = s.activity
order by s.journey, s.activity
