/*
meaning: The registered roles of cases by level, for assignments and handoffs.
columns:
  case_key: The case.
  level: Person, team or organisation.
  unit_name: Pseudonym of the person, or name of the team or organisation.
  started_at: Start of the role. [UTC instant]
  ended_at: End of the role, null while it holds. [UTC instant]
  provenance: How it is known - audit, rol, rol_geldigheid, notification or snapshot.
  time_quality: Exact, day, or interval.
tests:
  - not_null: [case_key, level, unit_name, started_at]
*/
select
  c.case_key,
  case r.unit_kind
    when 'organisatorische_eenheid' then 'team'
    when 'medewerker' then 'person'
    when 'natuurlijk_persoon' then 'person'
    else 'organisation'
  end as level,
  r.unit_name,
  r.started_at,
  r.ended_at,
  r.provenance,
  r.time_quality
from core.role_intervals as r
inner join core.cases as c on c.source = r.source and c.case_id = r.case_id
