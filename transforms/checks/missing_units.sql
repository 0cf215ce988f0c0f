/*
meaning: Of too many cases or contacts of the last 90 days no team is known, in a source that does name teams.
table: core.contacts
mend: Look whether the column of the team, or the role that names it, is still filled and still mapped; look at `missing_values` too.
*/
with teamed as (
  select distinct case_key from core.assignments where level = 'team'
),
subjects as (
  select c.source, 'case' as what, c.case_id as record, c.opened_at as at, t.case_key is not null as has_team
  from core.cases as c
  left join teamed as t on t.case_key = c.case_key
  union all
  select source, 'contact', contact_id, contacted_at, team is not null
  from core.contacts
),
dated as (
  select
    u.*,
    u.at >= s.cutoff_at - interval 90 day as is_recent,
    max(case when u.has_team then 1 else 0 end) over (partition by u.source, u.what) as names_teams
  from subjects as u
  inner join core.sources as s on s.source = u.source
),
shares as (
  select source, what, count(*) as recent, count(*) filter (where not has_team) as without
  from dated
  where is_recent and names_teams = 1
  group by source, what
)
select d.source, d.what, d.record, d.at
from dated as d
inner join shares as s on s.source = d.source and s.what = d.what
cross join (select * from config.checks where check_name = 'missing_units') as k
where d.is_recent and not d.has_team
  and s.recent >= k.at_least and s.without > k.threshold * s.recent
order by d.at desc, d.source, d.record
