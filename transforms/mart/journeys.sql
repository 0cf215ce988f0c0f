/*
meaning: One row per journey, with its size and the basis of its dates.
public: true
columns:
  journey: Identifier.
  name_nl: Dutch name.
  name_en: English name.
  service_formula: Identifier of its service formula.
  formula_nl: Dutch name of the service formula.
  formula_en: English name of the service formula.
  cases: Cases seen. [count]
  open_cases: Cases without an end. [count]
  first_started_on: Earliest start. [date]
  cutoff_at: Earliest cut-off among its sources. [UTC instant]
  cutoff_basis: Configured, or latest event.
  term_weeks: Configured term. [weeks]
  legal_basis: Legal basis of the term.
  end_basis: Where the end of a case comes from.
tests:
  - unique: [journey]
*/
with counted as (
  select
    c.journey,
    count(*) as cases,
    count(*) filter (where c.closed_at is null) as open_cases,
    min(c.opened_on) as first_started_on,
    min(c.cutoff_at) as cutoff_at,
    min(s.cutoff_basis) as cutoff_basis,
    min(c.end_basis) as end_basis
  from core.cases as c
  inner join core.sources as s on s.source = c.source
  group by c.journey
)
select
  j.journey,
  j.name_nl,
  j.name_en,
  j.service_formula,
  f.name_nl as formula_nl,
  f.name_en as formula_en,
  coalesce(c.cases, 0) as cases,
  coalesce(c.open_cases, 0) as open_cases,
  c.first_started_on,
  c.cutoff_at,
  c.cutoff_basis,
  j.term_weeks,
  j.legal_basis,
  c.end_basis
from config.journeys as j
inner join config.service_formulas as f on f.service_formula = j.service_formula
left join counted as c on c.journey = j.journey
order by j.position
