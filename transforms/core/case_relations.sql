/*
meaning: What a case system says of a case and another one, as it is now. The other case may be of another system, or gone.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  other_case_id: Pseudonym of the other case.
  relation: What holds of the case - parent (the other is its main case), follow-up (the other gave rise to it), subject (it is about the other), contribution (it contributes to the other), other, or related (no kind said; each of the two tells it).
  is_other_known: Whether the other case is among the cases of any source.
tests:
  - unique: [source, case_id, other_case_id, relation]
  - not_null: [source, case_id, other_case_id, relation, is_other_known]
*/
with cases as (
  select source, zaak, hoofdzaak, andere_zaken from raw.zgw_zaken where observed_to is null
),
pairs as (
  select c.source, c.zaak, t.pair
  from cases as c
  cross join unnest(string_split(c.andere_zaken, ' ')) as t(pair)
),
told as (
  select
    source,
    zaak as case_id,
    split_part(pair, ':', 2) as other_case_id,
    case split_part(pair, ':', 1)
      when 'vervolg' then 'follow-up'
      when 'onderwerp' then 'subject'
      when 'bijdrage' then 'contribution'
      when 'gerelateerd' then 'related'
      else 'other'
    end as relation
  from pairs
  union all
  select source, zaak, hoofdzaak, 'parent' from cases where hoofdzaak is not null
)
select
  t.source,
  t.case_id,
  t.other_case_id,
  t.relation,
  t.other_case_id in (select r.case_id from core.recorded_cases as r) as is_other_known
from told as t
where t.other_case_id <> t.case_id
