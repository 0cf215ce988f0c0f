/*
meaning: What was read from each source, and through when.
public: true
columns:
  source: Identifier.
  kind: Kind of connector.
  journey: Journey of all its cases, null when the case type decides.
  files: Files taken. [count]
  rows_read: Rows seen. [count]
  rows_loaded: Rows that became events. [count]
  rows_quarantined: Rows set aside. [count]
  cutoff_at: Data cut-off. [UTC instant]
  cutoff_basis: Configured, or latest event.
tests:
  - unique: [source]
*/
select source, kind, journey, files, rows_read, rows_loaded, rows_quarantined, cutoff_at,
  cutoff_basis
from core.sources
order by source
