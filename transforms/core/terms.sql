/*
meaning: The statutory clock of each case that has a term, step by step - receipt, length, extension, suspension, roll, end. All by Amsterdam date.
columns:
  case_key: The case.
  legal_basis: Legal basis of the term; null where the case type of the source gives it.
  is_statutory: Whether the term is set in an act, so that its end rolls.
  has_penalty: Whether lateness may cost a penalty.
  received_on: Day of receipt; day 1 is the day after. [date]
  term_days: Length of the term, null where it is in months. [days]
  base_end_on: Receipt plus the term. [date]
  suspended_days: Days on which it stood still. [days]
  announced_on: Day on which an extension was announced. [date]
  extension_times: How often one was announced; only the first counts. [count]
  is_extension_late: Whether it was announced after the end, so that it moves nothing.
  extended_days: By how much it was extended. [days]
  end_before_roll_on: Receipt, term, extension and suspension together. [date]
  end_on: The end, rolled by the Algemene termijnenwet where that applies. [date]
  is_known: Whether suspensions and extensions of the case are known, so that the end can be told.
  clock_end_on: The end where it is known, else null. [date]
  differs: Whether the registered end is another than the known one, rolled or not; null if either is missing.
  due_on: The known end, else the registered one, rolled. [date]
  due_basis: Computed or registered.
tests:
  - unique: [case_key]
  - not_null: [case_key, is_known]
  - assert:
      name: the_end_does_not_come_before_the_receipt
      rows: select * from core.terms where end_on < received_on
*/
with received as (
  select
    c.case_key,
    c.legal_end_on,
    c.legal_end_rolled_on,
    t.legal_basis,
    coalesce(t.is_statutory, true) as is_statutory,
    coalesce(t.has_penalty, true) as has_penalty,
    coalesce(t.longest_rolling_days, 90) as longest_rolling_days,
    t.extension_days,
    case when t.has_start_activities then s.happened_on else c.opened_on end as received_on,
    case when c.term is null then z.term_days else t.term_days end as term_days,
    case when c.term is null then z.term_months end as term_months,
    k.is_suspension_known
      and (z.case_id is not null or j.knows_extensions or coalesce(t.extension_days, 1) = 0)
      as is_known
  from core.cases as c
  inner join config.journeys as j on j.journey = c.journey
  inner join core.case_times as k on k.case_key = c.case_key
  left join (
    select distinct term, term_days, legal_basis, is_statutory, has_penalty, longest_rolling_days,
      extension_days, has_start_activities
    from config.terms
  ) as t on t.term = c.term
  left join core.zgw_terms as z on z.source = c.source and z.case_id = c.case_id
  left join core.term_events as s
    on s.case_key = c.case_key and s.role = 'starts' and s.term = c.term
),
based as (
  select
    *,
    case
      when term_days is not null then received_on + term_days
      else cast(received_on + term_months * interval 1 month as date)
    end as base_end_on
  from received
),
suspended as (
  select case_key, sum(date_diff('day', first_on, last_on) + 1) as days
  from core.term_suspensions
  group by case_key
),
announced as (
  select e.case_key, e.happened_on, e.days, e.times,
    coalesce(sum(greatest(date_diff('day', s.first_on, least(s.last_on, e.happened_on)) + 1, 0)), 0)
      as days_before
  from core.term_events as e
  left join core.term_suspensions as s on s.case_key = e.case_key
  where e.role = 'extends'
  group by e.case_key, e.happened_on, e.days, e.times
),
extended as (
  select
    b.*,
    cast(coalesce(s.days, 0) as integer) as suspended_days,
    a.happened_on as announced_on,
    coalesce(a.times, 0) as extension_times,
    coalesce(a.days, b.extension_days, 0) as offered_days,
    b.base_end_on + cast(a.days_before as integer) as end_when_announced_on,
    b.is_statutory and coalesce(b.term_days <= b.longest_rolling_days, b.term_months <= 3, false)
      as may_roll
  from based as b
  left join suspended as s on s.case_key = b.case_key
  left join announced as a on a.case_key = b.case_key
),
added as (
  select
    e.*,
    coalesce(e.announced_on > case when e.may_roll then d.rolled_on else e.end_when_announced_on end,
      false) as is_extension_late
  from extended as e
  left join config.calendar_days as d on d.day = e.end_when_announced_on
),
summed as (
  select
    *,
    case when extension_times > 0 and not is_extension_late then offered_days else 0 end
      as extended_days
  from added
),
ended as (
  select
    s.*,
    s.base_end_on + s.suspended_days + s.extended_days as end_before_roll_on,
    s.may_roll
      and (m.roll_extended_terms or s.extended_days = 0
        or date_diff('day', s.received_on, s.base_end_on) + s.extended_days
          <= s.longest_rolling_days) as rolls
  from summed as s
  cross join config.municipality as m
),
rolled as (
  select
    e.*,
    case
      when not e.rolls then e.end_before_roll_on
      when e.term_days >= 3 then greatest(d.rolled_on, f.second_open_on)
      else d.rolled_on
    end as end_on
  from ended as e
  left join config.calendar_days as d on d.day = e.end_before_roll_on
  left join config.calendar_days as f on f.day = e.received_on
)
select
  case_key,
  legal_basis,
  is_statutory,
  has_penalty,
  received_on,
  term_days,
  base_end_on,
  suspended_days,
  announced_on,
  extension_times,
  is_extension_late,
  extended_days,
  end_before_roll_on,
  end_on,
  is_known and end_on is not null as is_known,
  case when is_known then end_on end as clock_end_on,
  case when is_known then legal_end_on not in (end_before_roll_on, end_on) end as differs,
  coalesce(case when is_known then end_on end, legal_end_rolled_on) as due_on,
  case
    when is_known and end_on is not null then 'computed'
    when legal_end_rolled_on is not null then 'registered'
  end as due_basis
from rolled
where base_end_on is not null or legal_end_rolled_on is not null
