/*
meaning: How many cases start and end, per slice.
columns:
  definition: Identifier of the definition.
  journey: Journey.
  segment_kind: All or channel.
  segment: All, or the channel.
  period_kind: All, month or week.
  period: The period in which the cases started, or ended for workload.closed.
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
*/
with closings as (
  select journey, 'all' as period_kind, 'all' as period, cast(null as date) as period_start
  from core.cases where closed_on is not null
  union all
  select journey, 'month', strftime(closed_on, '%Y-%m'),
    cast(date_trunc('month', closed_on) as date)
  from core.cases where closed_on is not null
  union all
  select journey, 'week', strftime(closed_on, '%G-W%V'),
    cast(date_trunc('week', closed_on) as date)
  from core.cases where closed_on is not null
),
counted as (
  select 'workload.opened' as definition, journey, segment_kind, segment, period_kind, period,
    period_start, count(*) as n
  from core.case_slices
  group by journey, segment_kind, segment, period_kind, period, period_start
  union all
  select 'workload.closed', journey, 'all', 'all', period_kind, period, period_start, count(*)
  from closings
  group by journey, period_kind, period, period_start
)
select
  definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  period_start,
  n,
  cast(0 as bigint) as n_excluded,
  cast(n as double) as numerator,
  cast(null as double) as denominator,
  cast(n as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from counted
