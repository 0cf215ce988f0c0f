/*
meaning: The improvement register as configured; no verdicts.
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
tests:
  - unique: [improvement]
*/
select improvement, journey, name_nl, name_en, went_live_on, owner, cost_eur, expected
from config.improvements
order by position
