/*
meaning: A word of the configuration is no longer found, though it came often until four weeks ago, while words came up that the configuration does not know.
table: core.contacts
mend: Look which new name the source gives to it, and add that name beside the old one.
*/
with seen as (
  select
    c.source,
    'activity' as kind,
    c.journey as place,
    e.activity as word,
    p.activity is not null or n.activity is not null or g.activity is not null as is_mapped,
    e.occurred_at as at
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  left join (select distinct journey, activity from config.phase_activities) as p
    on p.journey = c.journey and p.activity = e.activity
  left join (select distinct journey, activity from config.end_activities) as n
    on n.journey = c.journey and n.activity = e.activity
  left join (select distinct journey, activity from config.suspending) as g
    on g.journey = c.journey and g.activity = e.activity
  union all
  select c.source, 'team of a partner', 'all', e.team, p.team is not null, e.occurred_at
  from core.events as e
  inner join core.cases as c on c.case_key = e.case_key
  left join (select distinct team from config.partner_teams) as p on p.team = e.team
  where e.team is not null
  union all
  select c.source, 'topic', 'all', c.topic, t.topic is not null, c.contacted_at
  from core.contacts as c
  left join (select distinct topic from config.topics) as t on t.topic = c.topic
  where c.topic is not null
  union all
  select c.source, 'result', 'all', lower(trim(c.result)), r.result is not null, c.contacted_at
  from core.contacts as c
  left join config.resolved_results as r
    on r.source = c.source and r.result = lower(trim(c.result))
  where c.result is not null
),
words as (
  select
    s.source,
    s.kind,
    s.place,
    s.word,
    s.is_mapped,
    count(*) filter (where s.at >= o.cutoff_at - interval 28 day) as now,
    count(*) filter (where s.at < o.cutoff_at - interval 28 day
      and s.at >= o.cutoff_at - interval 196 day) / 6.0 as usual,
    min(s.at) >= o.cutoff_at - interval 28 day as is_new
  from seen as s
  inner join core.sources as o on o.source = s.source
  where s.at < o.cutoff_at
  group by s.source, s.kind, s.place, s.word, s.is_mapped, o.cutoff_at
),
arrivals as (
  select source, kind, place, count(*) as new_words, sum(now) as new_rows
  from words
  where is_new and not is_mapped
  group by source, kind, place
)
select
  w.source,
  w.kind,
  w.place,
  w.word,
  round(w.usual, 1) as usual_in_four_weeks,
  a.new_words,
  a.new_rows
from words as w
inner join arrivals as a on a.source = w.source and a.kind = w.kind and a.place = w.place
cross join (select * from config.checks where check_name = 'mapping') as k
where w.is_mapped and w.now = 0 and w.usual >= k.at_least
  and a.new_rows >= k.threshold * w.usual
order by w.source, w.kind, w.place, w.word
