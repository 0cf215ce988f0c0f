/*
meaning: Open cases whose term has passed or ends within four weeks, per journey, channel, target group and service formula.
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
definitions:
  deadlines.overdue:
    name_nl: Open zaken over de termijn
    name_en: Open cases past their term
    formula_nl: aantal open zaken waarvan de termijn voor de peildatum eindigde
    formula_en: open cases whose term ended before the day of the cut-off
    unit: cases
    direction: lower
    population_nl: &population_nl open zaken met een bekende termijn
    population_en: &population_en open cases with a known term
    exclusions_nl: &exclusions_nl afgesloten zaken; zaken zonder bekende termijn; termijnen die later eindigen
    exclusions_en: &exclusions_en closed cases; cases without a known term; terms that end later
    source: &source "Awb 4:13-4:15; Algemene termijnenwet; the computed end where known, else the registered one, rolled"
    parameters: {statistic: overdue}
    settings: &settings [calendar, end_activities, terms, suspensions]
    maturity: over
    rows:
      facts: "(select c.*, t.due_on from core.cases as c inner join core.terms as t on t.case_key = c.case_key) as due"
      keep:
        - {nl: met een bekende termijn, en: with a known term, sql: due_on is not null}
        - {nl: nog open, en: still open, sql: closed_on is null}
        - {nl: termijn voorbij, en: term has passed, sql: "due_on < cutoff_on"}
      show: [opened_on, due_on]
  deadlines.at_risk:
    name_nl: Open zaken met een termijn die binnen vier weken eindigt
    name_en: Open cases whose term ends within four weeks
    formula_nl: aantal open zaken waarvan de termijn eindigt op de peildatum of in de 28 dagen erna
    formula_en: open cases whose term ends on the day of the cut-off or in the 28 days after it
    unit: cases
    direction: none
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: *source
    parameters: {statistic: at_risk, days: 28}
    settings: *settings
    maturity: over
    rows:
      facts: "(select c.*, t.due_on from core.cases as c inner join core.terms as t on t.case_key = c.case_key) as due"
      keep:
        - {nl: met een bekende termijn, en: with a known term, sql: due_on is not null}
        - {nl: nog open, en: still open, sql: closed_on is null}
        - {nl: termijn eindigt binnen 28 dagen, en: term ends within 28 days, sql: "due_on between cutoff_on and cutoff_on + 28"}
      show: [opened_on, due_on]
*/
with counted as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) filter (where c.closed_on is null and t.due_on < c.cutoff_on) as overdue,
    count(*) filter (
      where c.closed_on is null and t.due_on between c.cutoff_on and c.cutoff_on + 28
    ) as at_risk
  from core.terms as t
  inner join core.cases as c on c.case_key = t.case_key
  inner join core.case_slices as s on s.case_key = t.case_key
  where t.due_on is not null and s.period_kind = 'all'
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'deadlines.overdue' as definition, overdue as n from counted
  union all
  select *, 'deadlines.at_risk', at_risk from counted
)
select
  definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(n as double) as numerator,
  cast(null as double) as denominator,
  cast(n as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
