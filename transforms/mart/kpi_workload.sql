/*
meaning: How many cases start and end, per slice.
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
definitions:
  workload.opened:
    name_nl: Gestarte zaken
    name_en: Cases opened
    formula_nl: aantal zaken dat in de periode begon
    formula_en: cases that began in the period
    unit: cases
    direction: none
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: count by Amsterdam date of the start
    parameters: {statistic: opened}
    maturity: over
    headline: true
    rows:
      show: [opened_at, channel]
  workload.closed:
    name_nl: Afgesloten zaken
    name_en: Cases closed
    formula_nl: aantal zaken dat in de periode eindigde
    formula_en: cases that ended in the period
    unit: cases
    direction: none
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken
    exclusions_en: open cases
    source: count by Amsterdam date of the end
    parameters: {statistic: closed}
    settings: [end_activities]
    maturity: over
    rows:
      keep:
        - {nl: met een einde, en: with an end, sql: closed_on is not null}
      show: [opened_at, closed_at]
*/
with counted as (
  select 'workload.opened' as definition, journey, segment_kind, segment, period_kind, period,
    size as n
  from core.slice_sizes
  where counts = 'cases' and period_kind <> 'closing_month'
  union all
  select 'workload.closed', s.journey, s.segment_kind, s.segment, s.period_kind, s.period, count(*)
  from core.case_slices as s
  inner join core.cases as c on c.case_key = s.case_key
  where c.closed_on is not null and s.period_kind in ('all', 'closing_month')
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
)
select
  definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(n as double) as numerator,
  cast(null as double) as denominator,
  cast(n as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from counted
