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
    repetition_cases:
      name_nl: Zaken waarin werk terugkwam
      name_en: Cases in which work came back
      formula_nl: zaken waarin een activiteit terugkwam nadat er een andere tussen lag
      formula_en: cases in which an activity returned after another came between
      unit: percent
    self_loop_cases:
      name_nl: Zaken met directe herhaling
      name_en: Cases with immediate repetition
      formula_nl: zaken waarin een activiteit meteen nog eens gebeurde
      formula_en: cases in which an activity happened again at once
      unit: percent
    any_events:
      name_nl: Dubbele handelingen per zaak
      name_en: Repeated work per case
      formula_nl: handelingen na de eerste van dezelfde activiteit, gedeeld door alle zaken
      formula_en: executions after the first of the same activity, divided by all cases
      unit: per_case
  kind:
    self_loop:
      nl: Directe herhaling
      en: Immediate repetition
      what_nl: stukken waarin dezelfde activiteit twee of meer keer achter elkaar gebeurde
      what_en: stretches in which the same activity happened twice or more in a row
      size_nl: handelingen na de eerste in zulke stukken
      size_en: executions after the first in such stretches
      whom_nl: het stuk
      whom_en: the stretch
    repetition:
      nl: Werk dat terugkwam
      en: Work that came back
      what_nl: activiteiten die terugkwamen nadat er een andere tussen lag
      what_en: activities that returned after another came between
      size_nl: keren dat zo'n activiteit terugkwam
      size_en: times that such an activity returned
      whom_nl: alle keren in de zaak
      whom_en: all its executions in the case
  actor:
    repeat: {nl: door dezelfde, en: by the same, who_nl: één persoon, who_en: exactly one person}
    redo: {nl: door een ander, en: by another, who_nl: meer dan één persoon, who_en: more than one person}
  counting:
    number: {nl: aantal per zaak, en: number per case, unit: per_case}
    size: {nl: omvang per zaak, en: size per case, unit: per_case}
    cases: {nl: zaken, en: cases, unit: percent}
definitions:
  rework.{kind}.{actor}.{counting}:
    name_nl: "{kind.nl} {actor.nl} ({counting.nl})"
    name_en: "{kind.en} {actor.en} ({counting.en})"
    formula_nl: >-
      {counting.nl}: {kind.what_nl}, waarvan {kind.whom_nl} door {actor.who_nl} gebeurde; de omvang
      telt de {kind.size_nl}; een onbekende persoon telt als één persoon
    formula_en: >-
      {counting.en}: {kind.what_en}, where {kind.whom_en} had {actor.who_en}; the size counts
      the {kind.size_en}; a missing person counts as one person
    unit: "{counting.unit}"
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: bupaR edeaR 1.0 self-loops and repetitions, repeat and redo, by number and size
    parameters: {kind: "{kind}", actor: "{actor}", counting: "{counting}"}
    needs: [persons]
    rows:
      show: [event_count]
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
    headline: rework.any_cases
    rows:
      show: [event_count]
*/
with per_case as (
  select
    case_key,
    cast(sum(executions - 1) as bigint) as extra_events,
    max(case when runs > 1 then 1 else 0 end) as has_repetition,
    max(case when self_loops > 0 then 1 else 0 end) as has_self_loop,
    cast(sum(self_loops - self_loops_redo) as bigint) as loops_repeat,
    cast(sum(self_loops_redo) as bigint) as loops_redo,
    cast(sum(executions - runs - self_loop_redo_events) as bigint) as loops_repeat_size,
    cast(sum(self_loop_redo_events) as bigint) as loops_redo_size,
    count(*) filter (where runs > 1 and actors = 1) as returns_repeat,
    count(*) filter (where runs > 1 and actors > 1) as returns_redo,
    cast(coalesce(sum(runs - 1) filter (where actors = 1), 0) as bigint) as returns_repeat_size,
    cast(coalesce(sum(runs - 1) filter (where actors > 1), 0) as bigint) as returns_redo_size
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
    cast(coalesce(sum(r.extra_events), 0) as bigint) as any_events,
    cast(coalesce(sum(r.loops_repeat), 0) as bigint) as loops_repeat,
    cast(coalesce(sum(r.loops_repeat_size), 0) as bigint) as loops_repeat_size,
    count(*) filter (where r.loops_repeat > 0) as loops_repeat_cases,
    cast(coalesce(sum(r.loops_redo), 0) as bigint) as loops_redo,
    cast(coalesce(sum(r.loops_redo_size), 0) as bigint) as loops_redo_size,
    count(*) filter (where r.loops_redo > 0) as loops_redo_cases,
    cast(coalesce(sum(r.returns_repeat), 0) as bigint) as returns_repeat,
    cast(coalesce(sum(r.returns_repeat_size), 0) as bigint) as returns_repeat_size,
    count(*) filter (where r.returns_repeat > 0) as returns_repeat_cases,
    cast(coalesce(sum(r.returns_redo), 0) as bigint) as returns_redo,
    cast(coalesce(sum(r.returns_redo_size), 0) as bigint) as returns_redo_size,
    count(*) filter (where r.returns_redo > 0) as returns_redo_cases
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
  union all
  select *, 'self_loop.repeat.number', loops_repeat from totals
  union all
  select *, 'self_loop.repeat.size', loops_repeat_size from totals
  union all
  select *, 'self_loop.repeat.cases', loops_repeat_cases from totals
  union all
  select *, 'self_loop.redo.number', loops_redo from totals
  union all
  select *, 'self_loop.redo.size', loops_redo_size from totals
  union all
  select *, 'self_loop.redo.cases', loops_redo_cases from totals
  union all
  select *, 'repetition.repeat.number', returns_repeat from totals
  union all
  select *, 'repetition.repeat.size', returns_repeat_size from totals
  union all
  select *, 'repetition.repeat.cases', returns_repeat_cases from totals
  union all
  select *, 'repetition.redo.number', returns_redo from totals
  union all
  select *, 'repetition.redo.size', returns_redo_size from totals
  union all
  select *, 'repetition.redo.cases', returns_redo_cases from totals
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
