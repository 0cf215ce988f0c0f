/*
meaning: The terms of the cases of ZGW sources as registered - that of the version of the case type which the case points to, and an extension. Durations of one unit are read, such as P56D, P8W or P2M.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  term_days: Term in days or whole weeks, null where it is in months or unreadable. [days]
  term_months: Term in months. [months]
  extension_days: Extension that is registered now, null where there is none. [days]
  extended_after_at: Last pull that saw the case without it; null where every pull saw it. [UTC instant]
tests:
  - unique: [source, case_id]
  - not_null: [source, case_id]
*/
with types as (
  select source, zaaktype, max_by(doorlooptijd, observed_from) as length
  from raw.zgw_zaaktypen
  group by source, zaaktype
),
pulls as (
  select source, began_at, lag(began_at) over (partition by source order by began_at) as before_at
  from raw.api_pulls
),
seen as (
  select
    source,
    zaak,
    min(observed_from) as first_at,
    min(case when verlenging_duur is not null then observed_from end) as extended_at
  from raw.zgw_zaken
  group by source, zaak
),
lengths as (
  select
    z.source,
    z.zaak as case_id,
    case when t.length like 'P%' then right(t.length, 1) end as unit,
    try_cast(substr(t.length, 2, length(t.length) - 2) as integer) as amount,
    right(z.verlenging_duur, 1) as extension_unit,
    try_cast(substr(z.verlenging_duur, 2, length(z.verlenging_duur) - 2) as integer)
      as extension_amount,
    case when s.extended_at > s.first_at then coalesce(p.before_at, s.first_at) end
      as extended_after_at
  from raw.zgw_zaken as z
  left join types as t on t.source = z.source and t.zaaktype = z.zaaktype
  left join seen as s on s.source = z.source and s.zaak = z.zaak
  left join pulls as p on p.source = z.source and p.began_at = s.extended_at
  where z.observed_to is null
)
select
  source,
  case_id,
  case unit when 'D' then amount when 'W' then 7 * amount end as term_days,
  case unit when 'M' then amount when 'Y' then 12 * amount end as term_months,
  case extension_unit when 'D' then extension_amount when 'W' then 7 * extension_amount end
    as extension_days,
  extended_after_at
from lengths
