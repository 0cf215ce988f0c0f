/*
meaning: Executions of activities in journeys whose log has starts and ends as events of their own. Within a case and activity the first start goes with the first end after it, first in first out; what has no partner stays alone.
columns:
  case_key: The case.
  activity_key: The activity.
  instance: Number of the execution within case and activity, matched ones first. [count]
  started_at: Its start, null for an end without a start. [UTC instant]
  completed_at: Its end, null for a start without an end. [UTC instant]
  is_matched: Whether both are known.
tests:
  - unique: [case_key, activity_key, instance]
  - not_null: [case_key, activity_key, instance, is_matched]
  - assert:
      name: nothing_ends_before_it_starts
      rows: select * from core.activity_instances where completed_at < started_at
*/
with timed_journeys as (
  select distinct c.journey
  from core.steps as s
  inner join core.cases as c on c.case_key = s.case_key
  where s.is_start
),
marks as (
  select e.case_key, e.activity_key, e.occurred_at, e.sequence, lower(e.lifecycle) = 'start' as is_start
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  inner join timed_journeys as t on t.journey = c.journey
  where lower(e.lifecycle) in ('start', 'complete')
),
balanced as (
  select
    *,
    sum(case when is_start then 1 else 0 end) over so_far as starts,
    sum(case when is_start then 0 else 1 end) over so_far as ends,
    sum(case when is_start then 1 else -1 end) over so_far as balance
  from marks
  window so_far as (
    partition by case_key, activity_key order by occurred_at, sequence
    rows between unbounded preceding and current row
  )
),
lowest as (
  select
    *,
    -least(min(balance) over (
      partition by case_key, activity_key order by occurred_at, sequence
      rows between unbounded preceding and current row
    ), 0) as lone_ends
  from balanced
),
judged as (
  select
    *,
    lone_ends > coalesce(lag(lone_ends) over (
      partition by case_key, activity_key order by occurred_at, sequence
    ), 0) as is_lone
  from lowest
),
paired as (
  select
    coalesce(s.case_key, e.case_key) as case_key,
    coalesce(s.activity_key, e.activity_key) as activity_key,
    s.occurred_at as started_at,
    e.occurred_at as completed_at
  from (select * from judged where is_start) as s
  full outer join (
    select *, case when not is_lone then ends - lone_ends end as place from judged where not is_start
  ) as e
    on e.case_key = s.case_key and e.activity_key = s.activity_key and e.place = s.starts
)
select
  case_key,
  activity_key,
  row_number() over (
    partition by case_key, activity_key
    order by
      case when started_at is not null and completed_at is not null then 0 else 1 end,
      coalesce(started_at, completed_at),
      completed_at
  ) as instance,
  started_at,
  completed_at,
  started_at is not null and completed_at is not null as is_matched
from paired
