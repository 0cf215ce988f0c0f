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
with statuses as (
  select
    source,
    status,
    max_by(zaak, observed_from) as zaak,
    max_by(statustype, observed_from) as statustype,
    max_by(datum_status_gezet, observed_from) as occurred_at,
    max_by(gezet_door, observed_from) as gezet_door,
    'status' as provenance,
    count(*) filter (where observed_to is null) = 0 as is_withdrawn
  from raw.zgw_statussen
  group by source, status
  union all
  select a.source, a.object, a.zaak, a.statustype, a.datum_status_gezet, a.gezet_door, 'audit', true
  from raw.zgw_audit as a
  where a.resource = 'status' and a.actie = 'create' and a.statustype is not null
    and not exists (
      select 1 from raw.zgw_statussen as s where s.source = a.source and s.status = a.object
    )
),
types as (
  select source, statustype, max_by(omschrijving, observed_from) as activity
  from raw.zgw_statustypen
  group by source, statustype
),
setters as (
  select source, rol, max_by(betrokkene_type, observed_from) as unit_kind,
    max_by(betrokkene, observed_from) as unit,
    max_by(coalesce(naam, betrokkene), observed_from) as unit_name
  from raw.zgw_rollen
  group by source, rol
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
)
select
  s.source,
  s.zaak as case_id,
  row_number() over (partition by s.source order by s.occurred_at, s.zaak, s.status) as sequence,
  t.activity,
  s.occurred_at,
  coalesce(case when g.unit_kind = 'medewerker' then g.unit end, h.actor) as actor,
  coalesce(case when g.unit_kind = 'organisatorische_eenheid' then g.unit_name end, h.team) as team,
  case when g.unit_kind in ('niet_natuurlijk_persoon', 'vestiging') then g.unit end as organisation,
  s.provenance,
  s.is_withdrawn
from statuses as s
inner join types as t on t.source = s.source and t.statustype = s.statustype
left join setters as g on g.source = s.source and g.rol = s.gezet_door
left join holders as h on h.source = s.source and h.status = s.status
