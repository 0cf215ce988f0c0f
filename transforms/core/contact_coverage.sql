/*
meaning: Whether readings that need to know the resident can be compared with the period before, per slice of contacts.
columns:
  journey: Journey, or all.
  segment_kind: Kind of segment.
  segment: All, or the segment.
  period_kind: Month or week.
  period: The period.
  coverage: Share of the contacts whose resident is known. [percent]
  moved: By how much it differs from the period before, null for the first. [points]
  is_comparable: False where coverage is under 80 percent and moved more than 5 points.
tests:
  - unique: [journey, segment_kind, segment, period_kind, period]
  - not_null: [journey, segment_kind, segment, period_kind, period, is_comparable]
*/
with grouped as (
  select g.group_key, count(*) as contacts, count(c.client) as identified
  from core.contacts as c
  inner join core.contact_groups as g on g.contact_key = c.contact_key
  where c.is_inbound and not c.is_follow_up and c.kind is null
  group by g.group_key
),
sliced as (
  select
    s.journey,
    s.segment_kind,
    s.segment,
    s.period_kind,
    s.period,
    100.0 * sum(g.identified) / sum(g.contacts) as coverage
  from grouped as g
  inner join core.contact_slices as s on s.group_key = g.group_key
  where s.period_kind <> 'all'
  group by s.journey, s.segment_kind, s.segment, s.period_kind, s.period
),
compared as (
  select
    *,
    coverage - lag(coverage) over (
      partition by journey, segment_kind, segment, period_kind order by period
    ) as moved
  from sliced
)
select
  journey,
  segment_kind,
  segment,
  period_kind,
  period,
  coverage,
  moved,
  not coalesce(coverage < 80 and abs(moved) > 5, false) as is_comparable
from compared
