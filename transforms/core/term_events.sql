/*
meaning: What happened to the term of a case - its start, an extension or a notice of default, where the configuration names activities for it, or a case system registers it.
columns:
  case_key: The case.
  term: Number of the term that it starts; null for the other two.
  role: Starts, extends, or gives notice.
  happened_on: First day on which it happened; for a pulled extension the last day on which it was not yet seen, null if it was always there. [date]
  days: By how much a case system registers that the term is extended. [days]
  times: How often. [count]
tests:
  - unique: [case_key, term, role]
  - not_null: [case_key, role, times]
*/
select
  e.case_key,
  a.term,
  a.role,
  cast(timezone('Europe/Amsterdam', min(e.occurred_at)) as date) as happened_on,
  cast(null as integer) as days,
  count(*) as times
from core.events as e
inner join config.term_activities as a on a.activity = e.activity
inner join core.cases as c on c.case_key = e.case_key and c.journey = a.journey
left join core.zgw_terms as z
  on a.role = 'extends' and z.source = c.source and z.case_id = c.case_id
  and z.extension_days is not null
where z.case_id is null
group by e.case_key, a.term, a.role
union all
select
  c.case_key, null, 'extends',
  cast(timezone('Europe/Amsterdam', z.extended_after_at) as date), z.extension_days, 1
from core.zgw_terms as z
inner join core.cases as c on c.source = z.source and c.case_id = z.case_id
where z.extension_days is not null
