/*
meaning: What a source leaves empty jumped in the last seven days against the eight weeks before, as it does after an upgrade or a changed form.
table: core.contacts
mend: Ask the administrator of the source what changed in that week, and mend the mapping. If the work itself changed so, raise the limit of this check until eight weeks have passed.
*/
with spans as (
  select
    source,
    cutoff_at,
    cutoff_at - interval 7 day as week_at,
    cutoff_at - interval 63 day as first_at
  from core.sources
),
recent_events as (
  select s.source, e.occurred_at >= s.week_at as is_now, e.team, e.actor, e.phase, e.time_quality
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  inner join spans as s on s.source = c.source
  where e.occurred_at >= s.first_at and e.occurred_at < s.cutoff_at
),
recent_cases as (
  select s.source, c.opened_at >= s.week_at as is_now, c.client, c.channel, c.legal_end_at
  from core.cases as c
  inner join spans as s on s.source = c.source
  where c.opened_at >= s.first_at and c.opened_at < s.cutoff_at
),
recent_contacts as (
  select s.source, c.contacted_at >= s.week_at as is_now, c.client, c.case_id, c.journey, c.team, c.result
  from core.contacts as c
  inner join spans as s on s.source = c.source
  where c.contacted_at >= s.first_at and c.contacted_at < s.cutoff_at
),
marks as (
  select source, 'events without team' as measure, is_now, team is null as is_marked from recent_events
  union all
  select source, 'events without person', is_now, actor is null from recent_events
  union all
  select source, 'events without phase', is_now, phase is null from recent_events
  union all
  select source, 'events without exact time', is_now, time_quality <> 'exact' from recent_events
  union all
  select source, 'cases without client', is_now, client is null from recent_cases
  union all
  select source, 'cases without channel', is_now, channel is null from recent_cases
  union all
  select source, 'cases without end of term', is_now, legal_end_at is null from recent_cases
  union all
  select source, 'contacts without client', is_now, client is null from recent_contacts
  union all
  select source, 'contacts without case', is_now, case_id is null from recent_contacts
  union all
  select source, 'contacts without journey', is_now, journey is null from recent_contacts
  union all
  select source, 'contacts without team', is_now, team is null from recent_contacts
  union all
  select source, 'contacts without result', is_now, result is null from recent_contacts
),
shares as (
  select
    source,
    measure,
    count(*) filter (where is_now) as rows_now,
    count(*) filter (where not is_now) as rows_before,
    avg(case when is_marked then 1.0 else 0.0 end) filter (where is_now) as share_now,
    avg(case when is_marked then 1.0 else 0.0 end) filter (where not is_now) as share_before
  from marks
  group by source, measure
)
select s.source, s.measure, round(s.share_before, 3) as share_before, round(s.share_now, 3) as share_now,
  s.rows_before, s.rows_now
from shares as s
cross join (select * from config.checks where check_name = 'sudden_jump') as k
where s.rows_now >= k.at_least and s.rows_before >= k.at_least
  and abs(s.share_now - s.share_before) > k.threshold
order by s.source, s.measure
