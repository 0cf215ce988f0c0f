/*
meaning: The share of residents with a lifelong need who were made to apply again, per slice.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in the slices of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period.
  n: Residents that the figure is made of. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition; null where numerator and denominator tell.
  lower: Lower end of the 95 percent interval, null where none is computed here.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n]
definitions:
  reassessment.residents:
    name_nl: Inwoners die opnieuw moesten aanvragen
    name_en: Residents made to apply again
    formula_nl: >-
      inwoners met een afgesloten zaak voor een levenslange behoefte die binnen de ingestelde termijn
      na het einde een nieuwe zaak van dezelfde soort kregen
    formula_en: >-
      residents with a closed case of a lifelong need who got a new case of the same type within the
      configured period after its end
    unit: percent
    direction: lower
    population_nl: inwoners met zo'n afgesloten zaak waarvan die termijn voorbij is
    population_en: residents with such a closed case whose period has passed
    exclusions_nl: zaken zonder bekende inwoner; zaken waarvan de termijn nog loopt
    exclusions_en: cases without a known resident; cases whose period still runs
    source: Hartslag; reassessment (herindicatie) of a need that does not end
    parameters: {statistic: residents}
    settings: [lifelong, end_activities]
    counts: residents
    maturity: over
    needs: [lifelong_needs, clients]
    rows:
      keep:
        - {nl: lang genoeg gevolgd, en: followed for long enough, sql: is_watched}
      show: [is_reassessed]
*/
with slices as (
  select s.*, r.client, r.is_reassessed
  from core.reassessments as r
  inner join core.case_slices as s on s.case_key = r.case_key
  where r.is_watched and s.period_kind in ('all', 'closing_month')
)
select
  'reassessment.residents' as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  count(distinct client) as n,
  cast(count(distinct case when is_reassessed then client end) as double) as numerator,
  cast(count(distinct client) as double) as denominator,
  cast(null as double) as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from slices
group by journey, segment_kind, segment, period_kind, period
