/*
meaning: Every variant - an exact sequence of activities - with how many cases follow it.
public: true
columns:
  journey: Journey.
  variant: Rank by number of cases, 1 for the most frequent.
  path: Names of the activities in order, as a JSON list.
  events: Length of the sequence. [count]
  cases: Cases that follow it. [count]
  share: Share of all cases of the journey. [percent]
  median_throughput_days: Median time from first to last event. [days]
  mean_handoffs: Mean handoffs between teams, null when no team is known. [count]
  closed_cases: Closed cases that follow it. [count]
  median_lead_time_days: Median lead time of those, negative ones left out. [days]
  due_cases: Cases whose registered end, rolled, has passed at the cut-off. [count]
  on_time_cases: Those of them that ended by then. [count]
  on_time_share: Share of the due cases that were on time, as on_time.due.rolled reads it. [percent]
  first_started_on: Earliest start. [date]
  last_started_on: Latest start. [date]
tests:
  - unique: [journey, variant]
  - unique: [journey, path]
  - assert:
      name: every_case_counted
      rows: >-
        select * from (select (select coalesce(sum(cases), 0) from mart.process_variants) as counted,
        (select count(*) from core.cases where event_count > 0) as cases) as c
        where counted <> cases
*/
with named as (
  select
    p.journey,
    p.path_key,
    count(*) as events,
    '[' || string_agg(cast(to_json(a.activity) as varchar), ', ' order by p.position) || ']' as path
  from core.path_steps as p
  inner join core.activities as a on a.activity_key = p.activity_key
  group by p.journey, p.path_key
),
measured as (
  select
    p.journey,
    p.path_key,
    count(*) as cases,
    percentile_cont(0.5) within group (order by c.throughput_us) / 86400000000.0
      as median_throughput_days,
    cast(sum(h.handoffs) as double) / count(h.handoffs) as mean_handoffs,
    count(c.closed_at) as closed_cases,
    percentile_cont(0.5) within group (order by case when c.lead_time_us >= 0 then c.lead_time_us end)
      / 86400000000.0 as median_lead_time_days,
    count(*) filter (where c.legal_end_rolled_on < c.cutoff_on) as due_cases,
    count(*) filter (where c.legal_end_rolled_on < c.cutoff_on
      and c.closed_on <= c.legal_end_rolled_on) as on_time_cases,
    min(c.opened_on) as first_started_on,
    max(c.opened_on) as last_started_on
  from core.case_paths as p
  inner join core.cases as c on c.case_key = p.case_key
  left join core.case_handoffs as h on h.case_key = p.case_key and h.level = 'team'
  group by p.journey, p.path_key
)
select
  m.journey,
  row_number() over (partition by m.journey order by m.cases desc, n.path) as variant,
  n.path,
  n.events,
  m.cases,
  100.0 * m.cases / sum(m.cases) over (partition by m.journey) as share,
  m.median_throughput_days,
  m.mean_handoffs,
  m.closed_cases,
  m.median_lead_time_days,
  m.due_cases,
  m.on_time_cases,
  case when m.due_cases > 0 then 100.0 * m.on_time_cases / m.due_cases end as on_time_share,
  m.first_started_on,
  m.last_started_on
from measured as m
inner join named as n on n.journey = m.journey and n.path_key = m.path_key
order by m.journey, variant
