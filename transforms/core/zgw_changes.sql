/*
meaning: Moments of changes that a ZGW source notified, beside the reading that saw the change first. Only those that leave no doubt - one notification on the record between two readings.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  object: Pseudonym of the changed record, null for the case itself.
  is_suspension: Whether the notification says that a suspension began or ended.
  happened_at: When it changed, by the case system. [UTC instant]
  seen_at: Begin of the first reading after it that could see it. [UTC instant]
tests:
  - unique: [source, case_id, object, seen_at]
  - not_null: [source, case_id, is_suspension, happened_at, seen_at]
  - assert:
      name: no_change_is_seen_before_it_happened
      rows: select * from core.zgw_changes where seen_at < happened_at
*/
with moments as (
  select source, aanmaakdatum as happened_at, zaak, case when resource = 'rol' then object end as object, actie,
    cast(null as timestamptz) as began_at
  from raw.zgw_notices
  where observed_to is null and actie in ('update', 'partial_update', 'destroy', 'opgeschort')
  union all
  select source, began_at, null, null, null, began_at
  from raw.api_pulls
  where is_whole and cadence <> 'front'
),
placed as (
  select
    *,
    min(began_at) over (
      partition by source order by happened_at
      range between current row and unbounded following
    ) as seen_at
  from moments
),
counted as (
  select
    source,
    zaak as case_id,
    object,
    seen_at,
    count(*) filter (where actie = 'opgeschort') as suspensions,
    max(case when actie = 'opgeschort' then happened_at end) as suspended_at,
    count(*) filter (where actie <> 'opgeschort') as changes,
    max(case when actie <> 'opgeschort' then happened_at end) as changed_at
  from placed
  where zaak is not null and seen_at is not null
  group by source, zaak, object, seen_at
)
select
  source,
  case_id,
  object,
  suspensions = 1 as is_suspension,
  case when suspensions = 1 then suspended_at else changed_at end as happened_at,
  seen_at
from counted
where suspensions = 1 or (suspensions = 0 and changes = 1)
