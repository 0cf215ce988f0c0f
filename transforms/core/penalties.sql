/*
meaning: The penalty clock (dwangsom) of each case with a statutory term and a written notice of default. Whole days before the decision or the cut-off are due, up to the most that the law of the day of the notice knows.
columns:
  case_key: The case.
  notice_on: Day of the notice. [date]
  starts_on: First day that is paid if no decision is there. [date]
  days: Days due so far. [days]
  amount_eur: Amount due so far. [euro]
  is_running: Whether it is still undecided and something is due.
tests:
  - unique: [case_key]
  - not_null: [case_key, notice_on, starts_on, days, amount_eur, is_running]
*/
with regimes as (
  select regime, valid_from, valid_until, grace_days, max(days) as most_days
  from config.penalties
  group by regime, valid_from, valid_until, grace_days
),
started as (
  select
    t.case_key,
    e.happened_on as notice_on,
    greatest(t.due_on, e.happened_on) + r.grace_days + 1 as starts_on,
    coalesce(c.closed_on, c.cutoff_on) as until_on,
    c.closed_on is null as is_open,
    r.regime,
    r.most_days
  from core.term_events as e
  inner join core.terms as t on t.case_key = e.case_key
  inner join core.cases as c on c.case_key = e.case_key
  inner join regimes as r on e.happened_on between r.valid_from and r.valid_until
  where e.role = 'gives notice' and t.is_statutory and t.has_penalty and t.due_on is not null
),
counted as (
  select *, least(greatest(date_diff('day', starts_on, until_on), 0), most_days) as days
  from started
)
select
  c.case_key,
  c.notice_on,
  c.starts_on,
  cast(c.days as integer) as days,
  p.amount_eur,
  c.is_open and c.days > 0 as is_running
from counted as c
inner join config.penalties as p on p.regime = c.regime and p.days = c.days
