/*
meaning: The phases of the klantreis method that the work on a journey went or will go through, in order.
public: true
columns:
  journey: Journey.
  phase: Define, discover, design or deliver.
  started_on: First day; a day to come is a plan. [date]
tests:
  - unique: [journey, phase]
  - not_null: [journey, phase, started_on]
*/
select journey, phase, started_on
from config.method_phases
order by journey, position
