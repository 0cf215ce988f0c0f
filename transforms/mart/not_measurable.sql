/*
meaning: What cannot be measured of a journey, and why. Such a definition has no figure, which is not the same as zero.
public: true
columns:
  kpi: The KPI.
  definition: Identifier of the definition; null where no source can tell and so there is none.
  journey: Journey.
  reason: Code of what is lacking, such as no_starts; the catalogues have the words.
tests:
  - unique: [kpi, definition, journey, reason]
  - not_null: [kpi, journey, reason]
*/
select d.kpi, d.definition, l.journey, 'no_' || l.need as reason
from config.definition_needs as n
inner join config.definitions as d on d.definition = n.definition
inner join core.lacks as l on l.need = n.need
where l.segment = 'all'
union all
select 'transfers', null, journey, 'no_transfers' from config.journeys
order by kpi, definition, journey, reason
