/*
meaning: Lead time figures per slice; the interval of a percentile is the distribution-free one by order statistics.
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
  lead_time.closed.median:
    name_nl: Doorlooptijd van afgesloten zaken (mediaan)
    name_en: Lead time of closed cases (median)
    formula_nl: mediaan van de tijd van start tot einde, in dagen van 24 uur
    formula_en: median of the time from start to end, in days of 24 hours
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
    exclusions_en: open cases; cases that end before they start
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed, statistic: median}
    settings: [missing_values, end_activities]
  lead_time.closed.mean:
    name_nl: Doorlooptijd van afgesloten zaken (gemiddelde)
    name_en: Lead time of closed cases (mean)
    formula_nl: gemiddelde van de tijd van start tot einde, in dagen van 24 uur
    formula_en: mean of the time from start to end, in days of 24 hours
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
    exclusions_en: open cases; cases that end before they start
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed, statistic: mean}
    settings: [missing_values, end_activities]
  lead_time.closed.p80:
    name_nl: Doorlooptijd van afgesloten zaken (P80)
    name_en: Lead time of closed cases (P80)
    formula_nl: P80 van de tijd van start tot einde, in dagen van 24 uur
    formula_en: P80 of the time from start to end, in days of 24 hours
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
    exclusions_en: open cases; cases that end before they start
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed, statistic: p80}
    settings: [missing_values, end_activities]
  lead_time.closed.p90:
    name_nl: Doorlooptijd van afgesloten zaken (P90)
    name_en: Lead time of closed cases (P90)
    formula_nl: P90 van de tijd van start tot einde, in dagen van 24 uur
    formula_en: P90 of the time from start to end, in days of 24 hours
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
    exclusions_en: open cases; cases that end before they start
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed, statistic: p90}
    settings: [missing_values, end_activities]
  lead_time.closed_as_registered.median:
    name_nl: Doorlooptijd zoals geregistreerd (mediaan)
    name_en: Lead time as registered (median)
    formula_nl: mediaan van de tijd van start tot einde, ook als het einde voor de start ligt
    formula_en: median of the time from start to end, also where the end lies before the start
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken
    exclusions_en: open cases
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed_as_registered, statistic: median}
    settings: [missing_values, end_activities]
  lead_time.closed_as_registered.mean:
    name_nl: Doorlooptijd zoals geregistreerd (gemiddelde)
    name_en: Lead time as registered (mean)
    formula_nl: gemiddelde van de tijd van start tot einde, ook als het einde voor de start ligt
    formula_en: mean of the time from start to end, also where the end lies before the start
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken
    exclusions_en: open cases
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed_as_registered, statistic: mean}
    settings: [missing_values, end_activities]
  lead_time.closed_as_registered.p80:
    name_nl: Doorlooptijd zoals geregistreerd (P80)
    name_en: Lead time as registered (P80)
    formula_nl: P80 van de tijd van start tot einde, ook als het einde voor de start ligt
    formula_en: P80 of the time from start to end, also where the end lies before the start
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken
    exclusions_en: open cases
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed_as_registered, statistic: p80}
    settings: [missing_values, end_activities]
  lead_time.closed_as_registered.p90:
    name_nl: Doorlooptijd zoals geregistreerd (P90)
    name_en: Lead time as registered (P90)
    formula_nl: P90 van de tijd van start tot einde, ook als het einde voor de start ligt
    formula_en: P90 of the time from start to end, also where the end lies before the start
    unit: days
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken
    exclusions_en: open cases
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: closed_as_registered, statistic: p90}
    settings: [missing_values, end_activities]
  lead_time.throughput.median:
    name_nl: Tijd tussen eerste en laatste gebeurtenis (mediaan)
    name_en: Time from first to last event (median)
    formula_nl: mediaan van de tijd van eerste tot laatste gebeurtenis in het logboek
    formula_en: median of the time from first to last event in the log
    unit: days
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: throughput, statistic: median}
    settings: [missing_values, end_activities]
  lead_time.throughput.mean:
    name_nl: Tijd tussen eerste en laatste gebeurtenis (gemiddelde)
    name_en: Time from first to last event (mean)
    formula_nl: gemiddelde van de tijd van eerste tot laatste gebeurtenis in het logboek
    formula_en: mean of the time from first to last event in the log
    unit: days
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: throughput, statistic: mean}
    settings: [missing_values, end_activities]
  lead_time.throughput.p80:
    name_nl: Tijd tussen eerste en laatste gebeurtenis (P80)
    name_en: Time from first to last event (P80)
    formula_nl: P80 van de tijd van eerste tot laatste gebeurtenis in het logboek
    formula_en: P80 of the time from first to last event in the log
    unit: days
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: throughput, statistic: p80}
    settings: [missing_values, end_activities]
  lead_time.throughput.p90:
    name_nl: Tijd tussen eerste en laatste gebeurtenis (P90)
    name_en: Time from first to last event (P90)
    formula_nl: P90 van de tijd van eerste tot laatste gebeurtenis in het logboek
    formula_en: P90 of the time from first to last event in the log
    unit: days
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    parameters: {measure: throughput, statistic: p90}
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
slices as (
  select journey, segment_kind, segment, period_kind, period, period_start, count(*) as cases
  from core.case_slices
  group by journey, segment_kind, segment, period_kind, period, period_start
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
  'lead_time.' || l.measure || '.' || l.statistic as definition,
  l.journey,
  l.segment_kind,
  l.segment,
  l.period_kind,
  l.period,
  s.period_start,
  l.n,
  s.cases - l.n as n_excluded,
  cast(l.total_us as double) / 86400000000.0 as numerator,
  cast(l.n as double) as denominator,
  l.value_us / 86400000000.0 as value,
  l.lower_us / 86400000000.0 as lower,
  l.upper_us / 86400000000.0 as upper
from long as l
inner join slices as s
  on s.journey = l.journey and s.segment_kind = l.segment_kind and s.segment = l.segment
  and s.period_kind = l.period_kind and s.period = l.period
