/*
meaning: How long cases lie between one unit and the next, per slice and level; the person level is never published.
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
  level:
    person: {nl: persoon, en: person, needs: persons, of_nl: de ene persoon, to_nl: de volgende}
    team: {nl: team, en: team, needs: teams, of_nl: het ene team, to_nl: het volgende}
    organisation:
      nl: organisatie
      en: organisation
      needs: partners
      of_nl: de ene organisatie
      to_nl: de volgende
  statistic:
    median: {nl: mediaan, en: median}
    mean: {nl: gemiddelde, en: mean}
definitions:
  handoff_wait.{level}.{statistic}:
    name_nl: Wachten bij een overdracht ({level.nl}, {statistic.nl})
    name_en: Waiting at a handoff ({level.en}, {statistic.en})
    formula_nl: >-
      {statistic.nl} over alle overdrachten van de tijd tussen de laatste gebeurtenis van {level.of_nl}
      en de eerste van {level.to_nl}; bij rollen de tijd tussen de ene rol en de volgende, 0 waar ze
      overlappen
    formula_en: >-
      {statistic.en} over all handoffs of the time from the last event of one {level.en} to the first
      of the next; between roles the time from one to the next, 0 where they overlap
    unit: days
    direction: lower
    population_nl: &population_nl zaken met minstens één overdracht
    population_en: &population_en cases with at least one handoff
    exclusions_nl: &exclusions_nl >-
      zaken zonder overdracht; werk dat de volgende nog niet heeft opgepakt
    exclusions_en: &exclusions_en >-
      cases without a handoff; work that the next one has not taken up yet
    source: runs of equal units, missing units skipped; bupaR queue time read between units
    parameters: &parameters {level: "{level}", statistic: "{statistic}"}
    settings: &settings [missing_values, partners]
    needs: &needs ["{level.needs}"]
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      keep:
        - {nl: met een overdracht, en: with a handoff, sql: "handoffs > 0"}
      show: [handoffs, waited_us]
  handoff_wait.{level}.case_{statistic}:
    name_nl: Wachten op overdrachten per zaak ({level.nl}, {statistic.nl})
    name_en: Waiting for handoffs per case ({level.en}, {statistic.en})
    formula_nl: "{statistic.nl} per zaak van de tijd die zij bij al haar overdrachten samen lag te wachten"
    formula_en: "{statistic.en} per case of the time that it lay waiting at all its handoffs together"
    unit: days
    direction: lower
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: runs of equal units, missing units skipped; bupaR queue time read between units
    parameters: *parameters
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      keep:
        - {nl: met een overdracht, en: with a handoff, sql: "handoffs > 0"}
      show: [handoffs, waited_us]
*/
with waits as (
  select case_key, level, false as is_case, waited_us from core.assignments where is_handoff
  union all
  select case_key, level, true, waited_us from core.case_handoffs where handoffs > 0
),
totals as (
  select
    w.level,
    w.is_case,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as waits,
    sum(w.waited_us) as total_us,
    percentile_cont(0.5) within group (order by w.waited_us) as median_us
  from waits as w
  inner join core.case_slices as s on s.case_key = w.case_key
  group by w.level, w.is_case, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
sized as (
  select
    *,
    max(case when is_case then waits end) over (
      partition by level, journey, segment_kind, segment, period_kind, period
    ) as n
  from totals
),
long as (
  select *, 'median' as statistic, median_us as value_us from sized
  union all
  select *, 'mean', cast(total_us as double) / waits from sized
)
select
  'handoff_wait.' || level || case when is_case then '.case_' else '.' end || statistic
    as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(total_us as double) / 86400000000.0 as numerator,
  cast(waits as double) as denominator,
  value_us / 86400000000.0 as value,
  cast(null as double) as lower,
  cast(null as double) as upper
from long
