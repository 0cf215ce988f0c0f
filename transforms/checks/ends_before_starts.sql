/*
meaning: Cases end before they start, or callbacks were done before they were promised.
table: core.callbacks
mend: Look whether the columns for start and end are swapped, or one of them lacks its time zone (`timezone`).
*/
with spans as (
  select source, 'case' as what, case_id as record, opened_at as starts_at, closed_at as ends_at
  from core.cases
  union all
  select source, 'callback', contact_id, promised_at, done_at
  from core.callbacks
),
shares as (
  select source, what, count(*) filter (where ends_at < starts_at) as reversed, count(ends_at) as ended
  from spans
  group by source, what
)
select p.source, p.what, p.record, p.starts_at, p.ends_at
from spans as p
inner join shares as s on s.source = p.source and s.what = p.what
cross join (select * from config.checks where check_name = 'ends_before_starts') as k
where p.ends_at < p.starts_at and s.reversed >= k.at_least and s.reversed > k.threshold * s.ended
order by p.source, p.what, p.record
