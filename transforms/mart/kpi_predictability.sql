/*
meaning: How well a resident can count on the time that a case takes, per slice - the spread of lead times, and promised dates that were kept.
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
  denominator:
    closed:
      counts_closed: "true"
      counts_due: "false"
      nl: van afgesloten zaken
      en: of closed cases
      population_nl: afgesloten zaken
      population_en: closed cases
      exclusions_nl: open zaken; zaken zonder toegezegde datum
      exclusions_en: open cases; cases without a promised date
    closed_plus_overdue_open:
      counts_closed: "true"
      counts_due: "true"
      nl: van afgesloten zaken en open zaken over die datum
      en: of closed cases and open cases past that date
      population_nl: afgesloten zaken en open zaken over de toegezegde datum
      population_en: closed cases and open cases past the promised date
      exclusions_nl: open zaken waarvan die datum nog komt; zaken zonder toegezegde datum
      exclusions_en: open cases whose date is still to come; cases without a promised date
    due:
      counts_closed: "false"
      counts_due: "true"
      nl: van zaken waarvan die datum voorbij is
      en: of cases whose date has passed
      population_nl: zaken waarvan de toegezegde datum voorbij is
      population_en: cases whose promised date has passed
      exclusions_nl: zaken waarvan die datum nog komt; zaken zonder toegezegde datum
      exclusions_en: cases whose date is still to come; cases without a promised date
definitions:
  predictability.closed.p90_p50:
    name_nl: Spreiding van de doorlooptijd (P90 gedeeld door mediaan)
    name_en: Spread of lead time (P90 over median)
    formula_nl: P90 gedeeld door de mediaan van de doorlooptijd van start tot einde
    formula_en: P90 divided by the median of the lead time from start to end
    unit: ratio
    direction: lower
    population_nl: zaken met een einde
    population_en: cases with an end
    exclusions_nl: open zaken; zaken die eindigen voor ze beginnen
    exclusions_en: open cases; cases that end before they start
    source: ratio of percentiles by linear interpolation (R type 7)
    parameters: {statistic: p90_p50}
    settings: [end_activities]
    rows:
      facts: core.case_times
      keep:
        - {nl: afgesloten, einde niet voor begin, en: closed, end not before start, sql: lead_time_us is not null}
      show: [lead_time_us]
  predictability.km.p90_p50:
    name_nl: Spreiding van de doorlooptijd met open zaken
    name_en: Spread of lead time with open cases
    formula_nl: >-
      P90 gedeeld door de mediaan volgens Kaplan-Meier; alleen waar de curve beide bereikt
    formula_en: P90 divided by the median by Kaplan-Meier; only where the curve reaches both
    unit: ratio
    direction: lower
    population_nl: alle zaken; open zaken tellen mee tot het einde van de gegevens
    population_en: all cases; open cases are followed until the cut-off
    exclusions_nl: zaken die eindigen voor ze beginnen
    exclusions_en: cases that end before they start
    source: Kaplan and Meier 1958; smallest time with at most half, or a tenth, still open
    parameters: {statistic: km_p90_p50}
    settings: [end_activities]
    maturity: censored
    rows:
      keep:
        - {nl: gevolgd tot het einde of de peildatum, en: followed to the end or the cut-off, sql: "coalesce(lead_time_us, age_us) >= 0"}
      show: [opened_at, closed_at]
  predictability.{denominator}.promised:
    name_nl: Klaar op de toegezegde datum, {denominator.nl}
    name_en: Finished by the promised date, {denominator.en}
    formula_nl: datum van einde niet later dan de geplande einddatum die is toegezegd
    formula_en: date of the end not later than the planned end that was promised
    unit: percent
    direction: higher
    population_nl: "{denominator.population_nl}"
    population_en: "{denominator.population_en}"
    exclusions_nl: "{denominator.exclusions_nl}"
    exclusions_en: "{denominator.exclusions_en}"
    source: planned end as registered; Amsterdam dates
    parameters: {denominator: "{denominator}"}
    settings: [end_activities]
    needs: [promised_dates]
    rows:
      keep:
        - {nl: met een toegezegde datum, en: with a promised date, sql: planned_end_on is not null}
        - {nl: "{denominator.population_nl}", en: "{denominator.population_en}", sql: "({denominator.counts_closed} and closed_on is not null) or ({denominator.counts_due} and planned_end_on < cutoff_on)"}
      show: [planned_end_on, closed_on]
*/
with percentiles as (
  select
    journey,
    segment_kind,
    segment,
    period_kind,
    period,
    max(n) as n,
    max(case when definition = 'lead_time.closed.p90' then value end) as p90,
    max(case when definition = 'lead_time.closed.median' then value end) as median
  from mart.kpi_lead_time
  where definition in ('lead_time.closed.p90', 'lead_time.closed.median')
  group by journey, segment_kind, segment, period_kind, period
),
survivors as (
  select
    journey,
    segment_kind,
    segment,
    case when cohort = 'all' then 'all' else 'month' end as period_kind,
    cohort as period,
    max(at_risk) as n,
    min(case when still_open <= 0.1 + 1e-9 then duration_us end) / 86400000000.0 as p90,
    min(case when still_open <= 0.5 + 1e-9 then duration_us end) / 86400000000.0 as median
  from core.survival_steps
  where negatives = 'dropped'
  group by journey, segment_kind, segment, cohort
),
promises as (
  select case_key, closed_on is not null as is_closed, closed_on <= planned_end_on as is_kept,
    planned_end_on < cutoff_on as is_due
  from core.cases
  where planned_end_on is not null
),
populations as (
  select case_key, 'closed' as denominator, is_kept from promises where is_closed
  union all
  select case_key, 'closed_plus_overdue_open', coalesce(is_kept, false)
  from promises
  where is_closed or is_due
  union all
  select case_key, 'due', coalesce(is_kept, false) from promises where is_due
),
kept as (
  select
    p.denominator,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as n,
    count(*) filter (where p.is_kept) as kept
  from populations as p
  inner join core.case_slices as s on s.case_key = p.case_key
  group by p.denominator, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
)
select 'predictability.closed.p90_p50' as definition, journey, segment_kind, segment, period_kind,
  period, n, p90 as numerator, median as denominator, p90 / nullif(median, 0) as value,
  cast(null as double) as lower, cast(null as double) as upper
from percentiles
union all
select 'predictability.km.p90_p50', journey, segment_kind, segment, period_kind, period, n, p90,
  median, p90 / nullif(median, 0), null, null
from survivors
union all
select 'predictability.' || denominator || '.promised', journey, segment_kind, segment, period_kind,
  period, n, kept, n, null, null, null
from kept
