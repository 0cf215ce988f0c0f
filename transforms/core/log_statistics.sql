/*
meaning: The statistics that the owner of an event log may print in its header, recomputed; a missing attribute counts as one value, as the owners count it.
columns:
  source: Source.
  statistic: Name of the statistic in the header.
  value: Recomputed value; instants as seconds since 1970. [number]
tests:
  - unique: [source, statistic]
*/
with per_case as (
  select
    source,
    case_id,
    count(*) as events,
    count(distinct activity) as names,
    count(distinct coalesce(actor, '-')) as resources,
    count(distinct coalesce(team, '-')) as groups,
    count(distinct coalesce(lifecycle, '-')) as transitions,
    (epoch_us(max(occurred_at)) - epoch_us(min(occurred_at))) / 1000000.0 as duration_s,
    string_agg(activity || coalesce(lifecycle, ''), '>' order by occurred_at, sequence) as by_activity,
    string_agg(coalesce(actor, '-'), '>' order by occurred_at, sequence) as by_resource,
    string_agg(coalesce(team, '-'), '>' order by occurred_at, sequence) as by_group
  from raw.events
  where source in (select o.source from raw.owner_statistics as o)
  group by source, case_id
),
per_log as (
  select
    source,
    count(distinct activity) as names,
    count(distinct coalesce(actor, '-')) as resources,
    count(distinct coalesce(team, '-')) as groups,
    count(distinct coalesce(lifecycle, '-')) as transitions,
    epoch_us(min(occurred_at)) / 1000000.0 as started_s,
    epoch_us(max(occurred_at)) / 1000000.0 as ended_s
  from raw.events
  where source in (select o.source from raw.owner_statistics as o)
  group by source
),
measured as (
  select source, 'meta_general:events' as subject, cast(events as double) as x from per_case
  union all
  select source, 'meta_concept:different_names', names from per_case
  union all
  select source, 'meta_org:different_resources', resources from per_case
  union all
  select source, 'meta_org:different_groups', groups from per_case
  union all
  select source, 'meta_org:different_roles', 1 from per_case
  union all
  select source, 'meta_life:different_transitions', transitions from per_case
  union all
  select source, 'meta_time:duration', duration_s from per_case
),
spread as (
  select source, subject, avg(x) as average, stddev_samp(x) as deviation, min(x) as least,
    max(x) as most, sum(x) as total
  from measured
  group by source, subject
)
select source, subject || '_average' as statistic, average as value from spread
union all
select source, subject || '_standard_deviation', deviation from spread
union all
select source, subject || '_min', least from spread
union all
select source, subject || '_max', most from spread
union all
select source, subject || '_total', total from spread
where subject in ('meta_general:events', 'meta_time:duration')
union all
select source, 'meta_concept:different_names_total', names from per_log
union all
select source, 'meta_org:different_resources_total', resources from per_log
union all
select source, 'meta_org:different_groups_total', groups from per_log
union all
select source, 'meta_org:different_roles_total', 1 from per_log
union all
select source, 'meta_life:different_transitions_total', transitions from per_log
union all
select source, 'meta_time:log_start_time', started_s from per_log
union all
select source, 'meta_time:log_end_time', ended_s from per_log
union all
select source, 'meta_time:log_duration', ended_s - started_s from per_log
union all
select source, 'meta_general:traces_total', count(*) from per_case group by source
union all
select source, 'variants.activity', count(distinct by_activity) from per_case group by source
union all
select source, 'variants.resource', count(distinct by_resource) from per_case group by source
union all
select source, 'variants.group', count(distinct by_group) from per_case group by source
