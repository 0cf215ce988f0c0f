/*
meaning: The runaround index (van het kastje naar de muur) per slice of the first contact of a question.
columns:
  definition: Identifier of the definition.
  journey: Journey; all in slices that pool everything and in those of a service formula.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Kind of period.
  period: The period.
  n: Questions that the figure is made of. [count]
  numerator: Numerator, or sum, of the figure.
  denominator: Denominator of the figure.
  value: The figure, in the unit of its definition; null where numerator and denominator tell.
  lower: Lower end of the 95 percent interval, null where none is computed here.
  upper: Upper end of the 95 percent interval.
tests:
  - unique: [definition, journey, segment_kind, segment, period_kind, period]
  - not_null: [definition, journey, n]
definitions:
  runaround.mean:
    name_nl: Van het kastje naar de muur (index)
    name_en: Runaround index
    formula_nl: per vraag de verschillende teams na het eerste, de contacten zonder antwoord en de herhalingen binnen 28 dagen bij elkaar opgeteld; daarvan het gemiddelde
    formula_en: per question the different teams after the first, the contacts without an answer and the repeats within 28 days added up; the mean of that
    unit: per_question
    direction: lower
    population_nl: &population_nl vragen van bekende inwoners met een bekend onderwerp, waarvan 28 dagen ervoor en erna gezien zijn
    population_en: &population_en questions of known residents with a known topic of which 28 days before and after were seen
    exclusions_nl: &exclusions_nl anonieme contacten; vervolgcontacten; uitgaand; verkeerd verbonden, intern en statusvragen; herhalingen, die bij hun eerste contact tellen
    exclusions_en: &exclusions_en anonymous contacts; follow-ups; outbound; wrong numbers, internal and status questions; repeats, which count with their first contact
    source: own proposal, since no published definition in numbers was found; window as for first contact
    parameters: {statistic: mean, days: 28}
    settings: &settings [resolved_results, contact_words]
    counts: contacts
    maturity: 28d
    rows: &rows
      facts: core.questions
      keep:
        - {nl: *population_nl, en: *population_en, sql: runaround is not null}
      show: [contacts, teams, unanswered, runaround]
      value: runaround
  runaround.three_or_more:
    name_nl: Vragen met een index van drie of meer
    name_en: Questions with an index of three or more
    formula_nl: vragen waarvan de index drie of meer is / vragen
    formula_en: questions whose index is three or more / questions
    unit: percent
    direction: lower
    population_nl: *population_nl
    population_en: *population_en
    exclusions_nl: *exclusions_nl
    exclusions_en: *exclusions_en
    source: own proposal, since no published definition in numbers was found; window as for first contact
    parameters: {statistic: three_or_more, days: 28}
    settings: *settings
    counts: contacts
    maturity: 28d
    rows:
      <<: *rows
      value: runaround >= 3
*/
with grouped as (
  select
    g.group_key,
    count(*) as questions,
    sum(q.runaround) as total,
    sum(q.runaround * q.runaround) as squares,
    count(*) filter (where q.runaround >= 3) as three_or_more
  from core.questions as q
  inner join core.contact_groups as g on g.contact_key = q.contact_key
  group by g.group_key
),
sliced as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    cast(sum(g.questions) as bigint) as n,
    cast(sum(g.total) as double) as total,
    cast(sum(g.squares) as double) as squares,
    cast(sum(g.three_or_more) as double) as three_or_more
  from grouped as g
  inner join core.contact_slices as s on s.group_key = g.group_key
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
spread as (
  select
    *,
    case when n > 1
      then 1.959963984540054 * sqrt(greatest(squares - total * total / n, 0) / (n - 1) / n)
    end as half_width
  from sliced
)
select
  'runaround.mean' as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  total as numerator,
  cast(n as double) as denominator,
  cast(null as double) as value,
  greatest(total / n - half_width, 0) as lower,
  total / n + half_width as upper
from spread
union all
select 'runaround.three_or_more', journey, segment_kind, segment, period_kind, period, n,
  three_or_more, cast(n as double), null, null, null
from spread
