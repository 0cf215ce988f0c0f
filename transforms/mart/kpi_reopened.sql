/*
meaning: Reopened cases per slice, in two readings.
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
  reopened.cases:
    name_nl: Heropende zaken
    name_en: Reopened cases
    formula_nl: >-
      zaken die na een einde weer verder gingen - door een activiteit die de configuratie daarvoor
      noemt, anders door een andere activiteit na een afsluitende; in een zaaksysteem door een latere
      status die geen eindstatus is, of een einddatum die is teruggenomen
    formula_en: >-
      cases that went on after an end - by an activity that the configuration lists for it, else by
      another activity after one that ends a case; in a case system by a later status that is no end
      status, or an end date taken back
    unit: percent
    direction: lower
    population_nl: zaken die ooit zijn afgesloten
    population_en: cases that have been closed at some time
    exclusions_nl: zaken zonder een einde
    exclusions_en: cases without an end
    source: ZGW Zaken API 1.5, reopening by a later status; event logs by configuration
    parameters: {reading: cases}
    settings: [end_activities, reopening_activities]
    needs: [end_marks]
    rows:
      facts: core.reopenings
      keep:
        - {nl: waarvan het einde te zien is, en: whose end can be seen, sql: is_reopened is not null}
      show: [is_reopened]
  reopened.events_after_end:
    name_nl: Zaken met een gebeurtenis na het einde
    name_en: Cases with an event after the end
    formula_nl: >-
      zaken met een gebeurtenis op een latere dag dan hun einde; ook administratie zoals een migratie
      telt mee
    formula_en: >-
      cases with an event on a later day than their end; administration such as a migration counts
    unit: percent
    direction: lower
    population_nl: zaken met een geregistreerd einde of een afsluitende activiteit
    population_en: cases with a registered end or an activity that ends a case
    exclusions_nl: zaken zonder een einde
    exclusions_en: cases without an end
    source: Hartslag; Amsterdam dates
    parameters: {reading: events_after_end}
    settings: [end_activities]
    needs: [known_ends]
    rows:
      facts: core.reopenings
      keep:
        - {nl: waarvan het einde te zien is, en: whose end can be seen, sql: has_later_event is not null}
      show: [has_later_event]
*/
with readings as (
  select case_key, 'cases' as reading, is_reopened as is_hit
  from core.reopenings
  where is_reopened is not null
  union all
  select case_key, 'events_after_end', has_later_event
  from core.reopenings
  where has_later_event is not null
)
select
  'reopened.' || r.reading as definition,
  s.journey,
  s.segment_kind,
  s.segment,
  s.period_kind,
  s.period,
  count(*) as n,
  cast(count(*) filter (where r.is_hit) as double) as numerator,
  cast(count(*) as double) as denominator,
  cast(null as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from readings as r
inner join core.case_slices as s on s.case_key = r.case_key
group by r.reading, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
