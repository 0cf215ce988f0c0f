/*
meaning: Rows belong to a case or a contact that the source did not give.
table: core.callbacks
mend: Look whether the lists were extracted at different moments, or whether one of them is cut short; for a system, run the job `weekly`, which reads everything anew.
*/
with children as (
  select e.source, 'event without case' as what, e.case_id as parent, c.case_id is null as is_orphan
  from core.recorded_events as e
  left join core.recorded_cases as c on c.source = e.source and c.case_id = e.case_id
  union all
  select s.source, 'status without case', s.zaak, z.zaak is null
  from raw.zgw_statussen as s
  left join raw.zgw_zaken as z
    on z.source = s.source and z.zaak = s.zaak and z.observed_to is null
  where s.observed_to is null
  union all
  select r.source, 'role without case', r.zaak, z.zaak is null
  from raw.zgw_rollen as r
  left join raw.zgw_zaken as z
    on z.source = r.source and z.zaak = r.zaak and z.observed_to is null
  where r.observed_to is null
  union all
  select source, 'callback without contact', contact_id, contact_key is null
  from core.callbacks
),
shares as (
  select source, what, count(*) filter (where is_orphan) as orphans, count(*) as children
  from children
  group by source, what
)
select c.source, c.what, c.parent as belongs_to, count(*) as rows_found
from children as c
inner join shares as s on s.source = c.source and s.what = c.what
cross join (select * from config.checks where check_name = 'orphans') as k
where c.is_orphan and s.orphans >= k.at_least and s.orphans > k.threshold * s.children
group by c.source, c.what, c.parent
order by c.source, c.what, c.parent
