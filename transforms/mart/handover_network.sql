/*
meaning: Who passes work to whom - handoffs between teams and between organisations, never persons.
public: true
columns:
  journey: Journey.
  level: Team or organisation.
  from_unit: The one that had the case.
  to_unit: The one that got it.
  from_is_partner: Whether the first is a chain partner.
  to_is_partner: Whether the second is a chain partner.
  handoffs: Times that a case passed. [count]
  cases: Cases in which it did. [count]
  ping_pongs: Those in which the case went back to the unit that had sent it. [count]
  median_days: Median time that it lay between the two. [days]
  total_days: Days that all cases together lay between the two. [days]
  is_lower_bound: Whether changes of hands may have gone unseen.
tests:
  - unique: [journey, level, from_unit, to_unit]
  - not_null: [journey, level, from_unit, to_unit, handoffs, cases, ping_pongs]
  - assert:
      name: every_handoff_counted
      rows: >-
        select * from (select (select coalesce(sum(handoffs), 0) from mart.handover_network) as counted,
        (select count(*) from core.assignments where is_handoff and level in ('team', 'organisation'))
        as handoffs) as c where counted <> handoffs
*/
with partners as (
  select u.level, u.unit_key, max(case
    when u.level = 'organisation' and m.has_partners and u.unit <> 'own' then 1
    when u.level = 'team' and p.team is not null then 1
    else 0
  end) = 1 as is_partner
  from core.units as u
  cross join config.municipality as m
  left join config.partner_teams as p on p.team = u.unit
  where u.level in ('team', 'organisation')
  group by u.level, u.unit_key
),
passed as (
  select
    c.journey,
    a.level,
    a.from_unit_key,
    a.unit_key,
    count(*) as handoffs,
    count(distinct a.case_key) as cases,
    count(*) filter (where a.is_ping_pong) as ping_pongs,
    percentile_cont(0.5) within group (order by a.waited_us) as median_us,
    sum(cast(a.waited_us as hugeint)) as total_us,
    bool_or(a.is_lower_bound) as is_lower_bound
  from core.assignments as a
  inner join core.cases as c on c.case_key = a.case_key
  where a.is_handoff and a.level in ('team', 'organisation')
  group by c.journey, a.level, a.from_unit_key, a.unit_key
)
select
  p.journey,
  p.level,
  f.unit as from_unit,
  t.unit as to_unit,
  fp.is_partner as from_is_partner,
  tp.is_partner as to_is_partner,
  p.handoffs,
  p.cases,
  p.ping_pongs,
  p.median_us / 86400000000.0 as median_days,
  cast(p.total_us as double) / 86400000000.0 as total_days,
  p.is_lower_bound
from passed as p
inner join core.units as f on f.level = p.level and f.unit_key = p.from_unit_key
inner join core.units as t on t.level = p.level and t.unit_key = p.unit_key
inner join partners as fp on fp.level = p.level and fp.unit_key = p.from_unit_key
inner join partners as tp on tp.level = p.level and tp.unit_key = p.unit_key
order by p.journey, p.level, p.handoffs desc, f.unit, t.unit
