/*
meaning: On the last whole working day a source gave far less, or far more, than on the same weekday of the eight weeks before.
table: core.contacts
mend: Look whether the extract or the right to read was cut off, and read the day again (`reread`, or a new file). If the day truly was so, raise the limit of this check for one run.
*/
with counted as (
  select source, 'cases' as counted, opened_on as day, count(*) as rows_found
  from core.cases
  group by source, opened_on
  union all
  select c.source, 'events', cast(timezone('Europe/Amsterdam', e.occurred_at) as date), count(*)
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  group by c.source, cast(timezone('Europe/Amsterdam', e.occurred_at) as date)
  union all
  select source, 'contacts', contacted_on, count(*)
  from core.contacts
  group by source, contacted_on
),
given as (
  select distinct source, counted from counted
),
judged as (
  select s.source, max(d.day) as day
  from core.sources as s
  inner join config.calendar_days as d
    on d.day < cast(timezone('Europe/Amsterdam', s.cutoff_at) as date)
    and d.day >= cast(timezone('Europe/Amsterdam', s.cutoff_at) as date) - 7
  where d.opens_at is not null
  group by s.source
),
usual as (
  select
    j.source,
    j.day,
    g.counted,
    percentile_cont(0.5) within group (order by coalesce(c.rows_found, 0)) as usual
  from judged as j
  inner join given as g on g.source = j.source
  inner join config.calendar_days as d
    on d.day between j.day - 56 and j.day - 7 and (j.day - d.day) % 7 = 0
  left join counted as c
    on c.source = j.source and c.counted = g.counted and c.day = d.day
  where d.opens_at is not null
  group by j.source, j.day, g.counted
)
select
  u.source,
  u.counted,
  u.day,
  coalesce(c.rows_found, 0) as found,
  u.usual
from usual as u
cross join (select * from config.checks where check_name = 'volume') as k
left join counted as c on c.source = u.source and c.counted = u.counted and c.day = u.day
where u.usual >= k.at_least
  and (
    coalesce(c.rows_found, 0) < k.threshold * u.usual
    or coalesce(c.rows_found, 0) * k.threshold > u.usual
  )
order by u.source, u.counted
