/*
meaning: Every event of every source in one shape, before it is joined to its case.
view: true
columns:
  source: Source of the event.
  case_id: Pseudonym of the case.
  sequence: Position in the source; breaks ties between equal instants.
  activity: What happened.
  lifecycle: Life-cycle step as the source writes it.
  occurred_at: When it happened. [UTC instant]
  actor: Pseudonym of the person who did it, null when not known.
  team: Team, null when not known.
  organisation: Organisation as the source writes it, null when not known.
  provenance: How it is known - file, status, audit, snapshot, or notification.
  time_quality: Exact, day, or interval.
tests: []
*/
select
  source, case_id, sequence, activity, lifecycle, occurred_at, actor, team, organisation,
  provenance, time_quality
from raw.events
union all
select
  source, case_id, sequence, activity, null, occurred_at, actor, team, organisation, provenance,
  'exact'
from core.zgw_events
