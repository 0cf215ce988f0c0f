/*
meaning: Each event with its successor in the case; the window pass that the map, the paths and the handoffs read.
columns:
  case_key: The case.
  position: Place of the event in its case, 1 for the first. [count]
  occurred_at: When it happened. [UTC instant]
  activity_key: The activity.
  is_start: Whether it is the start of something whose end is an event of its own.
  next_activity_key: The activity that follows, null at the last event.
  previous_at: When the event before it happened, null at the first. [UTC instant]
  until_next_us: Time until the next event, null at the last event. [microseconds]
  actor_key: The person, null when not known.
  team_key: The team, null when not known.
  organisation_key: The organisation, null when not known.
  next_team_key: The team of the event that follows, null when not known or at the last.
  previous_actor_key: The person of the event just before, null when not known or at the first.
  previous_team_key: The team of that event, likewise.
  previous_organisation_key: The organisation of that event, likewise.
tests:
  - not_null: [case_key, position, occurred_at, activity_key]
  - assert:
      name: as_many_steps_as_events
      rows: >-
        select * from (select (select count(*) from core.events) as events,
        (select count(*) from core.steps) as steps) as counted where events <> steps
  - assert:
      name: time_runs_forward
      rows: select case_key, position from core.steps where until_next_us < 0
*/
with keyed as (
  select
    e.case_key,
    e.sequence,
    e.occurred_at,
    e.activity_key,
    coalesce(lower(e.lifecycle) = 'start', false) as is_start,
    a.unit_key as actor_key,
    t.unit_key as team_key,
    o.unit_key as organisation_key
  from core.events as e
  left join core.units as a on a.level = 'person' and a.unit = e.actor
  left join core.units as t on t.level = 'team' and t.unit = e.team
  left join core.units as o on o.level = 'organisation' and o.unit = e.organisation
)
select
  case_key,
  cast(row_number() over in_order as integer) as position,
  occurred_at,
  activity_key,
  is_start,
  lead(activity_key) over in_order as next_activity_key,
  lag(occurred_at) over in_order as previous_at,
  epoch_us(lead(occurred_at) over in_order) - epoch_us(occurred_at) as until_next_us,
  actor_key,
  team_key,
  organisation_key,
  lead(team_key) over in_order as next_team_key,
  lag(actor_key) over in_order as previous_actor_key,
  lag(team_key) over in_order as previous_team_key,
  lag(organisation_key) over in_order as previous_organisation_key
from keyed
window in_order as (partition by case_key order by occurred_at, sequence)
