/*
meaning: The same event of the same case, or the same contact of the same resident, was given more than once.
table: core.contacts
mend: Look whether two files of the source each hold everything; name the newest alone. For a system, look whether it was migrated and gave its records new numbers.
*/
with same_events as (
  select case_key, activity_key, lifecycle, occurred_at, actor, team, count(*) as times
  from core.events
  group by case_key, activity_key, lifecycle, occurred_at, actor, team
),
same as (
  select c.source, 'event' as what, c.case_id as record, e.occurred_at as at, e.times
  from same_events as e
  inner join core.cases as c on c.case_key = e.case_key
  union all
  select source, 'contact', min(contact_id), contacted_at, count(*)
  from core.contacts
  where client is not null
  group by source, client, contacted_at, channel, topic, actor
),
shares as (
  select source, what, sum(times) - count(*) as surplus, sum(times) as given
  from same
  group by source, what
)
select m.source, m.what, m.record, m.at, m.times
from same as m
inner join shares as s on s.source = m.source and s.what = m.what
cross join (select * from config.checks where check_name = 'duplicates') as k
where m.times > 1 and s.surplus >= k.at_least and s.surplus > k.threshold * s.given
order by m.times desc, m.source, m.record
