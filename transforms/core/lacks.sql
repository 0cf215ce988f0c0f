/*
meaning: What the data of a journey, or of all journeys of a service formula, do not have, as far as some definition needs it. No figure is given for a definition that lacks something.
columns:
  journey: Journey; all for a service formula.
  segment: All, or the service formula.
  need: What is lacking, as definitions name it.
tests:
  - unique: [journey, segment, need]
  - not_null: [journey, segment, need]
*/
with known as (
  select distinct c.journey, 'starts' as need
  from core.activity_instances as i
  inner join core.cases as c on c.case_key = i.case_key
  where i.is_matched
  union
  select c.journey,
    case h.level when 'person' then 'persons' when 'team' then 'teams' else 'partners' end
  from core.case_handoffs as h
  inner join core.cases as c on c.case_key = h.case_key
  where h.handoffs is not null
  group by c.journey, h.level
  union
  select journey, 'clients' from core.cases where client is not null group by journey
  union
  select journey, 'promised_dates' from core.cases where planned_end_on is not null group by journey
  union
  select journey, 'due_dates' from core.cases
  where legal_end_on is not null or statutory_end_on is not null group by journey
  union
  select journey, 'known_ends' from core.cases
  where end_basis <> 'last event' and closed_on is not null group by journey
  union
  select c.journey, 'end_marks'
  from core.reopenings as r
  inner join core.cases as c on c.case_key = r.case_key
  where r.is_reopened is not null
  group by c.journey
  union
  select journey, 'lifelong_needs' from config.journeys where is_lifelong
  union
  select journey, 'lifelong_needs' from config.lifelong_case_types
  union
  select c.journey, 'suspensions_known'
  from core.case_times as t
  inner join core.cases as c on c.case_key = t.case_key
  where t.is_suspension_known
  group by c.journey
  union
  select journey, 'notices_of_default' from config.journeys where knows_notices
  union
  select journey, 'contact_clients' from core.contacts
  where journey is not null and client is not null group by journey
  union
  select journey, 'contact_teams' from core.contacts
  where journey is not null and client is not null and team is not null group by journey
  union
  select journey, 'contact_persons' from core.contacts
  where journey is not null and client is not null and actor is not null group by journey
),
needs as (
  select distinct need from config.definition_needs
),
segments as (
  select journey, 'all' as segment, journey as member from config.journeys
  union all
  select 'all', service_formula, journey from config.journeys
)
select s.journey, s.segment, n.need
from segments as s
cross join needs as n
left join known as k on k.journey = s.member and k.need = n.need
group by s.journey, s.segment, n.need
having count(k.need) = 0
