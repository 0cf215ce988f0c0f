/*
meaning: Statistics that the owner of a log prints in its header differ from those of what was read.
table: core.owner_comparisons
mend: Look whether the file is whole and is the one that its owner described; ask the owner for it anew.
*/
with shares as (
  select source, count(*) filter (where not agrees) as differing, count(*) as printed
  from core.owner_comparisons
  group by source
)
select o.source, o.statistic, o.printed, o.recomputed
from core.owner_comparisons as o
inner join shares as s on s.source = o.source
cross join (select * from config.checks where check_name = 'owner_statistics') as k
where not o.agrees and s.differing >= k.at_least and s.differing > k.threshold * s.printed
order by o.source, o.statistic
