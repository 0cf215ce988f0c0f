/*
meaning: Something is said to have happened more than a day after it was read, or after the moment up to which the source is complete.
table: core.callbacks
mend: Look whether planned dates are mapped to a column for what happened, or whether day and month were swapped (`time_format`).
*/
with read_last as (
  select source, max(read_at) as read_at
  from (
    select source, loaded_at as read_at from raw.files
    union all
    select source, began_at from raw.api_pulls
  ) as r
  group by source
),
latest as (
  select s.source, greatest(r.read_at, s.cutoff_at) + interval 1 day as latest_at
  from core.sources as s
  left join read_last as r on r.source = s.source
),
dated as (
  select source, 'event' as what, case_id as record, occurred_at as at from core.recorded_events
  union all
  select source, 'start of case', case_id, opened_at from core.recorded_cases
  union all
  select source, 'end of case', case_id, closed_at from core.recorded_cases
  union all
  select source, 'contact', contact_id, contacted_at from core.contacts
  union all
  select source, 'end of callback', contact_id, done_at from core.callbacks
),
shares as (
  select d.source, d.what, count(*) filter (where d.at > l.latest_at) as ahead, count(d.at) as known
  from dated as d
  inner join latest as l on l.source = d.source
  group by d.source, d.what
)
select d.source, d.what, d.record, d.at
from dated as d
inner join latest as l on l.source = d.source
inner join shares as s on s.source = d.source and s.what = d.what
cross join (select * from config.checks where check_name = 'future_dates') as k
where d.at > l.latest_at and s.ahead >= k.at_least and s.ahead > k.threshold * s.known
order by d.at desc, d.source, d.record
