/*
meaning: Stretches in which the clock of a case of a ZGW source stood still, as far as they are known.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  started_at: Start of the suspension, by audit trail or notification, or of the pull that saw it first. [UTC instant]
  ended_at: End, likewise; null while suspended. [UTC instant]
  provenance: How it is known - audit, notification, snapshot, or status.
  time_quality: Exact, or interval.
tests:
  - not_null: [source, case_id, started_at, provenance, time_quality]
  - assert:
      name: no_suspension_ends_before_it_starts
      rows: select * from core.zgw_suspensions where ended_at < started_at
*/
with switches as (
  select source, zaak, aanmaakdatum as happened_at, is_opgeschort as is_start, 'audit' as provenance
  from raw.zgw_audit
  where resource = 'zaak' and is_opgeschort <> (was_opgeschort and actie <> 'create')
  union all
  select
    seen.source,
    seen.zaak,
    coalesce(n.happened_at, seen.observed_from),
    seen.is_opgeschort,
    case when n.happened_at is null then 'snapshot' else 'notification' end
  from (
    select
      v.source,
      v.zaak,
      v.observed_from,
      v.is_opgeschort,
      coalesce(lag(v.is_opgeschort) over (
        partition by v.source, v.zaak order by v.observed_from
      ), false) as was_opgeschort
    from raw.zgw_zaken as v
    where not exists (
      select 1 from raw.zgw_audit as a where a.source = v.source and a.zaak = v.zaak
    )
  ) as seen
  left join core.zgw_changes as n
    on n.source = seen.source and n.case_id = seen.zaak and n.object is null
    and n.seen_at = seen.observed_from
  where seen.is_opgeschort <> seen.was_opgeschort
),
waits as (
  select
    e.source,
    e.case_id,
    e.occurred_at as started_at,
    lead(e.occurred_at) over (
      partition by e.source, e.case_id order by e.occurred_at, e.sequence
    ) as ended_at,
    w.status is not null as is_wait
  from core.zgw_events as e
  left join config.waiting_statuses as w on w.source = e.source and w.status = e.activity
  where not exists (
    select 1 from switches as s where s.source = e.source and s.zaak = e.case_id
  )
),
paired as (
  select
    source,
    zaak as case_id,
    is_start,
    happened_at as started_at,
    lead(happened_at) over (partition by source, zaak order by happened_at, is_start) as ended_at,
    provenance
  from switches
)
select p.source, p.case_id, p.started_at, p.ended_at, p.provenance,
  case when p.provenance = 'snapshot' then 'interval' else 'exact' end as time_quality
from paired as p
inner join raw.zgw_zaken as z
  on z.source = p.source and z.zaak = p.case_id and z.observed_to is null
where p.is_start
union all
select source, case_id, started_at, ended_at, 'status', 'exact'
from waits
where is_wait
