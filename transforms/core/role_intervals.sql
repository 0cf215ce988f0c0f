/*
meaning: Who had which role in a case from when until when, for case systems that register roles; cases destroyed at the source are left out. Told by the audit trail where it was read, else by the roles as they were seen from pull to pull, at the moment that a notification gave where there is one.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  role_id: Pseudonym of the role that began it.
  unit_kind: Kind of party - medewerker, organisatorische_eenheid, niet_natuurlijk_persoon, vestiging or natuurlijk_persoon.
  role: Handler (behandelaar), adviser (adviseur) or coordinator (zaakcoordinator).
  unit: Pseudonym of a person or unknown organisation, identifier of a department or partner.
  unit_name: Name of a department as last seen, else the unit.
  started_at: Start of the role. [UTC instant]
  ended_at: End of the role, null while it holds. [UTC instant]
  has_end_date: Whether it ended by the end date of the role, and not by its removal or change.
  provenance: How it is known - audit, rol, rol_geldigheid, notification or snapshot.
  time_quality: Exact, day, or interval.
tests:
  - not_null: [source, case_id, unit_kind, role, unit, started_at, provenance, time_quality]
  - assert:
      name: no_role_ends_before_it_starts
      rows: select * from core.role_intervals where ended_at < started_at
*/
with current_roles as (
  select source, zaak, rol, betrokkene_type, omschrijving_generiek, betrokkene, einde_geldigheid
  from raw.zgw_rollen
  where observed_to is null
),
trail as (
  select
    source,
    zaak,
    object as rol,
    actie,
    aanmaakdatum as happened_at,
    oud_betrokkene_type,
    oud_omschrijving_generiek,
    oud_betrokkene,
    oud_einde_geldigheid,
    nieuw_betrokkene_type,
    nieuw_omschrijving_generiek,
    nieuw_betrokkene,
    nieuw_einde_geldigheid,
    lead(regel) over of_role is not null as has_next,
    lead(oud_betrokkene_type) over of_role as next_betrokkene_type,
    lead(oud_omschrijving_generiek) over of_role as next_omschrijving_generiek,
    lead(oud_betrokkene) over of_role as next_betrokkene,
    lead(oud_einde_geldigheid) over of_role as next_einde_geldigheid
  from raw.zgw_audit
  where resource = 'rol'
  window of_role as (partition by source, object order by aanmaakdatum, regel)
),
audited as (
  select
    t.source,
    t.zaak,
    t.rol,
    t.actie,
    t.happened_at,
    t.oud_betrokkene_type as old_kind,
    t.oud_omschrijving_generiek as old_role,
    t.oud_betrokkene as old_unit,
    t.oud_einde_geldigheid as old_end,
    case when t.has_next then t.next_betrokkene_type
      when c.rol is not null then c.betrokkene_type else t.nieuw_betrokkene_type end as new_kind,
    case when t.has_next then t.next_omschrijving_generiek
      when c.rol is not null then c.omschrijving_generiek
      else t.nieuw_omschrijving_generiek end as new_role,
    case when t.has_next then t.next_betrokkene
      when c.rol is not null then c.betrokkene else t.nieuw_betrokkene end as new_unit,
    case when t.has_next then t.next_einde_geldigheid
      when c.rol is not null then c.einde_geldigheid else t.nieuw_einde_geldigheid end as new_end
  from trail as t
  left join current_roles as c on c.source = t.source and c.rol = t.rol
),
changed as (
  select
    *,
    actie in ('update', 'partial_update') and (
      old_kind is distinct from new_kind
      or old_role is distinct from new_role
      or old_unit is distinct from new_unit
    ) as is_other,
    actie in ('update', 'partial_update') and old_end is null and new_end is not null as is_ended
  from audited
),
versions as (
  select
    v.source,
    v.zaak,
    v.rol,
    v.betrokkene_type,
    v.omschrijving_generiek,
    v.betrokkene,
    v.registratiedatum,
    v.begin_geldigheid,
    v.einde_geldigheid,
    v.observed_from,
    v.observed_to,
    n.happened_at as notified_from,
    g.happened_at as notified_to,
    lag(v.rol) over of_role is null as is_first,
    lag(v.betrokkene_type) over of_role is distinct from v.betrokkene_type
      or lag(v.omschrijving_generiek) over of_role is distinct from v.omschrijving_generiek
      or lag(v.betrokkene) over of_role is distinct from v.betrokkene as is_other,
    lead(v.betrokkene_type) over of_role is distinct from v.betrokkene_type
      or lead(v.omschrijving_generiek) over of_role is distinct from v.omschrijving_generiek
      or lead(v.betrokkene) over of_role is distinct from v.betrokkene as is_last_of_unit
  from raw.zgw_rollen as v
  left join core.zgw_changes as n
    on n.source = v.source and n.object = v.rol and n.seen_at = v.observed_from
  left join core.zgw_changes as g
    on g.source = v.source and g.object = v.rol and g.seen_at = v.observed_to
  where not exists (
    select 1 from raw.zgw_audit as a where a.source = v.source and a.zaak = v.zaak
  )
  window of_role as (partition by v.source, v.rol order by v.observed_from)
),
facts as (
  select source, zaak, rol, happened_at, true as is_start, false as has_end_date, new_kind as unit_kind,
    new_role as role, new_unit as unit, 'audit' as provenance, 'exact' as time_quality
  from changed where actie = 'create' or is_other
  union all
  select source, zaak, rol, happened_at, false, not is_other and is_ended, old_kind, old_role, old_unit,
    'audit', 'exact'
  from changed where actie = 'destroy' or is_other or is_ended
  union all
  select source, zaak, rol,
    case
      when is_first and begin_geldigheid is not null
        then timezone('Europe/Amsterdam', cast(begin_geldigheid as timestamp))
      when is_first then coalesce(registratiedatum, observed_from)
      else coalesce(notified_from, observed_from)
    end,
    true, false, betrokkene_type, omschrijving_generiek, betrokkene,
    case
      when is_first and begin_geldigheid is not null then 'rol_geldigheid'
      when is_first and registratiedatum is not null then 'rol'
      when not is_first and notified_from is not null then 'notification'
      else 'snapshot'
    end,
    case
      when is_first and begin_geldigheid is not null then 'day'
      when is_first and registratiedatum is not null then 'exact'
      when not is_first and notified_from is not null then 'exact'
      else 'interval'
    end
  from versions where is_other or is_first
  union all
  select source, zaak, rol,
    case
      when einde_geldigheid is not null
        then timezone('Europe/Amsterdam', cast(einde_geldigheid as timestamp))
      else coalesce(notified_to, observed_to)
    end,
    false, einde_geldigheid is not null, betrokkene_type, omschrijving_generiek, betrokkene,
    'snapshot', 'interval'
  from versions where is_last_of_unit and (einde_geldigheid is not null or observed_to is not null)
),
departments as (
  select source, unit, max_by(name, named_at) as name
  from (
    select source, betrokkene as unit, naam as name, registratiedatum as named_at
    from raw.zgw_rollen
    union all
    select source, oud_betrokkene, oud_naam, aanmaakdatum from raw.zgw_audit
    union all
    select source, nieuw_betrokkene, nieuw_naam, aanmaakdatum from raw.zgw_audit
  ) as named
  where name is not null
  group by source, unit
),
handlers as (
  select
    *,
    min(case when not is_start then happened_at end) over later as next_end_at,
    min(case when not is_start and has_end_date then happened_at end) over later as next_dated_end
  from facts
  where role in ('behandelaar', 'adviseur', 'zaakcoordinator') and unit is not null
  window later as (
    partition by source, zaak, unit_kind, role, unit
    order by happened_at, is_start
    rows between 1 following and unbounded following
  )
)
select
  h.source,
  h.zaak as case_id,
  h.rol as role_id,
  h.unit_kind,
  h.role,
  h.unit,
  coalesce(d.name, h.unit) as unit_name,
  h.happened_at as started_at,
  h.next_end_at as ended_at,
  coalesce(h.next_dated_end = h.next_end_at, false) as has_end_date,
  h.provenance,
  h.time_quality
from handlers as h
inner join raw.zgw_zaken as z
  on z.source = h.source and z.zaak = h.zaak and z.observed_to is null
left join departments as d
  on d.source = h.source and d.unit = h.unit and h.unit_kind = 'organisatorische_eenheid'
where h.is_start
