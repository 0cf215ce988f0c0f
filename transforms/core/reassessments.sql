/*
meaning: One row per closed case of a lifelong need whose resident is known, with whether the resident applied for the same again.
columns:
  case_key: The closed case.
  client: Pseudonym of the resident.
  watched_until_on: Last day on which a new case counts as a reassessment. [date]
  is_watched: Whether that day has passed at the cut-off, so that its absence says something.
  is_reassessed: Whether the resident began a new case of the same type by then.
tests:
  - unique: [case_key]
  - not_null: [case_key, client, watched_until_on, is_watched, is_reassessed]
*/
with lifelong as (
  select
    c.case_key,
    c.client,
    c.journey,
    c.case_type,
    c.opened_at,
    c.opened_on,
    c.closed_at,
    c.cutoff_on,
    cast(c.closed_on + j.reassessed_within_months * interval 1 month as date) as watched_until_on
  from core.cases as c
  inner join config.journeys as j on j.journey = c.journey
  left join config.lifelong_case_types as t on t.case_type = c.case_type
  where c.client is not null and (j.is_lifelong or t.case_type is not null)
)
select
  l.case_key,
  l.client,
  l.watched_until_on,
  l.watched_until_on < l.cutoff_on as is_watched,
  exists (
    select 1 from lifelong as n
    where n.client = l.client and n.journey = l.journey and n.case_key <> l.case_key
      and n.case_type is not distinct from l.case_type
      and n.opened_at >= l.closed_at and n.opened_on <= l.watched_until_on
  ) as is_reassessed
from lifelong as l
where l.closed_at is not null
