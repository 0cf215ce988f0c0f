/*
meaning: Lead time figures per slice; the interval of a percentile is the distribution-free one by order statistics.
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
  measure:
    closed:
      name_nl: Doorlooptijd van afgesloten zaken
      name_en: Lead time of closed cases
      what_nl: de tijd van start tot einde, in dagen van 24 uur
      what_en: the time from start to end, in days of 24 hours
      population_nl: zaken met een einde
      population_en: cases with an end
      exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
      exclusions_en: open cases; cases that end before they start
    closed_as_registered:
      name_nl: Doorlooptijd zoals geregistreerd
      name_en: Lead time as registered
      what_nl: de tijd van start tot einde, ook als het einde voor de start ligt
      what_en: the time from start to end, also where the end lies before the start
      population_nl: zaken met een einde
      population_en: cases with an end
      exclusions_nl: open zaken
      exclusions_en: open cases
    throughput:
      name_nl: Tijd tussen eerste en laatste gebeurtenis
      name_en: Time from first to last event
      what_nl: de tijd van eerste tot laatste gebeurtenis in het logboek
      what_en: the time from first to last event in the log
      population_nl: alle zaken
      population_en: all cases
      exclusions_nl: geen
      exclusions_en: none
  statistic:
    median: {nl: mediaan, en: median}
    mean: {nl: gemiddelde, en: mean}
    p80: {nl: P80, en: P80}
    p90: {nl: P90, en: P90}
definitions:
  lead_time.{measure}.{statistic}:
    name_nl: "{measure.name_nl} ({statistic.nl})"
    name_en: "{measure.name_en} ({statistic.en})"
    formula_nl: "{statistic.nl} van {measure.what_nl}"
    formula_en: "{statistic.en} of {measure.what_en}"
    unit: days
    direction: lower
    population_nl: "{measure.population_nl}"
    population_en: "{measure.population_en}"
    exclusions_nl: "{measure.exclusions_nl}"
    exclusions_en: "{measure.exclusions_en}"
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: "{measure}", statistic: "{statistic}"}
    settings: [missing_values, end_activities]
*/
with measures as (
  select case_key, 'closed' as measure, lead_time_us as duration_us
  from core.cases where lead_time_us >= 0
  union all
  select case_key, 'closed_as_registered', lead_time_us
  from core.cases where lead_time_us is not null
  union all
  select case_key, 'throughput', throughput_us from core.cases
),
ranked as (
  select
    m.measure,
    m.duration_us,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    row_number() over in_slice as place,
    count(*) over (
      partition by m.measure, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
    ) as n
  from measures as m
  inner join core.case_slices as s on s.case_key = m.case_key
  window in_slice as (
    partition by m.measure, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
    order by m.duration_us
  )
),
statistics as (
  select
    measure,
    journey,
    segment_kind,
    segment,
    period_kind,
    period,
    max(n) as n,
    sum(cast(duration_us as hugeint)) as total_us,
    percentile_cont(0.5) within group (order by duration_us) as median_us,
    percentile_cont(0.8) within group (order by duration_us) as p80_us,
    percentile_cont(0.9) within group (order by duration_us) as p90_us,
    max(case when place = floor(n * 0.5 - 0.98 * sqrt(n)) then duration_us end) as median_lower_us,
    max(case when place = ceil(n * 0.5 + 0.98 * sqrt(n)) + 1 then duration_us end)
      as median_upper_us,
    max(case when place = floor(n * 0.8 - 0.784 * sqrt(n)) then duration_us end) as p80_lower_us,
    max(case when place = ceil(n * 0.8 + 0.784 * sqrt(n)) + 1 then duration_us end)
      as p80_upper_us,
    max(case when place = floor(n * 0.9 - 0.588 * sqrt(n)) then duration_us end) as p90_lower_us,
    max(case when place = ceil(n * 0.9 + 0.588 * sqrt(n)) + 1 then duration_us end)
      as p90_upper_us
  from ranked
  group by measure, journey, segment_kind, segment, period_kind, period
),
long as (
  select *, 'median' as statistic, median_us as value_us,
    median_lower_us as lower_us, median_upper_us as upper_us
  from statistics
  union all
  select *, 'mean', cast(total_us as double) / n, null, null from statistics
  union all
  select *, 'p80', p80_us, p80_lower_us, p80_upper_us from statistics
  union all
  select *, 'p90', p90_us, p90_lower_us, p90_upper_us from statistics
)
select
  'lead_time.' || measure || '.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(total_us as double) / 86400000000.0 as numerator,
  cast(n as double) as denominator,
  value_us / 86400000000.0 as value,
  lower_us / 86400000000.0 as lower,
  upper_us / 86400000000.0 as upper
from long
