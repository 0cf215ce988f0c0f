/*
meaning: Rework per slice.
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
  statistic:
    any_cases:
      name_nl: Zaken met dubbel werk
      name_en: Cases with rework
      formula_nl: zaken waarin een activiteit meer dan eens gebeurde
      formula_en: cases in which some activity happened more than once
      unit: percent
      headline: "yes"
    repetition_cases:
      name_nl: Zaken waarin werk terugkwam
      name_en: Cases in which work came back
      formula_nl: zaken waarin een activiteit terugkwam nadat er een andere tussen lag
      formula_en: cases in which an activity returned after another came between
      unit: percent
      headline: ""
    self_loop_cases:
      name_nl: Zaken met directe herhaling
      name_en: Cases with immediate repetition
      formula_nl: zaken waarin een activiteit meteen nog eens gebeurde
      formula_en: cases in which an activity happened again at once
      unit: percent
      headline: ""
    any_events:
      name_nl: Dubbele handelingen per zaak
      name_en: Repeated work per case
      formula_nl: handelingen na de eerste van dezelfde activiteit, gedeeld door alle zaken
      formula_en: executions after the first of the same activity, divided by all cases
      unit: per_case
      headline: ""
definitions:
  rework.{statistic}:
    name_nl: "{statistic.name_nl}"
    name_en: "{statistic.name_en}"
    formula_nl: "{statistic.formula_nl}"
    formula_en: "{statistic.formula_en}"
    unit: "{statistic.unit}"
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: bupaR edeaR 1.0 self-loops and repetitions, by number and size
    parameters: {statistic: "{statistic}"}
    headline: "{statistic.headline}"
    rows:
      show: [event_count]
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
    count(*) as n,
    count(r.case_key) as any_cases,
    cast(coalesce(sum(r.has_repetition), 0) as bigint) as repetition_cases,
    cast(coalesce(sum(r.has_self_loop), 0) as bigint) as self_loop_cases,
    cast(coalesce(sum(r.extra_events), 0) as bigint) as any_events
  from core.case_slices as s
  left join per_case as r on r.case_key = s.case_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'any_cases' as statistic, any_cases as hits from totals
  union all
  select *, 'repetition_cases', repetition_cases from totals
  union all
  select *, 'self_loop_cases', self_loop_cases from totals
  union all
  select *, 'any_events', any_events from totals
)
select
  'rework.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(hits as double) as numerator,
  cast(n as double) as denominator,
  cast(null as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
