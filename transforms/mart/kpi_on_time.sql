/*
meaning: The share decided on time, under every reading of on and of time; the interval is Wilson's.
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
      name_nl: van afgesloten zaken
      name_en: of closed cases
      population_nl: afgesloten zaken
      population_en: closed cases
      exclusions_nl: open zaken; zaken zonder termijn
      exclusions_en: open cases; cases without a term
    closed_plus_overdue_open:
      name_nl: van afgesloten zaken en open zaken over de termijn
      name_en: of closed cases and open cases past their term
      population_nl: afgesloten zaken en open zaken over de termijn
      population_en: closed cases and open cases past their term
      exclusions_nl: open zaken binnen de termijn; zaken zonder termijn
      exclusions_en: open cases within their term; cases without a term
    due:
      name_nl: van zaken waarvan de termijn voorbij is
      name_en: of cases whose term has passed
      population_nl: zaken waarvan de termijn voorbij is
      population_en: cases whose term has passed
      exclusions_nl: zaken waarvan de termijn nog loopt; zaken zonder termijn
      exclusions_en: cases whose term still runs; cases without a term
  comparison:
    exact:
      name_nl: Op tijd op het moment
      name_en: On time by instant
      formula_nl: moment van einde niet later dan het moment van de termijn
      formula_en: instant of the end not later than that of the term
      source: Awb 4:13-4:15
    calendar:
      name_nl: Op tijd op de kalenderdag
      name_en: On time by calendar date
      formula_nl: datum van einde niet later dan de datum van de termijn
      formula_en: date of the end not later than the date of the term
      source: Awb 4:13-4:15
    rolled:
      name_nl: Op tijd met Algemene termijnenwet
      name_en: On time with the statutory roll
      formula_nl: datum van einde niet later dan de termijn, verschoven van weekend en feestdag naar de eerstvolgende werkdag
      formula_en: date of the end not later than the term, rolled from weekend or listed day to the next working day
      source: Awb 4:13-4:15; Algemene termijnenwet art. 1 and 3
  variant:
    rolled_short_terms:
      name_nl: Op tijd, zonder verschuiving bij termijnen boven 84 dagen
      name_en: On time, no roll for terms over 84 days
    statutory_calendar:
      name_nl: Op tijd binnen de wettelijke termijn zonder verlenging
      name_en: On time within the statutory term without extension
    statutory_rolled:
      name_nl: Op tijd binnen de wettelijke termijn zonder verlenging, verschoven
      name_en: On time within the statutory term without extension, rolled
definitions:
  on_time.{denominator}.{comparison}:
    name_nl: "{comparison.name_nl}, {denominator.name_nl}"
    name_en: "{comparison.name_en}, {denominator.name_en}"
    formula_nl: "{comparison.formula_nl}"
    formula_en: "{comparison.formula_en}"
    unit: percent
    direction: higher
    population_nl: "{denominator.population_nl}"
    population_en: "{denominator.population_en}"
    exclusions_nl: "{denominator.exclusions_nl}"
    exclusions_en: "{denominator.exclusions_en}"
    source: "{comparison.source}"
    parameters: {comparison: "{comparison}", denominator: "{denominator}"}
    settings: [calendar, end_activities]
    maturity: due
    competes: on_time
  on_time.closed.{variant}:
    name_nl: "{variant.name_nl}, van afgesloten zaken"
    name_en: "{variant.name_en}, of closed cases"
    formula_nl: datum van einde niet later dan die termijn
    formula_en: date of the end not later than that term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Algemene termijnenwet art. 4; Awb 4:13
    parameters: {comparison: "{variant}", denominator: closed}
    settings: [calendar, end_activities, terms]
    maturity: due
    competes: on_time
*/
with judged as (
  select
    case_key,
    'exact' as comparison,
    closed_at is not null as is_closed,
    closed_at <= legal_end_at as is_on_time,
    legal_end_at < cutoff_at as is_due
  from core.cases where legal_end_at is not null
  union all
  select case_key, 'calendar', closed_on is not null, closed_on <= legal_end_on,
    legal_end_on < cutoff_on
  from core.cases where legal_end_on is not null
  union all
  select case_key, 'rolled', closed_on is not null, closed_on <= legal_end_rolled_on,
    legal_end_rolled_on < cutoff_on
  from core.cases where legal_end_rolled_on is not null
  union all
  select case_key, 'rolled_short_terms', closed_on is not null,
    closed_on <= legal_end_short_rolled_on, legal_end_short_rolled_on < cutoff_on
  from core.cases where legal_end_short_rolled_on is not null
  union all
  select case_key, 'statutory_calendar', closed_on is not null, closed_on <= statutory_end_on,
    statutory_end_on < cutoff_on
  from core.cases where statutory_end_on is not null
  union all
  select case_key, 'statutory_rolled', closed_on is not null,
    closed_on <= statutory_end_rolled_on, statutory_end_rolled_on < cutoff_on
  from core.cases where statutory_end_rolled_on is not null
),
populations as (
  select case_key, 'closed' as denominator, comparison, is_on_time
  from judged
  where is_closed
  union all
  select case_key, 'closed_plus_overdue_open', comparison, coalesce(is_on_time, false)
  from judged
  where (is_closed or is_due) and comparison in ('exact', 'calendar', 'rolled')
  union all
  select case_key, 'due', comparison, coalesce(is_on_time, false)
  from judged
  where is_due and comparison in ('exact', 'calendar', 'rolled')
),
counted as (
  select
    p.denominator,
    p.comparison,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as n,
    count(*) filter (where p.is_on_time) as on_time
  from populations as p
  inner join core.case_slices as s on s.case_key = p.case_key
  group by p.denominator, p.comparison, s.journey, s.segment_kind, s.segment, s.period_kind,
    s.period
)
select
  'on_time.' || denominator || '.' || comparison as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(on_time as double) as numerator,
  cast(n as double) as denominator,
  cast(null as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from counted
