/*
meaning: Each statistic that the owner of a log printed in its header, beside the same statistic of what was read.
columns:
  source: Source.
  statistic: Name of the statistic in the header.
  printed: As printed.
  recomputed: Of what was read; instants as seconds since 1970. [number]
  agrees: Whether they differ by no more than rounding, null where that cannot be told.
tests:
  - not_null: [source, statistic]
*/
select
  o.source,
  o.statistic,
  o.value as printed,
  s.value as recomputed,
  case
    when try_cast(o.value as double) is not null
      then abs(try_cast(o.value as double) - s.value) <= 0.0011
    else abs(epoch_us(try_cast(o.value as timestamptz)) / 1000000.0 - s.value) < 0.001
  end as agrees
from raw.owner_statistics as o
inner join core.log_statistics as s on s.source = o.source and s.statistic = o.statistic
where o.source in (select source from config.sources)
