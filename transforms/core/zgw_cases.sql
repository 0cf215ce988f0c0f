/*
meaning: The cases of ZGW sources as they are now; those destroyed at the source are left out.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  sequence: Position in the source, by start. [count]
  case_type: Identification of the case type, the same over its versions.
  client: Pseudonym of the applicant, null when not known.
  channel: Channel of the request, null when not known.
  result: Name of the result, null while there is none.
  opened_at: Start of the day on which the case began. [UTC instant]
  closed_at: Start of the day on which it ended, null while open. [UTC instant]
  planned_end_at: Start of the day of the planned end. [UTC instant]
  legal_end_at: Start of the last day of the term as registered. [UTC instant]
  is_suspension_unknown: Whether it was suspended before, but from when until when is not known.
  has_unadjusted_deadline: Whether it was extended or suspended, and the deadline is still the first.
tests:
  - unique: [source, case_id]
  - unique: [source, sequence]
  - not_null: [source, case_id, sequence, opened_at, is_suspension_unknown]
*/
with types as (
  select source, zaaktype, max_by(identificatie, observed_from) as case_type,
    max_by(doorlooptijd, observed_from) as doorlooptijd
  from raw.zgw_zaaktypen
  group by source, zaaktype
),
applicants as (
  select source, zaak, min(betrokkene) as client
  from raw.zgw_rollen
  where observed_to is null and omschrijving_generiek = 'initiator'
    and betrokkene_type in ('natuurlijk_persoon', 'niet_natuurlijk_persoon', 'vestiging')
  group by source, zaak
),
results as (
  select r.source, r.zaak, min(t.omschrijving) as result
  from raw.zgw_resultaten as r
  inner join raw.zgw_resultaattypen as t
    on t.source = r.source and t.resultaattype = r.resultaattype and t.observed_to is null
  where r.observed_to is null
  group by r.source, r.zaak
),
suspended as (
  select source, case_id, count(*) as suspensions from core.zgw_suspensions group by source, case_id
)
select
  z.source,
  z.zaak as case_id,
  row_number() over (partition by z.source order by z.startdatum, z.zaak) as sequence,
  t.case_type,
  a.client,
  z.kanaal as channel,
  r.result,
  timezone('Europe/Amsterdam', cast(z.startdatum as timestamp)) as opened_at,
  timezone('Europe/Amsterdam', cast(z.einddatum as timestamp)) as closed_at,
  timezone('Europe/Amsterdam', cast(z.einddatum_gepland as timestamp)) as planned_end_at,
  timezone('Europe/Amsterdam', cast(z.uiterlijke_einddatum_afdoening as timestamp)) as legal_end_at,
  coalesce(z.is_eerder_opgeschort, false) and s.suspensions is null as is_suspension_unknown,
  (z.verlenging_duur is not null or coalesce(z.is_eerder_opgeschort, s.suspensions is not null))
    and t.doorlooptijd like 'P%D'
    and z.uiterlijke_einddatum_afdoening
      = z.startdatum + try_cast(replace(replace(t.doorlooptijd, 'P', ''), 'D', '') as integer)
    as has_unadjusted_deadline
from raw.zgw_zaken as z
left join types as t on t.source = z.source and t.zaaktype = z.zaaktype
left join applicants as a on a.source = z.source and a.zaak = z.zaak
left join results as r on r.source = z.source and r.zaak = z.zaak
left join suspended as s on s.source = z.source and s.case_id = z.zaak
where z.observed_to is null
