/*
meaning: How long cases are on the side of chain partners, per slice, in two readings of what an event marks.
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
  reading:
    until_answer:
      name_nl: tot het antwoord
      name_en: until the answer
      what_nl: >-
        de tijd van de laatste gebeurtenis voor een ketenpartner aan zet kwam tot haar eigen laatste
        gebeurtenis (een gebeurtenis zegt wat klaar is)
      what_en: >-
        the time from the last event before a chain partner's turn to the partner's own last event
        (an event tells what was done)
      exclusions_nl: >-
        zaken zonder bekende behandelaar of die eindigen voor ze beginnen; waar een partner nog aan
        werkt is niet te zien
      exclusions_en: >-
        cases without a known handler or that end before they start; what a partner still works on
        cannot be seen
    until_return:
      name_nl: tot de terugkeer
      name_en: until the return
      what_nl: >-
        de tijd van de eerste gebeurtenis van een ketenpartner tot de eerste van een andere
        organisatie, het einde van de zaak of dat van de gegevens (een gebeurtenis zegt wat begint)
      what_en: >-
        the time from the first event of a chain partner to the first of another organisation, the
        end of the case or that of the data (an event tells what begins)
      exclusions_nl: zaken zonder bekende behandelaar of die eindigen voor ze beginnen
      exclusions_en: cases without a known handler or that end before they start
definitions:
  partner_time.{reading}.per_case:
    name_nl: Tijd bij ketenpartners per zaak, {reading.name_nl}
    name_en: Time with chain partners per case, {reading.name_en}
    formula_nl: "{reading.what_nl}, gedeeld door alle zaken; van een rol haar eigen duur"
    formula_en: "{reading.what_en}, divided by all cases; of a role its own length"
    unit: days
    direction: lower
    population_nl: &population_nl zaken met een bekende behandelaar; open zaken tot nu toe
    population_en: &population_en cases with a known handler; open cases so far
    exclusions_nl: "{reading.exclusions_nl}"
    exclusions_en: "{reading.exclusions_en}"
    source: Hartslag; stretches of equal organisations
    parameters: &parameters {reading: "{reading}"}
    settings: &settings [missing_values, end_activities, partners]
    needs: &needs [partners]
    level: organisation
    rows:
      facts: core.partner_times
      keep:
        - {nl: waarvan bekend is bij welke organisatie ze lagen, en: of which it is known with which organisation they lay, sql: followed_us is not null}
      show: [followed_us, "{reading}_us"]
  partner_time.{reading}.share:
    name_nl: Deel van de tijd bij ketenpartners, {reading.name_nl}
    name_en: Share of the time with chain partners, {reading.name_en}
    formula_nl: "{reading.what_nl}, over alle zaken opgeteld en gedeeld door hun doorlooptijd samen"
    formula_en: "{reading.what_en}, added up over all cases and divided by their lead time together"
    unit: percent
    direction: lower
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: "{reading.exclusions_nl}"
    exclusions_en: "{reading.exclusions_en}"
    source: Hartslag; stretches of equal organisations, ratio of sums
    parameters: *parameters
    settings: *settings
    needs: *needs
    level: organisation
    rows:
      facts: core.partner_times
      keep:
        - {nl: waarvan bekend is bij welke organisatie ze lagen, en: of which it is known with which organisation they lay, sql: followed_us is not null}
      show: [followed_us, "{reading}_us"]
*/
with totals as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as n,
    cast(sum(p.followed_us) as double) / 86400000000.0 as followed,
    cast(sum(p.until_answer_us) as double) / 86400000000.0 as until_answer,
    cast(sum(p.until_return_us) as double) / 86400000000.0 as until_return
  from core.partner_times as p
  inner join core.case_slices as s on s.case_key = p.case_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'until_answer' as reading, until_answer as days from totals
  union all
  select *, 'until_return', until_return from totals
)
select 'partner_time.' || reading || '.per_case' as definition, journey, segment_kind, segment,
  period_kind, period, n, days as numerator, cast(n as double) as denominator,
  cast(null as double) as value, cast(null as double) as lower, cast(null as double) as upper
from long
union all
select 'partner_time.' || reading || '.share', journey, segment_kind, segment, period_kind, period,
  n, days, followed, 100.0 * days / nullif(followed, 0), null, null
from long
