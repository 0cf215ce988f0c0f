/*
meaning: One row per configured source, with the moment up to which it is complete.
columns:
  source: Identifier of the source.
  kind: Kind of connector.
  journey: Journey of all its cases; null when the case type decides.
  files: Number of files taken. [count]
  rows_read: Rows seen in those files, or records used in the latest pull. [count]
  rows_loaded: Rows that became events. [count]
  rows_quarantined: Rows set aside with a reason. [count]
  cutoff_at: Data cut-off, the moment up to which the source is complete; no event that was still to come when its file was read counts. [UTC instant]
  cutoff_basis: configured, latest pull, or latest event where the extract does not tell.
tests:
  - unique: [source]
  - not_null: [source, kind, cutoff_basis]
  - assert:
      name: rows_are_conserved
      meaning: Every row read is either an event or in quarantine.
      rows: select * from core.sources where rows_read <> rows_loaded + rows_quarantined
*/
with taken as (
  select
    source,
    count(*) as files,
    sum(rows_read) as rows_read,
    sum(rows_loaded) as rows_loaded,
    sum(rows_quarantined) as rows_quarantined
  from raw.files
  group by source
),
latest as (
  select e.source, max(e.occurred_at) as occurred_at
  from raw.events as e
  inner join raw.files as f on f.source = e.source and f.file_number = e.file_number
  where e.occurred_at <= f.loaded_at
  group by e.source
),
pulls as (
  select
    source,
    max(began_at) as began_at,
    max_by(rows_kept, began_at) as rows_kept,
    max_by(rows_refused, began_at) as rows_refused
  from raw.api_pulls
  where is_whole
  group by source
)
select
  s.source,
  s.kind,
  s.journey,
  coalesce(t.files, 0) as files,
  cast(coalesce(t.rows_read, p.rows_kept + p.rows_refused, 0) as bigint) as rows_read,
  cast(coalesce(t.rows_loaded, p.rows_kept, 0) as bigint) as rows_loaded,
  cast(coalesce(t.rows_quarantined, p.rows_refused, 0) as bigint) as rows_quarantined,
  coalesce(s.complete_until, p.began_at, l.occurred_at) as cutoff_at,
  case
    when s.complete_until is not null then 'configured'
    when p.began_at is not null then 'latest pull'
    else 'latest event'
  end as cutoff_basis
from config.sources as s
left join taken as t on t.source = s.source
left join latest as l on l.source = s.source
left join pulls as p on p.source = s.source
order by s.position
