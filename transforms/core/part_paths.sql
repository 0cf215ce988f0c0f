/*
meaning: How many cases of each part of the log follow each path.
columns:
  journey: Journey.
  part_kind: Year, channel, target_group, case_type, before or after.
  part: The part.
  path_key: The path.
  cases: Cases of the part that follow it. [count]
tests:
  - unique: [journey, part_kind, part, path_key]
  - not_null: [journey, part_kind, part, path_key, cases]
*/
select c.journey, c.part_kind, c.part, p.path_key, count(*) as cases
from core.case_parts as c
inner join core.case_paths as p on p.case_key = c.case_key
group by c.journey, c.part_kind, c.part, p.path_key
