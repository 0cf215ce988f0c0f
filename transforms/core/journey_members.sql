/*
meaning: Which items make one journey of one resident, and by which rule each came in. A contact goes with the case that it is about, or with the contact that it follows up; cases go with their parent and related cases; what is left goes together where the same resident has the same journey and nothing lies more than the gap of that journey apart.
columns:
  journey_key: Number of the journey, that of its first item.
  item_key: The item.
  kind: Case or contact.
  case_key: The case, or the case that the contact is about.
  contact_key: The contact, null for a case.
  rule: Why it belongs - linked, follow_up, related, same_resident, or first where it began the journey.
tests:
  - unique: [item_key]
  - not_null: [journey_key, item_key, kind, rule]
  - assert:
      name: a_journey_begins_with_its_first_item
      rows: select * from core.journey_members where journey_key > item_key
  - assert:
      name: every_case_is_in_one_journey
      rows: >-
        select c.case_key from core.cases as c where c.case_key not in
        (select m.case_key from core.journey_members as m where m.kind = 'case')
*/
with recursive free as (
  select
    i.item_key,
    i.client,
    i.journey,
    i.started_at,
    j.gap_days,
    max(i.until_at) over (
      partition by i.client, i.journey order by i.item_key
      rows between unbounded preceding and 1 preceding
    ) as reached_at
  from core.journey_items as i
  inner join config.journeys as j on j.journey = i.journey
  where i.client is not null and i.followed_key is null
    and (i.kind = 'case' or i.case_key is null)
),
sessions as (
  select
    item_key,
    client,
    journey,
    sum(
      case when started_at <= reached_at + gap_days * interval 1 day then 0 else 1 end
    ) over (partition by client, journey order by item_key) as session
  from free
),
grouped as (
  select item_key, min(item_key) over (partition by client, journey, session) as group_key
  from sessions
  union all
  select item_key, item_key
  from core.journey_items
  where kind = 'case' and client is null
),
of_cases as (
  select i.case_key, g.group_key
  from core.journey_items as i
  inner join grouped as g on g.item_key = i.item_key
  where i.kind = 'case'
),
of_contacts as (
  select i.contact_key, coalesce(c.group_key, g.group_key, i.item_key) as group_key
  from core.journey_items as i
  left join of_cases as c on c.case_key = i.case_key
  left join grouped as g on g.item_key = i.item_key
  where i.kind = 'contact' and i.followed_key is null
),
ruled as (
  select i.item_key, i.kind, i.case_key, i.contact_key, c.group_key, 'linked' as rule
  from core.journey_items as i
  inner join of_cases as c on c.case_key = i.case_key
  where i.kind = 'contact'
  union all
  select i.item_key, i.kind, i.case_key, i.contact_key, coalesce(f.group_key, i.item_key), 'follow_up'
  from core.journey_items as i
  left join of_contacts as f on f.contact_key = i.followed_key
  where i.kind = 'contact' and i.case_key is null and i.followed_key is not null
  union all
  select i.item_key, i.kind, i.case_key, i.contact_key, g.group_key, 'same_resident'
  from core.journey_items as i
  inner join grouped as g on g.item_key = i.item_key
),
edges as (
  select distinct a.group_key as from_key, b.group_key as to_key
  from core.case_relations as r
  inner join core.cases as x on x.source = r.source and x.case_id = r.case_id
  inner join core.cases as y on y.case_id = r.other_case_id
  inner join of_cases as a on a.case_key = x.case_key
  inner join of_cases as b on b.case_key = y.case_key
  where a.group_key <> b.group_key
),
both_ways as (
  select from_key, to_key from edges
  union
  select to_key, from_key from edges
),
reached as (
  select from_key, to_key from both_ways
  union
  select r.from_key, e.to_key
  from reached as r
  inner join both_ways as e on e.from_key = r.to_key
),
merged as (
  select from_key as group_key, least(from_key, min(to_key)) as joined_key
  from reached
  group by from_key
),
joined as (
  select
    r.item_key,
    r.kind,
    r.case_key,
    r.contact_key,
    r.rule,
    r.group_key,
    coalesce(m.joined_key, r.group_key) as joined_key
  from ruled as r
  left join merged as m on m.group_key = r.group_key
),
numbered as (
  select
    *,
    min(item_key) over (partition by joined_key) as journey_key,
    min(item_key) over (partition by group_key) as group_first_key
  from joined
)
select
  journey_key,
  item_key,
  kind,
  case_key,
  contact_key,
  case
    when item_key = journey_key then 'first'
    when item_key = group_first_key and rule = 'same_resident' then 'related'
    else rule
  end as rule
from numbered
