/*
meaning: Handoffs per slice at person, team and organisation level; the person level is never published.
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
  handoffs.person.per_known_case:
    name_nl: Overdrachten per zaak (persoon)
    name_en: Handoffs per case (person)
    formula_nl: aantal keren dat het werk naar een andere persoon gaat, gedeeld door het aantal zaken
    formula_en: times that the work passes to another person, divided by cases
    unit: per_case
    direction: lower
    population_nl: zaken met minstens een bekende persoon
    population_en: cases with at least one known person
    exclusions_nl: zaken zonder bekende persoon
    exclusions_en: cases without a known person
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: person, statistic: per_known_case}
    settings: [missing_values, partners]
    level: person
  handoffs.person.per_case:
    name_nl: Overdrachten per zaak, onbekend telt als 0 (persoon)
    name_en: Handoffs per case, unknown counted as 0 (person)
    formula_nl: aantal overdrachten gedeeld door alle zaken
    formula_en: handoffs divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: person, statistic: per_case}
    settings: [missing_values, partners]
    level: person
  handoffs.person.none:
    name_nl: Zaken zonder overdracht (persoon)
    name_en: Cases without a handoff (person)
    formula_nl: zaken die bij een persoon bleven
    formula_en: cases that stayed with one person
    unit: percent
    direction: higher
    population_nl: zaken met minstens een bekende persoon
    population_en: cases with at least one known person
    exclusions_nl: zaken zonder bekende persoon
    exclusions_en: cases without a known person
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: person, statistic: none}
    settings: [missing_values, partners]
    level: person
  handoffs.person.ping_pong:
    name_nl: Zaken met pingpong (persoon)
    name_en: Cases with ping-pong (person)
    formula_nl: zaken die terugkwamen bij de persoon die ze net had doorgegeven
    formula_en: cases that returned to the person that had just passed them on
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen; zonder bekende persoon telt als geen pingpong
    exclusions_en: none; without a known person counts as no ping-pong
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: person, statistic: ping_pong}
    settings: [missing_values, partners]
    level: person
  handoffs.person.ping_pongs_per_case:
    name_nl: Pingpong per zaak (persoon)
    name_en: Ping-pong per case (person)
    formula_nl: aantal keren terug bij de vorige persoon, gedeeld door alle zaken
    formula_en: returns to the previous person, divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: person, statistic: ping_pongs_per_case}
    settings: [missing_values, partners]
    level: person
  handoffs.person.return_later:
    name_nl: Zaken die later terugkomen (persoon)
    name_en: Cases that return later (person)
    formula_nl: zaken waarin een persoon het werk twee of meer keer had
    formula_en: cases in which a person had the work twice or more
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: person, statistic: return_later}
    settings: [missing_values, partners]
    level: person
  handoffs.team.per_known_case:
    name_nl: Overdrachten per zaak (team)
    name_en: Handoffs per case (team)
    formula_nl: aantal keren dat het werk naar een andere team gaat, gedeeld door het aantal zaken
    formula_en: times that the work passes to another team, divided by cases
    unit: per_case
    direction: lower
    population_nl: zaken met minstens een bekende team
    population_en: cases with at least one known team
    exclusions_nl: zaken zonder bekende team
    exclusions_en: cases without a known team
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: team, statistic: per_known_case}
    settings: [missing_values, partners]
    level: team
    headline: true
  handoffs.team.per_case:
    name_nl: Overdrachten per zaak, onbekend telt als 0 (team)
    name_en: Handoffs per case, unknown counted as 0 (team)
    formula_nl: aantal overdrachten gedeeld door alle zaken
    formula_en: handoffs divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: team, statistic: per_case}
    settings: [missing_values, partners]
    level: team
  handoffs.team.none:
    name_nl: Zaken zonder overdracht (team)
    name_en: Cases without a handoff (team)
    formula_nl: zaken die bij een team bleven
    formula_en: cases that stayed with one team
    unit: percent
    direction: higher
    population_nl: zaken met minstens een bekende team
    population_en: cases with at least one known team
    exclusions_nl: zaken zonder bekende team
    exclusions_en: cases without a known team
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: team, statistic: none}
    settings: [missing_values, partners]
    level: team
  handoffs.team.ping_pong:
    name_nl: Zaken met pingpong (team)
    name_en: Cases with ping-pong (team)
    formula_nl: zaken die terugkwamen bij de team die ze net had doorgegeven
    formula_en: cases that returned to the team that had just passed them on
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen; zonder bekende team telt als geen pingpong
    exclusions_en: none; without a known team counts as no ping-pong
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: team, statistic: ping_pong}
    settings: [missing_values, partners]
    level: team
  handoffs.team.ping_pongs_per_case:
    name_nl: Pingpong per zaak (team)
    name_en: Ping-pong per case (team)
    formula_nl: aantal keren terug bij de vorige team, gedeeld door alle zaken
    formula_en: returns to the previous team, divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: team, statistic: ping_pongs_per_case}
    settings: [missing_values, partners]
    level: team
  handoffs.team.return_later:
    name_nl: Zaken die later terugkomen (team)
    name_en: Cases that return later (team)
    formula_nl: zaken waarin een team het werk twee of meer keer had
    formula_en: cases in which a team had the work twice or more
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: team, statistic: return_later}
    settings: [missing_values, partners]
    level: team
  handoffs.organisation.per_known_case:
    name_nl: Overdrachten per zaak (organisatie)
    name_en: Handoffs per case (organisation)
    formula_nl: aantal keren dat het werk naar een andere organisatie gaat, gedeeld door het aantal zaken
    formula_en: times that the work passes to another organisation, divided by cases
    unit: per_case
    direction: lower
    population_nl: zaken met minstens een bekende organisatie
    population_en: cases with at least one known organisation
    exclusions_nl: zaken zonder bekende organisatie
    exclusions_en: cases without a known organisation
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: organisation, statistic: per_known_case}
    settings: [missing_values, partners]
    level: organisation
  handoffs.organisation.per_case:
    name_nl: Overdrachten per zaak, onbekend telt als 0 (organisatie)
    name_en: Handoffs per case, unknown counted as 0 (organisation)
    formula_nl: aantal overdrachten gedeeld door alle zaken
    formula_en: handoffs divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: organisation, statistic: per_case}
    settings: [missing_values, partners]
    level: organisation
  handoffs.organisation.none:
    name_nl: Zaken zonder overdracht (organisatie)
    name_en: Cases without a handoff (organisation)
    formula_nl: zaken die bij een organisatie bleven
    formula_en: cases that stayed with one organisation
    unit: percent
    direction: higher
    population_nl: zaken met minstens een bekende organisatie
    population_en: cases with at least one known organisation
    exclusions_nl: zaken zonder bekende organisatie
    exclusions_en: cases without a known organisation
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: organisation, statistic: none}
    settings: [missing_values, partners]
    level: organisation
  handoffs.organisation.ping_pong:
    name_nl: Zaken met pingpong (organisatie)
    name_en: Cases with ping-pong (organisation)
    formula_nl: zaken die terugkwamen bij de organisatie die ze net had doorgegeven
    formula_en: cases that returned to the organisation that had just passed them on
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen; zonder bekende organisatie telt als geen pingpong
    exclusions_en: none; without a known organisation counts as no ping-pong
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: organisation, statistic: ping_pong}
    settings: [missing_values, partners]
    level: organisation
  handoffs.organisation.ping_pongs_per_case:
    name_nl: Pingpong per zaak (organisatie)
    name_en: Ping-pong per case (organisation)
    formula_nl: aantal keren terug bij de vorige organisatie, gedeeld door alle zaken
    formula_en: returns to the previous organisation, divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: organisation, statistic: ping_pongs_per_case}
    settings: [missing_values, partners]
    level: organisation
  handoffs.organisation.return_later:
    name_nl: Zaken die later terugkomen (organisatie)
    name_en: Cases that return later (organisation)
    formula_nl: zaken waarin een organisatie het werk twee of meer keer had
    formula_en: cases in which a organisation had the work twice or more
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: {level: organisation, statistic: return_later}
    settings: [missing_values, partners]
    level: organisation
*/
with totals as (
  select
    h.level,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    s.period_start,
    count(*) as cases,
    count(h.handoffs) as known,
    cast(coalesce(sum(h.handoffs), 0) as bigint) as handoffs,
    cast(coalesce(sum(h.handoffs * h.handoffs), 0) as bigint) as squares,
    cast(coalesce(sum(h.ping_pongs), 0) as bigint) as ping_pongs,
    count(*) filter (where h.handoffs = 0) as without,
    count(*) filter (where h.ping_pongs > 0) as with_ping_pong,
    count(*) filter (where h.has_return) as with_return
  from core.case_handoffs as h
  inner join core.case_slices as s on s.case_key = h.case_key
  group by h.level, s.journey, s.segment_kind, s.segment, s.period_kind, s.period, s.period_start
),
long as (
  select *, 'per_known_case' as statistic, known as n, handoffs as hits from totals
  union all
  select *, 'per_case', cases, handoffs from totals
  union all
  select *, 'ping_pongs_per_case', cases, ping_pongs from totals
  union all
  select *, 'none', known, without from totals
  union all
  select *, 'ping_pong', cases, with_ping_pong from totals
  union all
  select *, 'return_later', cases, with_return from totals
),
spread as (
  select
    *,
    statistic in ('none', 'ping_pong', 'return_later') as is_share,
    case
      when statistic = 'per_known_case' and known > 1
        then sqrt((squares - cast(handoffs as double) * handoffs / known) / (known - 1) / known)
    end as standard_error
  from long
)
select
  'handoffs.' || level || '.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  period_start,
  n,
  cases - n as n_excluded,
  cast(hits as double) as numerator,
  cast(n as double) as denominator,
  case when n > 0 then hits * (case when is_share then 100.0 else 1.0 end) / n end as value,
  case
    when n > 0 and is_share then
      100.0 * (hits + 1.920729410347062 - 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.960364705173531)) / (n + 3.841458820694124)
    when standard_error is not null
      then greatest(1.0 * hits / nullif(n, 0) - 1.959963984540054 * standard_error, 0)
  end as lower,
  case
    when n > 0 and is_share then
      100.0 * (hits + 1.920729410347062 + 1.959963984540054 * sqrt(hits * (n - hits) / n + 0.960364705173531)) / (n + 3.841458820694124)
    else 1.0 * hits / nullif(n, 0) + 1.959963984540054 * standard_error
  end as upper
from spread
