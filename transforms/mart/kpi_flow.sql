/*
meaning: Touch time, waiting by whose turn it was, and flow efficiency per slice, of cases whose log tells starts and ends; elsewhere there is no row, and mart.not_measurable says why.
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
  reading:
    union:
      nl: gelijktijdig werk telt eenmaal
      en: work side by side counts once
      unit: percent
    sum:
      nl: gelijktijdig werk telt dubbel
      en: work side by side counts twice
      unit: ratio
  side:
    all: {nl: samen, en: all, what_nl: waarin niemand eraan werkte, what_en: in which nobody worked on it, needs: starts}
    own: {nl: eigen organisatie, en: own organisation, what_nl: waarin de eigen organisatie aan zet was, what_en: in which it was the own organisation's turn, needs: partners}
    applicant: {nl: aanvrager, en: applicant, what_nl: waarin de zaak was opgeschort, what_en: in which the case was suspended, needs: suspensions_known}
    partner: {nl: ketenpartner, en: chain partner, what_nl: waarin een ketenpartner aan zet was, what_en: in which it was a chain partner's turn, needs: partners}
    unknown: {nl: onbekend, en: unknown, what_nl: waarvan niet bekend is wie aan zet was, what_en: of which it is not known whose turn it was, needs: starts}
definitions:
  flow.{reading}.touch:
    name_nl: Bewerktijd per zaak ({reading.nl})
    name_en: Touch time per case ({reading.en})
    formula_nl: de tijd van start tot einde van alle handelingen van een zaak; {reading.nl}
    formula_en: the time from start to end of all executions of a case; {reading.en}
    unit: days
    direction: none
    population_nl: &population_nl afgesloten zaken met minstens één handeling met start en einde
    population_en: &population_en closed cases with at least one execution with start and end
    exclusions_nl: &exclusions_nl >-
      open zaken; zaken die eindigen voor ze beginnen; zaken zonder een start met een einde
    exclusions_en: &exclusions_en >-
      open cases; cases that end before they start; cases without a start that has an end
    source: XES life cycle, start and complete paired first in first out; edeaR processing_time
    parameters: &parameters {reading: "{reading}"}
    settings: &settings [missing_values, end_activities, partners]
    needs: &needs [starts]
    rows:
      facts: core.case_flows
      keep:
        - {nl: met begin en einde van activiteiten, en: with starts and ends of activities, sql: touched_us is not null}
      show: [touched_us]
  flow.{reading}.efficiency:
    name_nl: Aandeel bewerktijd ({reading.nl})
    name_en: Flow efficiency ({reading.en})
    formula_nl: bewerktijd van alle zaken samen gedeeld door hun doorlooptijd samen; {reading.nl}
    formula_en: touch time of all cases together divided by their lead time together; {reading.en}
    unit: "{reading.unit}"
    direction: higher
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: ratio of sums, not mean of ratios
    parameters: *parameters
    settings: *settings
    needs: *needs
    rows:
      facts: core.case_flows
      keep:
        - {nl: met begin en einde van activiteiten, en: with starts and ends of activities, sql: touched_us is not null}
      show: [touched_us]
  flow.wait.{side}:
    name_nl: Wachttijd per zaak ({side.nl})
    name_en: Waiting per case ({side.en})
    formula_nl: >-
      de tijd tussen start en einde van een zaak {side.what_nl}, waarin niemand eraan werkte, gedeeld
      door het aantal zaken; opschorting gaat voor, dan de organisatie van de eerstvolgende handeling
    formula_en: >-
      the time between start and end of a case {side.what_en}, while nobody worked on it, divided by
      cases; suspension goes first, then the organisation of the next thing done
    unit: days
    direction: lower
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: lead time less the union of executions
    parameters: {side: "{side}"}
    settings: *settings
    needs: [starts, "{side.needs}"]
    rows:
      facts: core.case_flows
      keep:
        - {nl: met begin en einde van activiteiten, en: with starts and ends of activities, sql: touched_us is not null}
      show: [touched_us]
*/
with totals as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as n,
    cast(sum(f.lead_time_us) as double) / 86400000000.0 as lead,
    cast(sum(f.touch_us) as double) / 86400000000.0 as touch,
    cast(sum(f.touched_us) as double) / 86400000000.0 as touched,
    cast(sum(f.applicant_us) as double) / 86400000000.0 as applicant,
    cast(sum(f.partner_us) as double) / 86400000000.0 as partner,
    cast(sum(f.own_us) as double) / 86400000000.0 as own,
    cast(sum(f.unknown_us) as double) / 86400000000.0 as unknown
  from core.case_flows as f
  inner join core.case_slices as s on s.case_key = f.case_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'union.touch' as statistic, touched as days, cast(n as double) as per from totals
  union all
  select *, 'sum.touch', touch, n from totals
  union all
  select *, 'union.efficiency', touched, lead from totals
  union all
  select *, 'sum.efficiency', touch, lead from totals
  union all
  select *, 'wait.all', lead - touched, n from totals
  union all
  select *, 'wait.own', own, n from totals
  union all
  select *, 'wait.applicant', applicant, n from totals
  union all
  select *, 'wait.partner', partner, n from totals
  union all
  select *, 'wait.unknown', unknown, n from totals
)
select
  'flow.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  days as numerator,
  per as denominator,
  case when statistic = 'union.efficiency' then 100.0 * days / nullif(per, 0) end as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
