/*
meaning: Continuity of the contact person and team, over all periods; the person level is never published.
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
axes:
  level:
    person: {nl: persoon, en: person, one_nl: dezelfde persoon, one_en: the same person, needs: contact_persons}
    team: {nl: team, en: team, one_nl: hetzelfde team, one_en: the same team, needs: contact_teams}
definitions:
  continuity.{level}.mean:
    name_nl: Vast aanspreekpunt ({level.nl})
    name_en: Continuity of contact ({level.en})
    formula_nl: >-
      per inwoner het grootste deel van de contacten met {level.one_nl}, gemiddeld over de inwoners
    formula_en: >-
      per resident the largest part of the contacts with {level.one_en}, as a mean over residents
    unit: percent
    direction: higher
    population_nl: &population_nl inwoners met minstens drie contacten met een bekende behandelaar
    population_en: &population_en residents with at least three contacts with a known handler
    exclusions_nl: &exclusions_nl >-
      anonieme en interne contacten; verkeerd verbonden; pogingen die niemand bereikten; inwoners met minder dan drie contacten
    exclusions_en: &exclusions_en >-
      anonymous and internal contacts; wrong numbers; attempts that reached nobody; residents with fewer than three contacts
    source: usual provider of care index (Breslau and Reeb 1975)
    parameters: &parameters {level: "{level}"}
    counts: clients
    needs: &needs [contact_clients, "{level.needs}"]
    level: "{level}"
    rows:
      facts: "(select concat_ws('/', client, journey, segment_kind, segment) as client_slice, contacts, most, is_last_three_same from core.client_continuity where level = '{level}') as talks"
      keep:
        - {nl: met drie of meer contacten, en: with three or more contacts, sql: "contacts >= 3"}
      show: [contacts, most]
  continuity.{level}.last_three:
    name_nl: Laatste drie contacten met {level.one_nl}
    name_en: Last three contacts with {level.one_en}
    formula_nl: inwoners van wie de laatste drie contacten met {level.one_nl} waren
    formula_en: residents whose last three contacts were with {level.one_en}
    unit: percent
    direction: higher
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: Hartslag
    parameters: *parameters
    counts: clients
    needs: *needs
    level: "{level}"
    rows:
      facts: "(select concat_ws('/', client, journey, segment_kind, segment) as client_slice, contacts, most, is_last_three_same from core.client_continuity where level = '{level}') as talks"
      keep:
        - {nl: met drie of meer contacten, en: with three or more contacts, sql: "contacts >= 3"}
      show: [contacts, most]
*/
with totals as (
  select
    level,
    journey,
    segment_kind,
    segment,
    count(*) as n,
    sum(1.0 * most / contacts) as continuity,
    cast(count(*) filter (where is_last_three_same) as double) as last_three
  from core.client_continuity
  where contacts >= 3
  group by level, journey, segment_kind, segment
)
select 'continuity.' || level || '.mean' as definition, journey, segment_kind, segment,
  'all' as period_kind, 'all' as period, n, cast(continuity as double) as numerator,
  cast(n as double) as denominator, cast(100.0 * continuity / n as double) as value,
  cast(null as double) as lower, cast(null as double) as upper
from totals
union all
select 'continuity.' || level || '.last_three', journey, segment_kind, segment, 'all', 'all', n,
  last_three, n, null, null, null
from totals
