/*
meaning: The penalty clock (dwangsom) per slice, for journeys whose notices of default are in the log. Elsewhere it cannot be measured, and there is no figure.
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
    running:
      keep: is_running
      name_nl: Zaken met een lopende dwangsom
      name_en: Cases with a running penalty
      formula_nl: aantal open zaken waarvoor een dwangsom verschuldigd is
      formula_en: open cases for which a penalty is due
      unit: cases
      population_nl: open zaken met een termijn in een wet en een ingebrekestelling
      population_en: open cases with a statutory term and a notice of default
    days:
      keep: days > 0
      name_nl: Dagen dwangsom
      name_en: Days of penalty
      formula_nl: som van de dagen waarover tot besluit of peildatum een dwangsom verschuldigd is
      formula_en: sum of the days up to decision or cut-off for which a penalty is due
      unit: days
      population_nl: zaken met een termijn in een wet en een ingebrekestelling
      population_en: cases with a statutory term and a notice of default
    amount:
      keep: days > 0
      name_nl: Verschuldigde dwangsom
      name_en: Penalty due
      formula_nl: som van de bedragen over die dagen
      formula_en: sum of the amounts over those days
      unit: eur
      population_nl: zaken met een termijn in een wet en een ingebrekestelling
      population_en: cases with a statutory term and a notice of default
definitions:
  penalty.{statistic}:
    name_nl: "{statistic.name_nl}"
    name_en: "{statistic.name_en}"
    formula_nl: "{statistic.formula_nl}; de eerste dag komt twee weken na einde termijn en ingebrekestelling, met de dagen en bedragen van de configuratie"
    formula_en: "{statistic.formula_en}; the first day comes two weeks after end of term and notice of default, with the days and amounts of the configuration"
    unit: "{statistic.unit}"
    direction: lower
    population_nl: "{statistic.population_nl}"
    population_en: "{statistic.population_en}"
    exclusions_nl: zaken zonder ingebrekestelling; zaken waarvoor nog niets verschuldigd is
    exclusions_en: cases without a notice of default; cases for which nothing is due yet
    source: Awb 4:17
    parameters: {statistic: "{statistic}"}
    settings: [calendar, end_activities, terms, suspensions, penalties]
    needs: [notices_of_default]
    maturity: over
    rows:
      facts: "(select c.case_key, p.notice_on, p.is_running, p.days, p.amount_eur from core.cases as c left join core.penalties as p on p.case_key = c.case_key) as owed"
      keep:
        - {nl: "{statistic.population_nl}, voor zover iets verschuldigd is", en: "{statistic.population_en}, as far as something is due", sql: "{statistic.keep}"}
      show: [notice_on, days, amount_eur]
*/
with counted as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) filter (where p.is_running) as running,
    count(*) filter (where p.days > 0) as due,
    coalesce(sum(p.days), 0) as days,
    coalesce(sum(p.amount_eur), 0) as amount
  from core.cases as c
  inner join config.journeys as j on j.journey = c.journey and j.knows_notices
  inner join core.case_slices as s on s.case_key = c.case_key
  left join core.penalties as p on p.case_key = c.case_key
  where s.period_kind in ('all', 'month') and exists (select 1 from config.penalties)
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'running' as statistic, running as n, running as value from counted
  union all
  select *, 'days', due, days from counted
  union all
  select *, 'amount', due, amount from counted
)
select
  'penalty.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(value as double) as numerator,
  cast(null as double) as denominator,
  cast(value as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
