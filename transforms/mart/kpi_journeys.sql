/*
meaning: What a journey asks of a resident, from the first contact or case to the outcome.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in the slices of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period in which the journeys started.
  n: Journeys that the figure is made of. [count]
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
    duration:
      name_nl: Duur van de klantreis
      name_en: Length of the journey
      what_nl: de tijd van het eerste contact of de eerste zaak tot de uitkomst, in dagen van 24 uur
      what_en: the time from the first contact or case to the outcome, in days of 24 hours
      population_nl: klantreizen met een uitkomst
      population_en: journeys with an outcome
      exclusions_nl: klantreizen die nog lopen
      exclusions_en: journeys that still go on
      column: duration_us
    before_case:
      name_nl: Tijd tot er een zaak is
      name_en: Time until there is a case
      what_nl: de tijd van het eerste contact tot de eerste zaak, in dagen van 24 uur
      what_en: the time from the first contact to the first case, in days of 24 hours
      population_nl: klantreizen die met een contact beginnen en een zaak krijgen
      population_en: journeys that begin with a contact and come to a case
      exclusions_nl: klantreizen zonder zaak, of zonder contact vooraf
      exclusions_en: journeys without a case, or without a contact before it
      column: before_case_us
  statistic:
    median: {nl: mediaan, en: median}
    mean: {nl: gemiddelde, en: mean}
    p80: {nl: P80, en: P80}
    p90: {nl: P90, en: P90}
  asked:
    contacts:
      nl: Contacten
      en: Contacts
      what_nl: contacten op initiatief van de inwoner
      what_en: contacts in which the resident took the initiative
    channels:
      nl: Kanalen
      en: Channels
      what_nl: verschillende kanalen van contacten en zaken
      what_en: different channels of contacts and cases
    repeats:
      nl: Herhaalde vragen
      en: Repeated questions
      what_nl: contacten waarin binnen 28 dagen hetzelfde gevraagd werd
      what_en: contacts in which the same was asked again within 28 days
    cases:
      nl: Zaken
      en: Cases
      what_nl: zaken
      what_en: cases
  met:
    teams:
      nl: Teams
      en: Teams
      what_nl: verschillende teams waarmee de inwoner te maken had of die aan de zaken werkten
      what_en: different teams that the resident had to do with or that worked on the cases
      known_nl: een bekend team
      known_en: a known team
    organisations:
      nl: Organisaties
      en: Organisations
      what_nl: verschillende organisaties die aan de zaken werkten
      what_en: different organisations that worked on the cases
      known_nl: een bekende organisatie
      known_en: a known organisation
definitions:
  journey.{measure}.{statistic}:
    name_nl: "{measure.name_nl} ({statistic.nl})"
    name_en: "{measure.name_en} ({statistic.en})"
    formula_nl: "{statistic.nl} van {measure.what_nl}"
    formula_en: "{statistic.en} of {measure.what_en}"
    unit: days
    direction: lower
    population_nl: "{measure.population_nl}"
    population_en: "{measure.population_en}"
    exclusions_nl: "{measure.exclusions_nl}; anonieme contacten zonder koppeling"
    exclusions_en: "{measure.exclusions_en}; anonymous contacts without a link"
    source: journeys stitched by link, related case, and resident with journey and gap
    counts: journeys
    parameters: {measure: "{measure}", statistic: "{statistic}"}
    settings: [gaps, missing_values]
    rows:
      keep:
        - {nl: "{measure.population_nl}", en: "{measure.population_en}", sql: "{measure.column} is not null"}
      show: [started_at, first_case_at, ended_at, cases, contacts]
  journey.{asked}.mean:
    name_nl: "{asked.nl} per klantreis"
    name_en: "{asked.en} per journey"
    formula_nl: aantal {asked.what_nl}, gedeeld door het aantal klantreizen
    formula_en: "{asked.what_en}, divided by journeys"
    unit: per_journey
    direction: lower
    population_nl: klantreizen met een uitkomst
    population_en: journeys with an outcome
    exclusions_nl: klantreizen die nog lopen; anonieme contacten zonder koppeling
    exclusions_en: journeys that still go on; anonymous contacts without a link
    source: journeys stitched by link, related case, and resident with journey and gap
    counts: journeys
    parameters: {statistic: "{asked}"}
    settings: [gaps, missing_values]
    rows:
      keep:
        - {nl: klantreizen met een uitkomst, en: journeys with an outcome, sql: ended_at is not null}
      show: [started_at, ended_at, "{asked}"]
  journey.{met}.mean:
    name_nl: "{met.nl} per klantreis"
    name_en: "{met.en} per journey"
    formula_nl: aantal {met.what_nl}, gedeeld door het aantal klantreizen
    formula_en: "{met.what_en}, divided by journeys"
    unit: per_journey
    direction: lower
    population_nl: klantreizen met een uitkomst en {met.known_nl}
    population_en: journeys with an outcome and {met.known_en}
    exclusions_nl: klantreizen die nog lopen, en die zonder {met.known_nl}
    exclusions_en: journeys that still go on, and those without {met.known_en}
    source: journeys stitched by link, related case, and resident with journey and gap
    counts: journeys
    parameters: {statistic: "{met}"}
    settings: [gaps, missing_values, partners]
    rows:
      keep:
        - {nl: klantreizen met een uitkomst, en: journeys with an outcome, sql: ended_at is not null}
        - {nl: "met {met.known_nl}", en: "with {met.known_en}", sql: "{met} is not null"}
      show: [started_at, ended_at, "{met}"]
*/
with sliced as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    j.ended_at,
    j.duration_us,
    j.before_case_us,
    j.contacts,
    j.channels,
    j.repeats,
    j.cases,
    j.teams,
    j.organisations
  from core.journeys as j
  inner join core.journey_slices as s on s.journey_key = j.journey_key
),
durations as (
  select journey, segment_kind, segment, period_kind, period, 'duration' as measure,
    duration_us as x
  from sliced
  where duration_us is not null
  union all
  select journey, segment_kind, segment, period_kind, period, 'before_case', before_case_us
  from sliced
  where before_case_us is not null
),
spread as (
  select
    journey,
    segment_kind,
    segment,
    period_kind,
    period,
    measure,
    count(*) as n,
    sum(cast(x as double)) as total_us,
    percentile_cont([0.5, 0.8, 0.9]) within group (order by x) as percentiles
  from durations
  group by journey, segment_kind, segment, period_kind, period, measure
),
long_durations as (
  select *, 'median' as statistic, percentiles[1] as value_us from spread
  union all
  select *, 'mean', total_us / n from spread
  union all
  select *, 'p80', percentiles[2] from spread
  union all
  select *, 'p90', percentiles[3] from spread
),
amounts as (
  select journey, segment_kind, segment, period_kind, period, 'contacts' as statistic,
    contacts as x
  from sliced where ended_at is not null
  union all
  select journey, segment_kind, segment, period_kind, period, 'channels', channels
  from sliced where ended_at is not null
  union all
  select journey, segment_kind, segment, period_kind, period, 'repeats', repeats
  from sliced where ended_at is not null
  union all
  select journey, segment_kind, segment, period_kind, period, 'cases', cases
  from sliced where ended_at is not null
  union all
  select journey, segment_kind, segment, period_kind, period, 'teams', teams
  from sliced where ended_at is not null and teams is not null
  union all
  select journey, segment_kind, segment, period_kind, period, 'organisations', organisations
  from sliced where ended_at is not null and organisations is not null
)
select
  'journey.' || measure || '.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  total_us / 86400000000.0 as numerator,
  cast(n as double) as denominator,
  value_us / 86400000000.0 as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long_durations
union all
select
  'journey.' || statistic || '.mean',
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  count(*),
  cast(sum(x) as double),
  cast(count(*) as double),
  null,
  case when count(*) > 1
    then greatest(avg(x) - 1.959963984540054 * stddev_samp(x) / sqrt(count(*)), 0)
  end,
  case when count(*) > 1 then avg(x) + 1.959963984540054 * stddev_samp(x) / sqrt(count(*)) end
from amounts
group by statistic, journey, segment_kind, segment, period_kind, period
