/*
meaning: The norms of each journey - its own, and for other definitions those of its service formula.
public: true
columns:
  journey: Journey.
  definition: Definition that the norm is about.
  at_most: Highest value that meets it.
  at_least: Lowest value that meets it.
  basis: Where the norm comes from.
tests:
  - unique: [journey, definition]
*/
select j.journey, n.definition, n.at_most, n.at_least, n.basis
from config.norms as n
inner join config.journeys as j on j.journey = n.journey
union all
select j.journey, n.definition, n.at_most, n.at_least, n.basis
from config.norms as n
inner join config.journeys as j on j.service_formula = n.service_formula
where not exists (
  select 1 from config.norms as o where o.journey = j.journey and o.definition = n.definition
)
order by journey, definition
