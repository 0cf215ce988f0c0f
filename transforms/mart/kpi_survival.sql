/*
meaning: Lead time with open cases censored, over all cases and per month of start. A value is null where the follow-up is too short to tell.
columns:
  definition: Identifier of the definition.
  journey: Journey.
  segment_kind: All or channel.
  segment: All, or the channel.
  period_kind: All, month or week.
  period: The period in which the cases started.
  period_start: First day of the period, null for all. [date]
  n: Cases that the figure is made of. [count]
  n_excluded: Cases of the slice left out, for the reasons in the definition. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition.
  lower: Lower end of the 95 percent interval, null where none is computed.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n, n_excluded]
definitions:
  lead_time.km.median:
    name_nl: Doorlooptijd, open zaken meegeteld (mediaan)
    name_en: Lead time with open cases counted (median)
    formula_nl: kortste tijd waarna hoogstens de helft nog open is (Kaplan-Meier)
    formula_en: shortest time after which at most half are still open (Kaplan-Meier)
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: zaken die eindigen voor ze beginnen
    exclusions_en: cases that end before they start
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: dropped, statistic: median}
    settings: [missing_values, end_activities]
    maturity: censored
    headline: true
  lead_time.km.rmst56:
    name_nl: Doorlooptijd tot 56 dagen, open zaken meegeteld
    name_en: Lead time up to 56 days, open cases counted
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot 56 dagen
    formula_en: area under the Kaplan-Meier curve from 0 to 56 days
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: zaken die eindigen voor ze beginnen
    exclusions_en: cases that end before they start
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: dropped, statistic: rmst56}
    settings: [missing_values, end_activities]
    maturity: censored
  lead_time.km.rmst90:
    name_nl: Doorlooptijd tot 90 dagen, open zaken meegeteld
    name_en: Lead time up to 90 days, open cases counted
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot 90 dagen
    formula_en: area under the Kaplan-Meier curve from 0 to 90 days
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: zaken die eindigen voor ze beginnen
    exclusions_en: cases that end before they start
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: dropped, statistic: rmst90}
    settings: [missing_values, end_activities]
    maturity: censored
  lead_time.km.rmst182:
    name_nl: Doorlooptijd tot 182 dagen, open zaken meegeteld
    name_en: Lead time up to 182 days, open cases counted
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot 182 dagen
    formula_en: area under the Kaplan-Meier curve from 0 to 182 days
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: zaken die eindigen voor ze beginnen
    exclusions_en: cases that end before they start
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: dropped, statistic: rmst182}
    settings: [missing_values, end_activities]
    maturity: censored
  lead_time.km_as_zero.median:
    name_nl: Doorlooptijd, open zaken meegeteld (mediaan)
    name_en: Lead time with open cases counted (median)
    formula_nl: kortste tijd waarna hoogstens de helft nog open is (Kaplan-Meier)
    formula_en: shortest time after which at most half are still open (Kaplan-Meier)
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: geen; een einde voor de start telt als 0 dagen
    exclusions_en: none; an end before the start counts as 0 days
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: as_zero, statistic: median}
    settings: [missing_values, end_activities]
    maturity: censored
  lead_time.km_as_zero.rmst56:
    name_nl: Doorlooptijd tot 56 dagen, open zaken meegeteld
    name_en: Lead time up to 56 days, open cases counted
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot 56 dagen
    formula_en: area under the Kaplan-Meier curve from 0 to 56 days
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: geen; een einde voor de start telt als 0 dagen
    exclusions_en: none; an end before the start counts as 0 days
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: as_zero, statistic: rmst56}
    settings: [missing_values, end_activities]
    maturity: censored
  lead_time.km_as_zero.rmst90:
    name_nl: Doorlooptijd tot 90 dagen, open zaken meegeteld
    name_en: Lead time up to 90 days, open cases counted
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot 90 dagen
    formula_en: area under the Kaplan-Meier curve from 0 to 90 days
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: geen; een einde voor de start telt als 0 dagen
    exclusions_en: none; an end before the start counts as 0 days
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: as_zero, statistic: rmst90}
    settings: [missing_values, end_activities]
    maturity: censored
  lead_time.km_as_zero.rmst182:
    name_nl: Doorlooptijd tot 182 dagen, open zaken meegeteld
    name_en: Lead time up to 182 days, open cases counted
    formula_nl: oppervlak onder de Kaplan-Meiercurve van 0 tot 182 dagen
    formula_en: area under the Kaplan-Meier curve from 0 to 182 days
    unit: days
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot de peildatum
    population_en: all cases; open cases count up to the cut-off
    exclusions_nl: geen; een einde voor de start telt als 0 dagen
    exclusions_en: none; an end before the start counts as 0 days
    source: Kaplan and Meier 1958; comparison with 0.5 to 1e-9
    parameters: {negatives: as_zero, statistic: rmst182}
    settings: [missing_values, end_activities]
    maturity: censored
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
),
slices as (
  select journey, segment_kind, segment, period_kind, period, period_start, count(*) as cases
  from core.case_slices
  where period_kind <> 'week'
  group by journey, segment_kind, segment, period_kind, period, period_start
)
select
  'lead_time.' || case when l.negatives = 'dropped' then 'km.' else 'km_as_zero.' end
    || l.statistic as definition,
  l.journey,
  l.segment_kind,
  l.segment,
  s.period_kind,
  s.period,
  s.period_start,
  l.n,
  s.cases - l.n as n_excluded,
  cast(null as double) as numerator,
  cast(l.n as double) as denominator,
  l.value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long as l
inner join slices as s
  on s.journey = l.journey and s.segment_kind = l.segment_kind and s.segment = l.segment
  and s.period = l.cohort
