/*
meaning: The statuses of cases from ZGW sources as events, those that the server later dropped among them; with the department and employee who had the case at that moment.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  sequence: Position in the source, by time. [count]
  activity: Name of the status.
  occurred_at: When the status was set. [UTC instant]
  actor: Pseudonym of the employee, null when not known.
  team: Department, null when not known.
  organisation: Chain partner that set it, null when not known.
  provenance: How it is known - status, or audit.
  is_withdrawn: Whether the server no longer gives the status, though the case is still there.
tests:
  - unique: [source, sequence]
  - not_null: [source, case_id, sequence, activity, occurred_at, provenance, is_withdrawn]
*/
with seen as (
  select
    source,
    status,
    max_by(zaak, observed_from) as zaak,
    max_by(statustype, observed_from) as statustype,
    max_by(datum_status_gezet, observed_from) as occurred_at,
    max_by(gezet_door, observed_from) as gezet_door,
    count(*) filter (where observed_to is null) = 0 as is_missing
  from raw.zgw_statussen
  group by source, status
),
audited as (
  select source, object as status, min(zaak) as zaak, min(statustype) as statustype,
    min(datum_status_gezet) as occurred_at, min(gezet_door) as gezet_door
  from raw.zgw_audit
  where resource = 'status' and actie = 'create' and statustype is not null
  group by source, object
),
removed_roles as (
  select distinct source, object as rol
  from raw.zgw_audit
  where resource = 'rol' and actie = 'destroy'
),
statuses as (
  select
    coalesce(s.source, a.source) as source,
    coalesce(s.status, a.status) as status,
    coalesce(s.zaak, a.zaak) as zaak,
    coalesce(s.statustype, a.statustype) as statustype,
    coalesce(s.occurred_at, a.occurred_at) as occurred_at,
    coalesce(s.gezet_door, a.gezet_door) as gezet_door,
    case when a.status is not null then 'audit' else 'status' end as provenance,
    coalesce(s.is_missing, true) as is_missing
  from seen as s
  full outer join audited as a on a.source = s.source and a.status = s.status
),
types as (
  select source, statustype, max_by(omschrijving, observed_from) as activity
  from raw.zgw_statustypen
  group by source, statustype
),
holders as (
  select
    s.source,
    s.status,
    max_by(r.unit, r.started_at) filter (where r.unit_kind = 'medewerker') as actor,
    max_by(r.unit_name, r.started_at) filter (where r.unit_kind = 'organisatorische_eenheid')
      as team
  from statuses as s
  inner join core.role_intervals as r
    on r.source = s.source and r.case_id = s.zaak and r.role = 'behandelaar'
    and r.started_at <= s.occurred_at and (r.ended_at is null or r.ended_at > s.occurred_at)
  group by s.source, s.status
),
setters as (
  select
    s.source,
    s.status,
    max_by(r.unit_kind, r.started_at) as unit_kind,
    max_by(r.unit_name, r.started_at) as unit
  from statuses as s
  inner join core.role_intervals as r
    on r.source = s.source and r.case_id = s.zaak and r.role_id = s.gezet_door
    and r.started_at <= s.occurred_at
  group by s.source, s.status
)
select
  s.source,
  s.zaak as case_id,
  row_number() over (partition by s.source order by s.occurred_at, s.zaak, s.status) as sequence,
  t.activity,
  s.occurred_at,
  coalesce(case when g.unit_kind = 'medewerker' then g.unit end, h.actor) as actor,
  coalesce(case when g.unit_kind = 'organisatorische_eenheid' then g.unit end, h.team) as team,
  case when g.unit_kind in ('niet_natuurlijk_persoon', 'vestiging') then g.unit end as organisation,
  s.provenance,
  s.is_missing or m.rol is not null as is_withdrawn
from statuses as s
inner join raw.zgw_zaken as z
  on z.source = s.source and z.zaak = s.zaak and z.observed_to is null
inner join types as t on t.source = s.source and t.statustype = s.statustype
left join setters as g on g.source = s.source and g.status = s.status
left join holders as h on h.source = s.source and h.status = s.status
left join removed_roles as m on m.source = s.source and m.rol = s.gezet_door
