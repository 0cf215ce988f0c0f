/*
meaning: stub
columns:
  source: s
  case_id: c
  other_case_id: o
  relation: r
tests: []
*/
select source, zaak as case_id, hoofdzaak as other_case_id, 'parent' as relation
from raw.zgw_zaken where observed_to is null and hoofdzaak is not null
