/*
meaning: One row per case of which some handler is known, where partners are configured, with the time that the partners had it, in two readings.
columns:
  case_key: The case.
  followed_us: From start to end, or to the cut-off while open. [microseconds]
  until_answer_us: From the last event before it was a partner's turn until its own last event, so that an event marks what was done; of roles their own length. [microseconds]
  until_return_us: From the first event of a partner until the first of another organisation, the end or the cut-off, so that an event marks an arrival; of roles their own length. [microseconds]
tests:
  - unique: [case_key]
  - not_null: [case_key, followed_us, until_answer_us, until_return_us]
  - assert:
      name: no_more_than_the_case_itself
      rows: >-
        select * from core.partner_times
        where until_answer_us > followed_us or until_return_us > followed_us
*/
with known as (
  select
    c.case_key,
    epoch_us(c.opened_at) as from_us,
    epoch_us(coalesce(c.closed_at, c.cutoff_at)) as to_us
  from core.cases as c
  cross join config.municipality as m
  where m.has_partners and coalesce(c.closed_at, c.cutoff_at) >= c.opened_at
    and c.case_key in (select h.case_key from core.case_handoffs as h where h.handoffs is not null)
),
stretches as (
  select
    k.case_key,
    a.run,
    k.from_us,
    k.to_us,
    epoch_us(a.turn_at) as turn_us,
    epoch_us(a.started_at) as started_us,
    coalesce(epoch_us(a.left_at), k.to_us) as left_us,
    case
      when a.provenance = 'event' then coalesce(epoch_us(a.until_at), k.to_us)
      else coalesce(epoch_us(a.left_at), k.to_us)
    end as until_us
  from core.assignments as a
  inner join core.units as u on u.level = a.level and u.unit_key = a.unit_key
  inner join known as k on k.case_key = a.case_key
  where a.level = 'organisation' and u.unit <> 'own'
),
clipped as (
  select
    case_key,
    run,
    greatest(turn_us, from_us) as turn_us,
    greatest(started_us, from_us) as started_us,
    least(left_us, to_us) as left_us,
    least(until_us, to_us) as until_us
  from stretches
),
apart as (
  select
    case_key,
    greatest(turn_us, coalesce(max(left_us) over before, turn_us)) as turn_us,
    left_us,
    greatest(started_us, coalesce(max(until_us) over before, started_us)) as started_us,
    until_us
  from clipped
  window before as (
    partition by case_key order by run rows between unbounded preceding and 1 preceding
  )
),
summed as (
  select
    case_key,
    sum(greatest(left_us - turn_us, 0)) as until_answer_us,
    sum(greatest(until_us - started_us, 0)) as until_return_us
  from apart
  group by case_key
)
select
  k.case_key,
  k.to_us - k.from_us as followed_us,
  cast(coalesce(s.until_answer_us, 0) as bigint) as until_answer_us,
  cast(coalesce(s.until_return_us, 0) as bigint) as until_return_us
from known as k
left join summed as s on s.case_key = k.case_key
