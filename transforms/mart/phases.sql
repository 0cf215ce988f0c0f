/*
meaning: The phases of each journey, in order.
public: true
columns:
  journey: Journey.
  phase: Identifier.
  name_nl: Dutch name.
  name_en: English name.
  position: Place in the journey.
tests:
  - unique: [journey, phase]
*/
select journey, phase, name_nl, name_en, position
from config.phases
order by journey, position
