/*
meaning: The improvement register as configured; the verdicts are in improvement_evidence.
public: true
columns:
  improvement: Identifier.
  journey: Journey that it changes.
  name_nl: Dutch name.
  name_en: English name.
  went_live_on: Go-live date. [date]
  owner: Team or role.
  cost_eur: Cost. [euro]
  expected: Expected effects as JSON.
  comparison: The group that it did not touch as JSON, null where none is named.
tests:
  - unique: [improvement]
*/
select improvement, journey, name_nl, name_en, went_live_on, owner, cost_eur, expected,
  comparison
from config.improvements
order by position
