/*
meaning: The parts of the log that a map can be drawn of - a year, a channel, a target group, a case type, and the two sides of an improvement.
columns:
  case_key: The case.
  journey: Journey of the case.
  part_kind: Year, channel, target_group, case_type, before or after.
  part: The year in which it started, the channel, the target group, the case type, or the improvement.
tests:
  - unique: [case_key, part_kind, part]
  - not_null: [case_key, journey, part_kind, part]
*/
select case_key, journey, 'year' as part_kind, strftime(opened_on, '%Y') as part
from core.cases
union all
select case_key, journey, 'channel', channel
from core.cases
where channel is not null
union all
select case_key, journey, 'target_group', target_group
from core.cases
where target_group is not null
union all
select case_key, journey, 'case_type', case_type
from core.cases
where case_type is not null
union all
select c.case_key, c.journey, m.side, m.comparison
from core.cases as c
inner join core.comparison_months as m
  on m.journey = c.journey and m.month = cast(date_trunc('month', c.opened_on) as date)
where m.comparison <> 'past_year'
