/*
meaning: Everything that happened to a case, one row per event.
columns:
  case_key: The case.
  sequence: Position in the source; breaks ties between equal instants.
  occurred_at: When it happened. [UTC instant]
  activity_key: Number of the activity.
  activity: What happened.
  phase: Phase of the journey, null when the configuration names none.
  lifecycle: Life-cycle step as the source writes it.
  actor: Pseudonym of the person who did it, null when not known.
  team: Team, null when missing or a placeholder.
  organisation: Own, a chain partner's identifier, or null when not known.
  provenance: How it is known - file, status, audit, snapshot, or notification.
  time_quality: Exact, day, or interval.
tests:
  - unique: [case_key, sequence]
  - not_null: [case_key, sequence, occurred_at, activity_key, activity, provenance, time_quality]
  - assert:
      name: no_event_after_the_cutoff
      severity: warning
      rows: >-
        select e.case_key, e.occurred_at from core.events as e
        inner join core.cases as c on c.case_key = e.case_key where e.occurred_at > c.cutoff_at
*/
select
  c.case_key,
  r.sequence,
  r.occurred_at,
  a.activity_key,
  r.activity,
  a.phase,
  r.lifecycle,
  r.actor,
  case when m.value is null then r.team end as team,
  case
    when r.organisation is not null and n.value is null then r.organisation
    when p.partner is not null then p.partner
    when m.value is null and r.team is not null and g.has_partners then 'own'
  end as organisation,
  r.provenance,
  r.time_quality
from core.recorded_events as r
inner join core.cases as c on c.source = r.source and c.case_id = r.case_id
inner join core.activities as a on a.journey = c.journey and a.activity = r.activity
cross join config.municipality as g
left join config.missing_values as m on m.source = r.source and m.value = lower(r.team)
left join config.missing_values as n on n.source = r.source and n.value = lower(r.organisation)
left join config.partner_teams as p on p.team = r.team
