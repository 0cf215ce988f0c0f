/*
meaning: Handoffs and handlers per slice at person, team and organisation level; the person level is never published.
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
    person:
      nl: persoon
      en: person
      needs: persons
      one_nl: één persoon
      one_en: one person
      other_nl: een andere persoon
      same_nl: dezelfde persoon
      known_nl: bekende persoon
    team:
      nl: team
      en: team
      needs: teams
      one_nl: één team
      one_en: one team
      other_nl: een ander team
      same_nl: hetzelfde team
      known_nl: bekend team
    organisation:
      nl: organisatie
      en: organisation
      needs: partners
      one_nl: één organisatie
      one_en: one organisation
      other_nl: een andere organisatie
      same_nl: dezelfde organisatie
      known_nl: bekende organisatie
definitions:
  handoffs.{level}.per_known_case:
    name_nl: Overdrachten per zaak ({level.nl})
    name_en: Handoffs per case ({level.en})
    formula_nl: >-
      aantal keren dat het werk naar {level.other_nl} gaat, gedeeld door het aantal zaken; een
      ondergrens waar rollen alleen uit opnamen bekend zijn
    formula_en: >-
      times that the work passes to another {level.en}, divided by cases; a lower bound where roles
      are known from snapshots alone
    unit: per_case
    direction: lower
    population_nl: zaken met minstens één {level.known_nl}
    population_en: cases with at least one known {level.en}
    exclusions_nl: zaken zonder {level.known_nl}
    exclusions_en: cases without a known {level.en}
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: &level {level: "{level}"}
    settings: &settings [missing_values, partners]
    level: "{level}"
    needs: &needs ["{level.needs}"]
    headline: handoffs.team.per_known_case
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      keep:
        - {nl: "zaken met minstens één {level.known_nl}", en: "cases with at least one known {level.en}", sql: handoffs is not null}
      show: [handoffs, ping_pongs]
      value: handoffs
    competes: "handoffs_{level}"
  handoffs.{level}.per_case:
    name_nl: Overdrachten per zaak, onbekend telt als 0 ({level.nl})
    name_en: Handoffs per case, unknown counted as 0 ({level.en})
    formula_nl: aantal overdrachten gedeeld door alle zaken
    formula_en: handoffs divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: *level
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      show: [handoffs, ping_pongs]
      value: coalesce(handoffs, 0)
    competes: "handoffs_{level}"
  handoffs.{level}.none:
    name_nl: Zaken zonder overdracht ({level.nl})
    name_en: Cases without a handoff ({level.en})
    formula_nl: zaken die bij {level.one_nl} bleven
    formula_en: cases that stayed with {level.one_en}
    unit: percent
    direction: higher
    population_nl: zaken met minstens één {level.known_nl}
    population_en: cases with at least one known {level.en}
    exclusions_nl: zaken zonder {level.known_nl}
    exclusions_en: cases without a known {level.en}
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: *level
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      keep:
        - {nl: "zaken met minstens één {level.known_nl}", en: "cases with at least one known {level.en}", sql: handoffs is not null}
      show: [handoffs, ping_pongs]
      value: handoffs = 0
  handoffs.{level}.ping_pong:
    name_nl: Zaken met pingpong ({level.nl})
    name_en: Cases with ping-pong ({level.en})
    formula_nl: zaken die terugkwamen bij {level.same_nl} dat of die ze net had doorgegeven
    formula_en: cases that returned to the {level.en} that had just passed them on
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen; zonder {level.known_nl} telt als geen pingpong
    exclusions_en: none; without a known {level.en} counts as no ping-pong
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: *level
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      show: [handoffs, ping_pongs]
      value: coalesce(ping_pongs > 0, false)
  handoffs.{level}.ping_pongs_per_case:
    name_nl: Pingpong per zaak ({level.nl})
    name_en: Ping-pong per case ({level.en})
    formula_nl: aantal keren terug bij {level.same_nl} als net daarvoor, gedeeld door alle zaken
    formula_en: returns to the previous {level.en}, divided by all cases
    unit: per_case
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: *level
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      show: [handoffs, ping_pongs]
      value: coalesce(ping_pongs, 0)
  handoffs.{level}.return_later:
    name_nl: Zaken die later terugkomen ({level.nl})
    name_en: Cases that return later ({level.en})
    formula_nl: zaken waarin {level.same_nl} het werk twee of meer keer had, met anderen ertussen
    formula_en: cases in which the same {level.en} had the work twice or more, with others between
    unit: percent
    direction: lower
    population_nl: alle zaken
    population_en: all cases
    exclusions_nl: geen
    exclusions_en: none
    source: runs of equal units, missing units skipped; bupaR resource handover
    parameters: *level
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      show: [handoffs, has_return]
      value: coalesce(has_return, false)
  handoffs.{level}.lower_bound:
    name_nl: Zaken waarvan overdrachten een ondergrens zijn ({level.nl})
    name_en: Cases whose handoffs are a lower bound ({level.en})
    formula_nl: >-
      zaken waarvan de behandelaars bekend zijn uit rollen zonder audittrail; wat tussen twee opnamen
      wisselde is niet gezien
    formula_en: >-
      cases whose handlers are known from roles without an audit trail; what changed between two
      snapshots was not seen
    unit: percent
    direction: none
    population_nl: zaken met minstens één {level.known_nl}
    population_en: cases with at least one known {level.en}
    exclusions_nl: zaken zonder {level.known_nl}
    exclusions_en: cases without a known {level.en}
    source: provenance of each role, as core.role_intervals has it
    parameters: *level
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      keep:
        - {nl: "zaken met minstens één {level.known_nl}", en: "cases with at least one known {level.en}", sql: handoffs is not null}
      show: [handoffs, is_lower_bound]
      value: is_lower_bound
  handlers.{level}.per_known_case:
    name_nl: Behandelaars per zaak ({level.nl})
    name_en: Handlers per case ({level.en})
    formula_nl: hoeveel verschillende behandelaars van het niveau ({level.nl}) de zaak hadden, gedeeld door het aantal zaken
    formula_en: how many different handlers of the level ({level.en}) had the case, divided by cases
    unit: per_case
    direction: lower
    population_nl: zaken met minstens één {level.known_nl}
    population_en: cases with at least one known {level.en}
    exclusions_nl: zaken zonder {level.known_nl}
    exclusions_en: cases without a known {level.en}
    source: bupaR number of resources per case
    parameters: *level
    settings: *settings
    needs: *needs
    level: "{level}"
    rows:
      facts: core.case_handoffs
      where: "level = '{level}'"
      keep:
        - {nl: "zaken met minstens één {level.known_nl}", en: "cases with at least one known {level.en}", sql: handoffs is not null}
      show: [units]
      value: units
*/
with totals as (
  select
    h.level,
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    count(*) as cases,
    count(h.handoffs) as known,
    cast(coalesce(sum(h.handoffs), 0) as bigint) as handoffs,
    cast(coalesce(sum(h.handoffs * h.handoffs), 0) as bigint) as squares,
    cast(coalesce(sum(h.ping_pongs), 0) as bigint) as ping_pongs,
    count(*) filter (where h.handoffs = 0) as without,
    count(*) filter (where h.ping_pongs > 0) as with_ping_pong,
    count(*) filter (where h.has_return) as with_return,
    count(*) filter (where h.is_lower_bound) as lower_bounds,
    cast(coalesce(sum(h.units), 0) as bigint) as units
  from core.case_handoffs as h
  inner join core.case_slices as s on s.case_key = h.case_key
  group by h.level, s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
long as (
  select *, 'handoffs' as kpi, 'per_known_case' as statistic, known as n, handoffs as hits from totals
  union all
  select *, 'handoffs', 'per_case', cases, handoffs from totals
  union all
  select *, 'handoffs', 'ping_pongs_per_case', cases, ping_pongs from totals
  union all
  select *, 'handoffs', 'none', known, without from totals
  union all
  select *, 'handoffs', 'ping_pong', cases, with_ping_pong from totals
  union all
  select *, 'handoffs', 'return_later', cases, with_return from totals
  union all
  select *, 'handoffs', 'lower_bound', known, lower_bounds from totals
  union all
  select *, 'handlers', 'per_known_case', known, units from totals
),
spread as (
  select
    *,
    case
      when kpi = 'handoffs' and statistic = 'per_known_case' and known > 1
        then sqrt((squares - cast(handoffs as double) * handoffs / known) / (known - 1) / known)
    end as standard_error
  from long
)
select
  kpi || '.' || level || '.' || statistic as definition,
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  n,
  cast(hits as double) as numerator,
  cast(n as double) as denominator,
  cast(null as double) as value,
  case
    when standard_error is not null
      then greatest(1.0 * hits / n - 1.959963984540054 * standard_error, 0)
  end as lower,
  1.0 * hits / nullif(n, 0) + 1.959963984540054 * standard_error as upper
from spread
