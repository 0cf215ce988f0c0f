/*
meaning: One row per case and level, with its handoffs; null counts where no unit is known, or where the source tells one unit a case.
columns:
  case_key: The case.
  level: Person, team or organisation.
  handoffs: Stretches minus one. [count]
  ping_pongs: Stretches whose unit is that of two stretches before. [count]
  has_return: Whether some unit has two or more stretches.
  units: Different units that had the case. [count]
  waited_us: Time that the case lay between units, over all its handoffs. [microseconds]
  is_lower_bound: Whether changes of hands may have gone unseen.
tests:
  - unique: [case_key, level]
  - not_null: [case_key, level]
*/
with counted as (
  select
    case_key,
    level,
    count(*) - 1 as handoffs,
    count(*) filter (where is_ping_pong) as ping_pongs,
    count(distinct unit_key) as units,
    cast(coalesce(sum(waited_us), 0) as bigint) as waited_us,
    bool_or(is_lower_bound) as is_lower_bound
  from core.assignments
  group by case_key, level
),
levels as (
  select distinct level from core.units
)
select
  c.case_key,
  l.level,
  n.handoffs,
  n.ping_pongs,
  n.handoffs >= n.units as has_return,
  n.units,
  n.waited_us,
  n.is_lower_bound
from core.cases as c
inner join config.sources as s on s.source = c.source
cross join levels as l
left join counted as n on n.case_key = c.case_key and n.level = l.level and s.has_handoffs
