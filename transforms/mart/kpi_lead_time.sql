/*
meaning: Lead time figures per slice, and the age of open cases. The interval of a percentile is the distribution-free one by order statistics; it is given for gross and net lead time of whole journeys, over all time and by month of start.
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
      column: lead_time_us
      day_us: "86400000000.0"
      name_nl: Doorlooptijd van afgesloten zaken
      name_en: Lead time of closed cases
      what_nl: de tijd van start tot einde, in dagen van 24 uur
      what_en: the time from start to end, in days of 24 hours
      population_nl: zaken met een einde
      population_en: cases with an end
      exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
      exclusions_en: open cases; cases that end before they start
      unit: days
      source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    closed_as_registered:
      column: registered_us
      day_us: "86400000000.0"
      name_nl: Doorlooptijd zoals geregistreerd
      name_en: Lead time as registered
      what_nl: de tijd van start tot einde, ook als het einde voor de start ligt
      what_en: the time from start to end, also where the end lies before the start
      population_nl: zaken met een einde
      population_en: cases with an end
      exclusions_nl: open zaken
      exclusions_en: open cases
      unit: days
      source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    throughput:
      column: throughput_us
      day_us: "86400000000.0"
      name_nl: Tijd tussen eerste en laatste gebeurtenis
      name_en: Time from first to last event
      what_nl: de tijd van eerste tot laatste gebeurtenis in het logboek
      what_en: the time from first to last event in the log
      population_nl: alle zaken
      population_en: all cases
      exclusions_nl: geen
      exclusions_en: none
      unit: days
      source: edeaR throughput_time; percentile by linear interpolation (R type 7)
    net:
      column: net_us
      day_us: "86400000000.0"
      name_nl: Doorlooptijd zonder opschorting
      name_en: Lead time without suspension
      what_nl: de tijd van start tot einde waarin de zaak niet was opgeschort; overlap telt eenmaal
      what_en: the time from start to end in which the case was not suspended; overlaps count once
      population_nl: zaken met een einde waarvan bekend is wanneer ze waren opgeschort
      population_en: cases with an end of which it is known when they were suspended
      exclusions_nl: open zaken; zaken die eindigen voor ze beginnen; zaken met onbekende opschorting
      exclusions_en: open cases; cases that end before they start; cases with unknown suspension
      unit: days
      source: Awb 4:15; length of the union of suspended intervals within the case
    working:
      column: working_us
      day_us: (select working_day_us from config.municipality)
      name_nl: Doorlooptijd in werkdagen
      name_en: Lead time in working days
      what_nl: de werktijd tussen start en einde, gedeeld door de uren van een gemiddelde werkdag
      what_en: the working time between start and end, divided by the hours of a mean working day
      population_nl: zaken met een einde
      population_en: cases with an end
      exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
      exclusions_en: open cases; cases that end before they start
      unit: working_days
      source: working hours, holidays and own closed days of the configuration; Algemene termijnenwet art. 3
  statistic:
    median: {nl: mediaan, en: median}
    mean: {nl: gemiddelde, en: mean}
    p80: {nl: P80, en: P80}
    p90: {nl: P90, en: P90}
  age_statistic:
    median: {nl: mediaan, en: median}
    p80: {nl: P80, en: P80}
    p90: {nl: P90, en: P90}
    oldest: {nl: oudste, en: oldest}
definitions:
  lead_time.{measure}.{statistic}:
    name_nl: "{measure.name_nl} ({statistic.nl})"
    name_en: "{measure.name_en} ({statistic.en})"
    formula_nl: "{statistic.nl} van {measure.what_nl}"
    formula_en: "{statistic.en} of {measure.what_en}"
    unit: "{measure.unit}"
    direction: lower
    population_nl: "{measure.population_nl}"
    population_en: "{measure.population_en}"
    exclusions_nl: "{measure.exclusions_nl}"
    exclusions_en: "{measure.exclusions_en}"
    source: "{measure.source}"
    parameters: {measure: "{measure}", statistic: "{statistic}"}
    settings: [missing_values, end_activities, suspensions, calendar]
    competes: "lead_time_{statistic}"
    rows:
      facts: core.case_times
      keep:
        - {nl: "{measure.population_nl}; niet: {measure.exclusions_nl}", en: "{measure.population_en}; not: {measure.exclusions_en}", sql: "{measure.column} is not null"}
      show: ["{measure.column}"]
      value: "{measure.column} / {measure.day_us}"
  age.open.{age_statistic}:
    name_nl: Leeftijd van open zaken ({age_statistic.nl})
    name_en: Age of open cases ({age_statistic.en})
    formula_nl: "{age_statistic.nl} van de tijd van start tot peildatum, in dagen van 24 uur"
    formula_en: "{age_statistic.en} of the time from start to cut-off, in days of 24 hours"
    unit: days
    direction: lower
    population_nl: zaken die op de peildatum open zijn
    population_en: cases that are open at the cut-off
    exclusions_nl: afgesloten zaken
    exclusions_en: closed cases
    source: stands beside Kaplan-Meier, which assumes that waiting cases are like the others
    parameters: {measure: age, statistic: "{age_statistic}"}
    settings: [missing_values, end_activities]
    maturity: over
    rows:
      facts: core.case_times
      keep:
        - {nl: open op de peildatum, en: open at the cut-off, sql: age_us is not null}
      show: [age_us]
*/
with slices as (
  select
    cast(row_number() over (order by journey, segment_kind, segment, period_kind, period) as integer)
      as slice_key,
    journey,
    segment_kind,
    segment,
    period_kind,
    period
  from core.slice_sizes
  where counts = 'cases'
),
keyed as (
  select s.case_key, k.slice_key,
    s.segment_kind = 'all' and s.period_kind in ('all', 'month') as has_interval
  from core.case_slices as s
  inner join slices as k
    on k.journey = s.journey and k.segment_kind = s.segment_kind and k.segment = s.segment
    and k.period_kind = s.period_kind and k.period = s.period
),
gathered as (
  select
    k.slice_key,
    count(t.lead_time_us) as closed_n,
    sum(cast(t.lead_time_us as hugeint)) as closed_us,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by t.lead_time_us) as closed_percentiles,
    count(t.registered_us) as registered_n,
    sum(cast(t.registered_us as hugeint)) as registered_us,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by t.registered_us) as registered_percentiles,
    count(t.throughput_us) as throughput_n,
    sum(cast(t.throughput_us as hugeint)) as throughput_us,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by t.throughput_us) as throughput_percentiles,
    count(t.net_us) as net_n,
    sum(cast(t.net_us as hugeint)) as net_us,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by t.net_us) as net_percentiles,
    count(t.working_us) as working_n,
    sum(cast(t.working_us as hugeint)) as working_us,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by t.working_us) as working_percentiles,
    count(t.age_us) as age_n,
    sum(cast(t.age_us as hugeint)) as age_us,
    max(t.age_us) as age_oldest,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by t.age_us) as age_percentiles
  from keyed as k
  inner join core.case_times as t on t.case_key = k.case_key
  group by k.slice_key
),
measured as (
  select slice_key, 'lead_time.closed' as measure, closed_n as n, closed_us as total_us,
    closed_percentiles as percentiles,
    cast(null as bigint) as oldest_us
  from gathered
  union all
  select slice_key, 'lead_time.closed_as_registered', registered_n, registered_us,
    registered_percentiles, null
  from gathered
  union all
  select slice_key, 'lead_time.throughput', throughput_n, throughput_us, throughput_percentiles, null
  from gathered
  union all
  select slice_key, 'lead_time.net', net_n, net_us, net_percentiles, null
  from gathered
  union all
  select slice_key, 'lead_time.working', working_n, working_us, working_percentiles, null
  from gathered
  union all
  select slice_key, 'age.open', age_n, age_us, age_percentiles, age_oldest
  from gathered
),
timed as (
  select k.slice_key, 'lead_time.closed' as measure, t.lead_time_us as duration_us
  from keyed as k
  inner join core.case_times as t on t.case_key = k.case_key
  where k.has_interval and t.lead_time_us is not null
  union all
  select k.slice_key, 'lead_time.net', t.net_us
  from keyed as k
  inner join core.case_times as t on t.case_key = k.case_key
  where k.has_interval and t.net_us is not null
),
ranked as (
  select
    t.measure,
    t.slice_key,
    t.duration_us,
    row_number() over (partition by t.measure, t.slice_key order by t.duration_us) as place,
    m.n
  from timed as t
  inner join measured as m on m.measure = t.measure and m.slice_key = t.slice_key
),
bounds as (
  select
    measure,
    slice_key,
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
  group by measure, slice_key
),
bounded as (
  select
    m.*,
    b.median_lower_us,
    b.median_upper_us,
    b.p80_lower_us,
    b.p80_upper_us,
    b.p90_lower_us,
    b.p90_upper_us
  from measured as m
  left join bounds as b on b.measure = m.measure and b.slice_key = m.slice_key
  where m.n > 0
),
long as (
  select *, 'median' as statistic, percentiles[1] as value_us, median_lower_us as lower_us,
    median_upper_us as upper_us
  from bounded
  union all
  select *, 'p80', percentiles[2], p80_lower_us, p80_upper_us from bounded
  union all
  select *, 'p90', percentiles[3], p90_lower_us, p90_upper_us from bounded
  union all
  select *, 'mean', cast(total_us as double) / n, null, null from bounded
  where measure <> 'age.open'
  union all
  select *, 'oldest', oldest_us, null, null from bounded where measure = 'age.open'
),
in_days as (
  select l.*,
    case when l.measure = 'lead_time.working' then m.working_day_us else 86400000000 end as day_us
  from long as l
  cross join config.municipality as m
)
select
  d.measure || '.' || d.statistic as definition,
  s.journey,
  s.segment_kind,
  s.segment,
  s.period_kind,
  s.period,
  d.n,
  cast(d.total_us as double) / d.day_us as numerator,
  cast(d.n as double) as denominator,
  cast(d.value_us as double) / d.day_us as value,
  cast(d.lower_us as double) / d.day_us as lower,
  cast(d.upper_us as double) / d.day_us as upper
from in_days as d
inner join slices as s on s.slice_key = d.slice_key
