/*
meaning: The share decided on time, under every reading of on and of time.
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
      name_nl: van afgesloten zaken
      name_en: of closed cases
      population_nl: afgesloten zaken
      population_en: closed cases
      exclusions_nl: open zaken; zaken zonder bekende termijn
      exclusions_en: open cases; cases without a known term
    closed_plus_overdue_open:
      counts_closed: "true"
      counts_due: "true"
      name_nl: van afgesloten zaken en open zaken over de termijn
      name_en: of closed cases and open cases past their term
      population_nl: afgesloten zaken en open zaken over de termijn
      population_en: closed cases and open cases past their term
      exclusions_nl: open zaken binnen de termijn; zaken zonder bekende termijn
      exclusions_en: open cases within their term; cases without a known term
    due:
      counts_closed: "false"
      counts_due: "true"
      name_nl: van zaken waarvan de termijn voorbij is
      name_en: of cases whose term has passed
      population_nl: zaken waarvan de termijn voorbij is
      population_en: cases whose term has passed
      exclusions_nl: zaken waarvan de termijn nog loopt; zaken zonder bekende termijn
      exclusions_en: cases whose term still runs; cases without a known term
  comparison:
    exact:
      end: legal_end_at
      met: closed_at <= legal_end_at
      due: legal_end_at < cutoff_at
      name_nl: Op tijd op het moment
      name_en: On time by instant
      formula_nl: moment van einde niet later dan het moment van de termijn
      formula_en: instant of the end not later than that of the term
      source: Awb 4:13-4:15
    calendar:
      end: legal_end_at
      met: closed_on <= legal_end_on
      due: legal_end_on < cutoff_on
      name_nl: Op tijd op de kalenderdag
      name_en: On time by calendar date
      formula_nl: datum van einde niet later dan de datum van de termijn
      formula_en: date of the end not later than the date of the term
      source: Awb 4:13-4:15
    rolled:
      end: legal_end_at
      met: closed_on <= legal_end_rolled_on
      due: legal_end_rolled_on < cutoff_on
      name_nl: Op tijd met Algemene termijnenwet
      name_en: On time with the statutory roll
      formula_nl: datum van einde niet later dan de termijn, verschoven van weekend en feestdag naar de eerstvolgende werkdag
      formula_en: date of the end not later than the term, rolled from weekend or listed day to the next working day
      source: Awb 4:13-4:15; Algemene termijnenwet art. 1 and 3
    clock:
      end: clock_end_on
      met: closed_on <= clock_end_on
      due: clock_end_on < cutoff_on
      name_nl: Op tijd volgens de berekende termijn
      name_en: On time by the computed clock
      formula_nl: datum van einde niet later dan ontvangst plus termijn, opschorting en verlenging, verschoven van weekend en feestdag
      formula_en: date of the end not later than receipt plus term, suspension and extension, rolled from weekend or listed day
      source: Awb 4:13-4:15; Algemene termijnenwet art. 1-4
  variant:
    rolled_short_terms:
      end: legal_end_at
      met: closed_on <= legal_end_short_rolled_on
      name_nl: Op tijd, zonder verschuiving bij termijnen boven 84 dagen
      name_en: On time, no roll for terms over 84 days
    statutory_calendar:
      end: statutory_end_on
      met: closed_on <= statutory_end_on
      name_nl: Op tijd binnen de wettelijke termijn zonder verlenging
      name_en: On time within the statutory term without extension
    statutory_rolled:
      end: statutory_end_on
      met: closed_on <= statutory_end_rolled_on
      name_nl: Op tijd binnen de wettelijke termijn zonder verlenging, verschoven
      name_en: On time within the statutory term without extension, rolled
definitions:
  on_time.{denominator}.{comparison}:
    headline: on_time.due.rolled
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
    settings: [calendar, end_activities, terms, suspensions]
    maturity: due
    competes: on_time
    rows:
      facts: "(select c.*, t.clock_end_on from core.cases as c left join core.terms as t on t.case_key = c.case_key) as judged"
      keep:
        - {nl: met een bekende termijn, en: with a known term, sql: "{comparison.end} is not null"}
        - {nl: "{denominator.population_nl}", en: "{denominator.population_en}", sql: "({denominator.counts_closed} and closed_on is not null) or ({denominator.counts_due} and {comparison.due})"}
      show: [opened_on, closed_on, "{comparison.end}"]
      value: coalesce({comparison.met}, false)
  on_time.closed.{variant}:
    name_nl: "{variant.name_nl}, van afgesloten zaken"
    name_en: "{variant.name_en}, of closed cases"
    formula_nl: datum van einde niet later dan die termijn
    formula_en: date of the end not later than that term
    unit: percent
    direction: higher
    population_nl: afgesloten zaken
    population_en: closed cases
    exclusions_nl: open zaken; zaken zonder bekende termijn
    exclusions_en: open cases; cases without a known term
    source: Algemene termijnenwet art. 4; Awb 4:13
    parameters: {comparison: "{variant}", denominator: closed}
    settings: [calendar, end_activities, terms]
    maturity: due
    competes: on_time
    rows:
      keep:
        - {nl: met een bekende termijn, en: with a known term, sql: "{variant.end} is not null"}
        - {nl: afgesloten zaken, en: closed cases, sql: closed_on is not null}
      show: [opened_on, closed_on, "{variant.end}"]
      value: coalesce({variant.met}, false)
*/
with judged as (
  select
    c.case_key,
    c.closed_at is not null as is_closed,
    c.legal_end_at is not null as has_end,
    c.legal_end_at < c.cutoff_at as exact_due,
    c.closed_at <= c.legal_end_at as exact_on_time,
    c.legal_end_on < c.cutoff_on as calendar_due,
    c.closed_on <= c.legal_end_on as calendar_on_time,
    c.legal_end_rolled_on < c.cutoff_on as rolled_due,
    c.closed_on <= c.legal_end_rolled_on as rolled_on_time,
    c.closed_on <= c.legal_end_short_rolled_on as short_on_time,
    c.statutory_end_on is not null as has_statutory_end,
    c.closed_on <= c.statutory_end_on as statutory_on_time,
    c.closed_on <= c.statutory_end_rolled_on as statutory_rolled_on_time,
    t.clock_end_on is not null as has_clock,
    t.clock_end_on < c.cutoff_on as clock_due,
    c.closed_on <= t.clock_end_on as clock_on_time
  from core.cases as c
  left join core.terms as t on t.case_key = c.case_key
  where c.legal_end_at is not null or c.statutory_end_on is not null or t.clock_end_on is not null
),
counted as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) filter (where j.is_closed and j.has_end) as closed_n,
    count(*) filter (where j.exact_on_time) as exact_on_time,
    count(*) filter (where (j.is_closed and j.has_end) or j.exact_due) as exact_overdue_n,
    count(*) filter (where j.exact_due) as exact_due_n,
    count(*) filter (where j.exact_due and j.exact_on_time) as exact_due_on_time,
    count(*) filter (where j.calendar_on_time) as calendar_on_time,
    count(*) filter (where (j.is_closed and j.has_end) or j.calendar_due) as calendar_overdue_n,
    count(*) filter (where j.calendar_due) as calendar_due_n,
    count(*) filter (where j.calendar_due and j.calendar_on_time) as calendar_due_on_time,
    count(*) filter (where j.rolled_on_time) as rolled_on_time,
    count(*) filter (where (j.is_closed and j.has_end) or j.rolled_due) as rolled_overdue_n,
    count(*) filter (where j.rolled_due) as rolled_due_n,
    count(*) filter (where j.rolled_due and j.rolled_on_time) as rolled_due_on_time,
    count(*) filter (where j.is_closed and j.has_clock) as clock_closed_n,
    count(*) filter (where j.clock_on_time) as clock_on_time,
    count(*) filter (where (j.is_closed and j.has_clock) or j.clock_due) as clock_overdue_n,
    count(*) filter (where j.clock_due) as clock_due_n,
    count(*) filter (where j.clock_due and j.clock_on_time) as clock_due_on_time,
    count(*) filter (where j.short_on_time) as short_on_time,
    count(*) filter (where j.is_closed and j.has_statutory_end) as statutory_n,
    count(*) filter (where j.statutory_on_time) as statutory_on_time,
    count(*) filter (where j.statutory_rolled_on_time) as statutory_rolled_on_time
  from core.case_slices as s
  inner join judged as j on j.case_key = s.case_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'closed.exact' as reading, closed_n as n, exact_on_time as on_time from counted
  union all
  select *, 'closed_plus_overdue_open.exact', exact_overdue_n, exact_on_time from counted
  union all
  select *, 'due.exact', exact_due_n, exact_due_on_time from counted
  union all
  select *, 'closed.calendar', closed_n, calendar_on_time from counted
  union all
  select *, 'closed_plus_overdue_open.calendar', calendar_overdue_n, calendar_on_time from counted
  union all
  select *, 'due.calendar', calendar_due_n, calendar_due_on_time from counted
  union all
  select *, 'closed.rolled', closed_n, rolled_on_time from counted
  union all
  select *, 'closed_plus_overdue_open.rolled', rolled_overdue_n, rolled_on_time from counted
  union all
  select *, 'due.rolled', rolled_due_n, rolled_due_on_time from counted
  union all
  select *, 'closed.clock', clock_closed_n, clock_on_time from counted
  union all
  select *, 'closed_plus_overdue_open.clock', clock_overdue_n, clock_on_time from counted
  union all
  select *, 'due.clock', clock_due_n, clock_due_on_time from counted
  union all
  select *, 'closed.rolled_short_terms', closed_n, short_on_time from counted
  union all
  select *, 'closed.statutory_calendar', statutory_n, statutory_on_time from counted
  union all
  select *, 'closed.statutory_rolled', statutory_n, statutory_rolled_on_time from counted
)
select
  'on_time.' || reading as definition,
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
from long
where n > 0
