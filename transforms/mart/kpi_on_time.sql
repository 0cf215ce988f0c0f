/*
meaning: The share decided on time, under every reading of on and of time; the interval is Wilson's.
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
  on_time.closed.exact:
    name_nl: Op tijd op het moment, van afgesloten zaken
    name_en: On time by instant, of closed cases
    formula_nl: moment van einde niet later dan het moment van de termijn
    formula_en: instant of the end not later than that of the term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Awb 4:13-4:15
    parameters: {comparison: exact, denominator: closed}
    settings: [calendar, end_activities]
    maturity: due
  on_time.closed.calendar:
    name_nl: Op tijd op de kalenderdag, van afgesloten zaken
    name_en: On time by calendar date, of closed cases
    formula_nl: datum van einde niet later dan de datum van de termijn
    formula_en: date of the end not later than the date of the term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Awb 4:13-4:15
    parameters: {comparison: calendar, denominator: closed}
    settings: [calendar, end_activities]
    maturity: due
  on_time.closed.rolled:
    name_nl: Op tijd met Algemene termijnenwet, van afgesloten zaken
    name_en: On time with the statutory roll, of closed cases
    formula_nl: datum van einde niet later dan de termijn, verschoven van weekend en feestdag naar de eerstvolgende werkdag
    formula_en: date of the end not later than the term, rolled from weekend or listed day to the next working day
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Awb 4:13-4:15; Algemene termijnenwet art. 1 and 3
    parameters: {comparison: rolled, denominator: closed}
    settings: [calendar, end_activities]
    maturity: due
  on_time.closed_plus_overdue_open.exact:
    name_nl: Op tijd op het moment, van afgesloten zaken en open zaken over de termijn
    name_en: On time by instant, of closed cases and open cases past their term
    formula_nl: moment van einde niet later dan het moment van de termijn
    formula_en: instant of the end not later than that of the term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken en open zaken over de termijn
    population_en: closed cases and open cases past their term
    exclusions_nl: open zaken binnen de termijn; zaken zonder termijn
    exclusions_en: open cases within their term; cases without a term
    source: Awb 4:13-4:15
    parameters: {comparison: exact, denominator: closed_plus_overdue_open}
    settings: [calendar, end_activities]
    maturity: due
  on_time.closed_plus_overdue_open.calendar:
    name_nl: Op tijd op de kalenderdag, van afgesloten zaken en open zaken over de termijn
    name_en: On time by calendar date, of closed cases and open cases past their term
    formula_nl: datum van einde niet later dan de datum van de termijn
    formula_en: date of the end not later than the date of the term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken en open zaken over de termijn
    population_en: closed cases and open cases past their term
    exclusions_nl: open zaken binnen de termijn; zaken zonder termijn
    exclusions_en: open cases within their term; cases without a term
    source: Awb 4:13-4:15
    parameters: {comparison: calendar, denominator: closed_plus_overdue_open}
    settings: [calendar, end_activities]
    maturity: due
  on_time.closed_plus_overdue_open.rolled:
    name_nl: Op tijd met Algemene termijnenwet, van afgesloten zaken en open zaken over de termijn
    name_en: On time with the statutory roll, of closed cases and open cases past their term
    formula_nl: datum van einde niet later dan de termijn, verschoven van weekend en feestdag naar de eerstvolgende werkdag
    formula_en: date of the end not later than the term, rolled from weekend or listed day to the next working day
    unit: percent
    direction: higher
    population_nl: afgesloten zaken en open zaken over de termijn
    population_en: closed cases and open cases past their term
    exclusions_nl: open zaken binnen de termijn; zaken zonder termijn
    exclusions_en: open cases within their term; cases without a term
    source: Awb 4:13-4:15; Algemene termijnenwet art. 1 and 3
    parameters: {comparison: rolled, denominator: closed_plus_overdue_open}
    settings: [calendar, end_activities]
    maturity: due
  on_time.due.exact:
    name_nl: Op tijd op het moment, van zaken waarvan de termijn voorbij is
    name_en: On time by instant, of cases whose term has passed
    formula_nl: moment van einde niet later dan het moment van de termijn
    formula_en: instant of the end not later than that of the term
    unit: percent
    direction: higher
    population_nl: zaken waarvan de termijn voorbij is
    population_en: cases whose term has passed
    exclusions_nl: zaken waarvan de termijn nog loopt; zaken zonder termijn
    exclusions_en: cases whose term still runs; cases without a term
    source: Awb 4:13-4:15
    parameters: {comparison: exact, denominator: due}
    settings: [calendar, end_activities]
    maturity: due
  on_time.due.calendar:
    name_nl: Op tijd op de kalenderdag, van zaken waarvan de termijn voorbij is
    name_en: On time by calendar date, of cases whose term has passed
    formula_nl: datum van einde niet later dan de datum van de termijn
    formula_en: date of the end not later than the date of the term
    unit: percent
    direction: higher
    population_nl: zaken waarvan de termijn voorbij is
    population_en: cases whose term has passed
    exclusions_nl: zaken waarvan de termijn nog loopt; zaken zonder termijn
    exclusions_en: cases whose term still runs; cases without a term
    source: Awb 4:13-4:15
    parameters: {comparison: calendar, denominator: due}
    settings: [calendar, end_activities]
    maturity: due
  on_time.due.rolled:
    name_nl: Op tijd met Algemene termijnenwet, van zaken waarvan de termijn voorbij is
    name_en: On time with the statutory roll, of cases whose term has passed
    formula_nl: datum van einde niet later dan de termijn, verschoven van weekend en feestdag naar de eerstvolgende werkdag
    formula_en: date of the end not later than the term, rolled from weekend or listed day to the next working day
    unit: percent
    direction: higher
    population_nl: zaken waarvan de termijn voorbij is
    population_en: cases whose term has passed
    exclusions_nl: zaken waarvan de termijn nog loopt; zaken zonder termijn
    exclusions_en: cases whose term still runs; cases without a term
    source: Awb 4:13-4:15; Algemene termijnenwet art. 1 and 3
    parameters: {comparison: rolled, denominator: due}
    settings: [calendar, end_activities]
    maturity: due
    headline: true
  on_time.closed.rolled_short_terms:
    name_nl: Op tijd, zonder verschuiving bij termijnen boven 84 dagen, van afgesloten zaken
    name_en: On time, no roll for terms over 84 days, of closed cases
    formula_nl: datum van einde niet later dan die termijn
    formula_en: date of the end not later than that term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Algemene termijnenwet art. 4; Awb 4:13
    parameters: {comparison: rolled_short_terms, denominator: closed}
    settings: [calendar, end_activities, terms]
    maturity: due
  on_time.closed.statutory_calendar:
    name_nl: Op tijd binnen de wettelijke termijn zonder verlenging, van afgesloten zaken
    name_en: On time within the statutory term without extension, of closed cases
    formula_nl: datum van einde niet later dan die termijn
    formula_en: date of the end not later than that term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Algemene termijnenwet art. 4; Awb 4:13
    parameters: {comparison: statutory_calendar, denominator: closed}
    settings: [calendar, end_activities, terms]
    maturity: due
  on_time.closed.statutory_rolled:
    name_nl: Op tijd binnen de wettelijke termijn zonder verlenging, verschoven, van afgesloten zaken
    name_en: On time within the statutory term without extension, rolled, of closed cases
    formula_nl: datum van einde niet later dan die termijn
    formula_en: date of the end not later than that term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder termijn
    exclusions_en: open cases; cases without a term
    source: Algemene termijnenwet art. 4; Awb 4:13
    parameters: {comparison: statutory_rolled, denominator: closed}
    settings: [calendar, end_activities, terms]
    maturity: due
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
),
slices as (
  select journey, segment_kind, segment, period_kind, period, period_start, count(*) as cases
  from core.case_slices
  group by journey, segment_kind, segment, period_kind, period, period_start
)
select
  'on_time.' || c.denominator || '.' || c.comparison as definition,
  c.journey,
  c.segment_kind,
  c.segment,
  c.period_kind,
  c.period,
  s.period_start,
  c.n,
  s.cases - c.n as n_excluded,
  cast(c.on_time as double) as numerator,
  cast(c.n as double) as denominator,
  100.0 * c.on_time / c.n as value,
  100.0 * (c.on_time + 1.920729410347062 - 1.959963984540054 * sqrt(c.on_time * (c.n - c.on_time) / c.n + 0.960364705173531))
    / (c.n + 3.841458820694124) as lower,
  100.0 * (c.on_time + 1.920729410347062 + 1.959963984540054 * sqrt(c.on_time * (c.n - c.on_time) / c.n + 0.960364705173531))
    / (c.n + 3.841458820694124) as upper
from counted as c
inner join slices as s
  on s.journey = c.journey and s.segment_kind = c.segment_kind and s.segment = c.segment
  and s.period_kind = c.period_kind and s.period = c.period
