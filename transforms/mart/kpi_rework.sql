/*
meaning: Rework per slice.
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
  rework.any_cases:
    name_nl: Zaken met dubbel werk
    name_en: Cases with rework
    formula_nl: zaken waarin een activiteit meer dan eens gebeurde
    formula_en: cases in which some activity happened more than once
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: bupaR edeaR 1.0 self-loops and repetitions, by number and size
    parameters: {statistic: any_cases}
    headline: true
  rework.repetition_cases:
    name_nl: Zaken waarin werk terugkwam
    name_en: Cases in which work came back
    formula_nl: zaken waarin een activiteit terugkwam nadat er een andere tussen lag
    formula_en: cases in which an activity returned after another came between
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: bupaR edeaR 1.0 self-loops and repetitions, by number and size
    parameters: {statistic: repetition_cases}
  rework.self_loop_cases:
    name_nl: Zaken met directe herhaling
    name_en: Cases with immediate repetition
    formula_nl: zaken waarin een activiteit meteen nog eens gebeurde
    formula_en: cases in which an activity happened again at once
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: bupaR edeaR 1.0 self-loops and repetitions, by number and size
    parameters: {statistic: self_loop_cases}
  rework.any_events:
    name_nl: Dubbele handelingen per zaak
    name_en: Repeated work per case
    formula_nl: handelingen na de eerste van dezelfde activiteit, gedeeld door alle zaken
    formula_en: executions after the first of the same activity, divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: bupaR edeaR 1.0 self-loops and repetitions, by number and size
    parameters: {statistic: any_events}
*/
with per_case as (
  select
    case_key,
    cast(sum(executions - 1) as bigint) as extra_events,
    max(case when runs > 1 then 1 else 0 end) as has_repetition,
    max(case when self_loops > 0 then 1 else 0 end) as has_self_loop
  from core.rework
  group by case_key
),
totals as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    s.period_start,
    count(*) as n,
    count(r.case_key) as any_cases,
    cast(coalesce(sum(r.has_repetition), 0) as bigint) as repetition_cases,
    cast(coalesce(sum(r.has_self_loop), 0) as bigint) as self_loop_cases,
    cast(coalesce(sum(r.extra_events), 0) as bigint) as any_events
  from core.case_slices as s
  left join per_case as r on r.case_key = s.case_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period, s.period_start
),
long as (
  select *, 'any_cases' as statistic, any_cases as hits, true as is_share from totals
  union all
  select *, 'repetition_cases', repetition_cases, true from totals
  union all
  select *, 'self_loop_cases', self_loop_cases, true from totals
  union all
  select *, 'any_events', any_events, false from totals
)
select
  'rework.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  period_start,
  n,
  cast(0 as bigint) as n_excluded,
  cast(hits as double) as numerator,
  cast(n as double) as denominator,
  hits * (case when is_share then 100.0 else 1.0 end) / n as value,
  case when is_share then
    100.0 * (hits + 1.920729410347062 - 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.960364705173531)) / (n + 3.841458820694124)
  end as lower,
  case when is_share then
    100.0 * (hits + 1.920729410347062 + 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.960364705173531)) / (n + 3.841458820694124)
  end as upper
from long
