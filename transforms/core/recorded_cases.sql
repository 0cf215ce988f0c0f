/*
meaning: What every source registers of a case, in one shape. Where several files tell of a case, the last one that knows a value is believed.
columns:
  source: Source of the case.
  case_id: Pseudonym of the case.
  sequence: Position in the source.
  case_type: Case type as the source names it.
  client: Pseudonym of the client, null when not known.
  channel: Channel of the request, null when not known.
  target_group: Target group, null when not known.
  result: Result as the source names it.
  opened_at: Registered start, null where none is. [UTC instant]
  closed_at: Registered end, null while open. [UTC instant]
  planned_end_at: Planned end. [UTC instant]
  legal_end_at: End of the term as registered. [UTC instant]
  has_conflicts: Whether a case attribute carried more than one value.
tests:
  - unique: [source, case_id]
  - not_null: [source, case_id, sequence]
*/
select
  source,
  case_id,
  min(sequence) as sequence,
  max_by(case_type, sequence) filter (where case_type is not null) as case_type,
  max_by(client, sequence) filter (where client is not null) as client,
  max_by(channel, sequence) filter (where channel is not null) as channel,
  max_by(target_group, sequence) filter (where target_group is not null) as target_group,
  max_by(result, sequence) filter (where result is not null) as result,
  max_by(opened_at, sequence) filter (where opened_at is not null) as opened_at,
  max_by(closed_at, sequence) filter (where closed_at is not null) as closed_at,
  max_by(planned_end_at, sequence) filter (where planned_end_at is not null) as planned_end_at,
  max_by(legal_end_at, sequence) filter (where legal_end_at is not null) as legal_end_at,
  bool_or(has_conflicts) as has_conflicts
from raw.cases
group by source, case_id
union all
select
  source, case_id, sequence, case_type, client, channel, null, result, opened_at, closed_at,
  planned_end_at, legal_end_at, false
from core.zgw_cases
