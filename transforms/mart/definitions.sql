/*
meaning: What every figure means, and the hash of the SQL and parameters behind it.
public: true
columns:
  definition: Identifier of the definition.
  kpi: KPI that it is a reading of.
  name_nl: Dutch name.
  name_en: English name.
  formula_nl: Formula in Dutch words.
  formula_en: Formula in English words.
  unit: Unit of the value.
  direction: Which way is better - lower, higher, or none.
  population_nl: Cases that take part, in Dutch.
  population_en: Cases that take part, in English.
  exclusions_nl: What is left out, in Dutch.
  exclusions_en: What is left out, in English.
  source: Act, guide or program that the definition follows.
  is_headline: Whether it stands for its KPI where there is room for one.
  competes: The question that it is one reading of, where there are several; empty otherwise.
  counts: What n counts - cases, contacts, callbacks, journeys, residents with a closed case, or clients with a contact.
  level: Case, person, team or organisation.
  model: SQL model that computes it.
  parameters: Parameters and settings of the municipality that it depends on, as JSON.
  sql_hash: Hash of that model and all models before it.
  definition_hash: Hash of definition, SQL and parameters together.
tests:
  - unique: [definition]
  - not_null: [definition, kpi, name_nl, name_en, unit, direction, definition_hash]
  - assert:
      name: one_headline_a_kpi
      rows: select kpi, count(*) from mart.definitions where is_headline group by kpi having count(*) > 1
*/
select
  definition, kpi, name_nl, name_en, formula_nl, formula_en, unit, direction, population_nl,
  population_en, exclusions_nl, exclusions_en, source, is_headline, competes, counts, level, model, parameters,
  sql_hash, definition_hash
from config.definitions
order by definition
