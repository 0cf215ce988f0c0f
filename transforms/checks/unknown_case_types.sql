/*
meaning: A case type came up in the last 30 days that no journey lists, so that its cases are in no figure.
table: core.cases
mend: Add the case type to `case_types` of its journey; if it belongs to none, raise the limit of this check until it is 30 days old.
*/
with unlisted as (
  select r.source, r.case_type, r.case_id, r.opened_at
  from core.recorded_cases as r
  left join core.cases as c on c.source = r.source and c.case_id = r.case_id
  where c.case_key is null
),
first_events as (
  select e.source, e.case_id, min(e.occurred_at) as began_at
  from core.recorded_events as e
  inner join unlisted as u on u.source = e.source and u.case_id = e.case_id
  group by e.source, e.case_id
),
begun as (
  select u.source, u.case_type, coalesce(u.opened_at, f.began_at) as began_at, true as is_unlisted
  from unlisted as u
  left join first_events as f on f.source = u.source and f.case_id = u.case_id
  union all
  select source, case_type, opened_at, false from core.cases
),
dated as (
  select b.*, b.began_at >= s.cutoff_at - interval 30 day as is_recent
  from begun as b
  inner join core.sources as s on s.source = b.source
),
totals as (
  select source, count(*) filter (where is_recent) as recent, min(began_at) as first_at
  from dated
  group by source
)
select
  d.source,
  coalesce(d.case_type, '(none)') as case_type,
  min(d.began_at) as first_at,
  count(*) as cases
from dated as d
inner join totals as t on t.source = d.source
inner join core.sources as s on s.source = d.source
cross join (select * from config.checks where check_name = 'unknown_case_types') as k
where d.is_unlisted and t.first_at < s.cutoff_at - interval 30 day
group by d.source, d.case_type, t.recent, s.cutoff_at, k.threshold, k.at_least
having min(d.began_at) >= s.cutoff_at - interval 30 day
  and count(*) >= k.at_least and count(*) > k.threshold * t.recent
order by d.source, cases desc, case_type
