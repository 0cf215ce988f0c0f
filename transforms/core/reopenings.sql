/*
meaning: One row per case that has been closed at some time, with whether it went on after that.
columns:
  case_key: The case.
  is_reopened: Whether it was opened again - by an activity that the configuration lists for it, else by any other activity after one that ends a case; in a case system by a later status that is no end, or an end date taken back. Null where nothing marks an end.
  has_later_event: Whether an event lies on a later day than the end; null where the last event is the end.
tests:
  - unique: [case_key]
  - not_null: [case_key]
*/
with end_statuses as (
  select distinct t.source, z.identificatie as case_type, t.omschrijving as activity
  from raw.zgw_statustypen as t
  inner join raw.zgw_zaaktypen as z on z.source = t.source and z.zaaktype = t.zaaktype
  where t.is_eindstatus
),
marked as (
  select
    c.case_key,
    c.journey,
    c.source,
    c.case_type,
    o.kind = 'zgw' as is_zgw,
    exists (select 1 from config.reopening_activities as r where r.journey = c.journey) as is_told
  from core.cases as c
  inner join config.sources as o on o.source = c.source
  inner join config.journeys as j on j.journey = c.journey
  where o.kind = 'zgw' or j.has_end_activities
    or exists (select 1 from config.reopening_activities as r where r.journey = c.journey)
),
judged as (
  select
    m.case_key,
    m.is_told,
    s.position,
    case when m.is_zgw then z.activity is not null else e.activity is not null end as is_end,
    r.activity is not null as is_reopening
  from marked as m
  inner join core.steps as s on s.case_key = m.case_key
  inner join core.activities as a on a.activity_key = s.activity_key
  left join config.end_activities as e on e.journey = m.journey and e.activity = a.activity
  left join config.reopening_activities as r on r.journey = m.journey and r.activity = a.activity
  left join end_statuses as z
    on z.source = m.source and z.case_type = m.case_type and z.activity = a.activity
),
told as (
  select
    case_key,
    min(case when is_end then position end) as first_end,
    case
      when bool_or(is_told) then bool_or(is_reopening)
      else coalesce(
        max(case when not is_end then position end) > min(case when is_end then position end), false
      )
    end as is_reopened
  from judged
  group by case_key
),
taken_back as (
  select distinct source, zaak as case_id
  from (
    select
      source,
      zaak,
      einddatum is null
        and lag(einddatum) over (partition by source, zaak order by observed_from) is not null
        as is_back
    from raw.zgw_zaken
  ) as seen
  where is_back
)
select
  c.case_key,
  case when m.case_key is not null then coalesce(t.is_reopened, false) or b.case_id is not null end
    as is_reopened,
  case
    when c.closed_on is not null and c.end_basis <> 'last event'
      then coalesce(cast(timezone('Europe/Amsterdam', c.last_event_at) as date) > c.closed_on, false)
  end as has_later_event
from core.cases as c
left join marked as m on m.case_key = c.case_key
left join told as t on t.case_key = c.case_key
left join taken_back as b on b.source = c.source and b.case_id = c.case_id
where c.closed_at is not null or t.first_end is not null or t.is_reopened or b.case_id is not null
