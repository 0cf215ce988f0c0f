/*
meaning: Lead time with open cases censored, over all cases and per month of start. A value is null where the follow-up is too short to tell.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in the slices of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period.
  n: Cases that the figure is made of. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition; null where numerator and denominator tell.
  lower: Lower end of the 95 percent interval, null where none is computed here.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n]
axes:
  treatment:
    km:
      nl: open zaken meegeteld
      en: open cases counted
      negatives: dropped
      keep: coalesce(lead_time_us, age_us) >= 0
      exclusions_nl: zaken die eindigen voor ze beginnen
      exclusions_en: cases that end before they start
    km_as_zero:
      nl: open zaken meegeteld, negatieve duur als 0
      en: open cases counted, negative times as 0
      negatives: as_zero
      keep: coalesce(lead_time_us, age_us) is not null
      exclusions_nl: geen; een einde voor de start telt als 0 dagen
      exclusions_en: none; an end before the start counts as 0 days
  horizon:
    rmst56: {days: "56"}
    rmst90: {days: "90"}
    rmst182: {days: "182"}
definitions:
  lead_time.{treatment}.median:
    name_nl: Doorlooptijd, {treatment.nl} (mediaan)
    name_en: Lead time, {treatment.en} (median)
    formula_nl: kortste tijd waarna hoogstens de helft nog open is (Kaplan-Meier)
    formula_en: shortest time after which at most half are still open (Kaplan-Meier)
    unit: days
    direction: lower
    population_nl: &population_nl alle zaken; open zaken tellen mee tot de peildatum
    population_en: &population_en all cases; open cases count up to the cut-off
    exclusions_nl: &exclusions_nl "{treatment.exclusions_nl}"
    exclusions_en: &exclusions_en "{treatment.exclusions_en}"
    source: &source Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: "{treatment.negatives}", statistic: median}
    settings: &settings [missing_values, end_activities]
    maturity: censored
    headline: lead_time.km.median
    rows:
      keep:
        - {nl: "gevolgd tot het einde of de peildatum; niet: {treatment.exclusions_nl}", en: "followed to the end or the cut-off; not: {treatment.exclusions_en}", sql: "{treatment.keep}"}
      show: [opened_at, closed_at]
      value: greatest(coalesce(lead_time_us, age_us), 0) / 86400000000.0
      open: closed_at is null
    competes: lead_time_median
  lead_time.{treatment}.{horizon}:
    name_nl: Doorlooptijd tot {horizon.days} dagen, {treatment.nl}
    name_en: Lead time up to {horizon.days} days, {treatment.en}
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot {horizon.days} dagen
    formula_en: area under the Kaplan-Meier curve from 0 to {horizon.days} days
    unit: days
    direction: lower
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: *source
    parameters: {negatives: "{treatment.negatives}", statistic: "{horizon}"}
    settings: *settings
    maturity: censored
    rows:
      keep:
        - {nl: "gevolgd tot het einde of de peildatum; niet: {treatment.exclusions_nl}", en: "followed to the end or the cut-off; not: {treatment.exclusions_en}", sql: "{treatment.keep}"}
      show: [opened_at, closed_at]
      value: greatest(coalesce(lead_time_us, age_us), 0) / 86400000000.0
      open: closed_at is null
*/
with sized as (
  select journey, segment_kind, segment, cohort, negatives, max(at_risk) as n
  from core.survival_steps
  group by journey, segment_kind, segment, cohort, negatives
),
medians as (
  select journey, segment_kind, segment, cohort, negatives, min(duration_us) / 86400000000.0 as value
  from core.survival_steps
  where still_open <= 0.5 + 1e-9
  group by journey, segment_kind, segment, cohort, negatives
),
stretches as (
  select
    journey,
    segment_kind,
    segment,
    cohort,
    negatives,
    duration_us / 86400000000.0 as until_days,
    coalesce(lag(duration_us) over in_time, 0) / 86400000000.0 as from_days,
    coalesce(lag(still_open) over in_time, 1.0) as still_open,
    still_open as open_after
  from core.survival_steps
  window in_time as (partition by journey, segment_kind, segment, cohort, negatives order by duration_us)
),
horizons as (
  select 56 as horizon
  union all
  select 90
  union all
  select 182
),
areas as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.cohort,
    s.negatives,
    h.horizon,
    sum(
      s.still_open * (least(s.until_days, h.horizon) - least(s.from_days, h.horizon))
    ) as value,
    max(s.until_days) as followed_days,
    min(s.open_after) as lowest
  from stretches as s
  cross join horizons as h
  group by s.journey, s.segment_kind, s.segment, s.cohort, s.negatives, h.horizon
),
long as (
  select z.journey, z.segment_kind, z.segment, z.cohort, z.negatives, z.n, 'median' as statistic, m.value
  from sized as z
  left join medians as m
    on m.journey = z.journey and m.segment_kind = z.segment_kind and m.segment = z.segment
    and m.cohort = z.cohort and m.negatives = z.negatives
  union all
  select z.journey, z.segment_kind, z.segment, z.cohort, z.negatives, z.n, 'rmst' || cast(a.horizon as varchar),
    case when a.followed_days >= a.horizon or a.lowest <= 1e-9 then a.value end
  from sized as z
  inner join areas as a
    on a.journey = z.journey and a.segment_kind = z.segment_kind and a.segment = z.segment
    and a.cohort = z.cohort and a.negatives = z.negatives
)
select
  'lead_time.' || case when negatives = 'dropped' then 'km.' else 'km_as_zero.' end
    || statistic as definition,
  journey,
  segment_kind,
  segment,
  case when cohort = 'all' then 'all' else 'month' end as period_kind,
  cohort as period,
  n,
  cast(null as double) as numerator,
  cast(n as double) as denominator,
  value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
