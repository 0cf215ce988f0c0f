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
lines as (
  select
    a.*,
    u.unit <> 'own' as is_partner,
    lead(epoch_us(a.started_at) - a.waited_us) over (
      partition by a.case_key order by a.run
    ) as left_us
  from core.assignments as a
  inner join core.units as u on u.level = a.level and u.unit_key = a.unit_key
  where a.level = 'organisation'
),
last_words as (
  select s.case_key, max(epoch_us(s.occurred_at)) as last_us
  from core.steps as s
  inner join lines as l on l.case_key = s.case_key
  where l.until_at is null and l.is_partner and s.organisation_key is not null
  group by s.case_key
),
stretches as (
  select
    k.case_key,
    l.run,
    k.from_us,
    k.to_us,
    epoch_us(l.turn_at) as turn_us,
    epoch_us(l.started_at) as started_us,
    case
      when l.provenance = 'event' then coalesce(l.left_us, w.last_us)
      else coalesce(epoch_us(l.ended_at), k.to_us)
    end as left_us,
    case
      when l.provenance = 'event' then coalesce(epoch_us(l.until_at), k.to_us)
      else coalesce(epoch_us(l.ended_at), k.to_us)
    end as until_us
  from lines as l
  inner join known as k on k.case_key = l.case_key
  left join last_words as w on w.case_key = l.case_key
  where l.is_partner
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
