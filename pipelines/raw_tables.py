"""The tables of `raw`, and what else a warehouse holds before its first run: its present shape.

What belongs here: each table as it is made where it is absent. What does not: how a warehouse of an
earlier version comes to have it (`migrations.py`).
"""

from __future__ import annotations

from pipelines.connectors.kinds import api_tables

_FILES = """
create schema if not exists raw;
create schema if not exists config;
create schema if not exists mined;
create schema if not exists meta;
create table if not exists mined.alignments (flow_hash varchar, path_hash varchar, moves varchar);
create table if not exists raw.files (
  source varchar, file varchar, file_number bigint, content_hash varchar, mapping_hash varchar,
  rows_read bigint, rows_loaded bigint, rows_quarantined bigint, loaded_at timestamptz
);
create table if not exists raw.events (
  source varchar, file_number bigint, sequence bigint, case_id varchar, activity varchar,
  lifecycle varchar, occurred_at timestamptz, time_quality varchar, actor varchar, team varchar,
  organisation varchar, provenance varchar
);
create table if not exists raw.cases (
  source varchar, file_number bigint, sequence bigint, case_id varchar, case_type varchar,
  client varchar, channel varchar, target_group varchar, result varchar, opened_at timestamptz,
  closed_at timestamptz, planned_end_at timestamptz, legal_end_at timestamptz,
  has_conflicts boolean
);
create table if not exists raw.contacts (
  source varchar, file_number bigint, sequence bigint, contact_id varchar, follows varchar,
  case_id varchar, client varchar, actor varchar, team varchar, channel varchar, topic varchar,
  direction varchar, result varchar, time_quality varchar, handled_s double, satisfaction double,
  contacted_at timestamptz, reason varchar
);
create table if not exists raw.callbacks (
  source varchar, file_number bigint, sequence bigint, contact_id varchar, team varchar,
  attempts double, promised_at timestamptz, due_at timestamptz, done_at timestamptz
);
create table if not exists raw.quarantine (
  source varchar, file_number bigint, row_number bigint, column_name varchar, shape varchar,
  reason varchar
);
create table if not exists raw.owner_statistics (
  source varchar, file_number bigint, statistic varchar, value varchar
);
create table if not exists raw.findings (
  source varchar, file_number bigint, finding varchar, affected bigint, detail varchar
);
create table if not exists raw.erased (tombstone varchar, reason varchar);
create table if not exists raw.removals (
  removed_at timestamptz, reason varchar, command varchar, source varchar, what varchar,
  removed bigint
);
"""

_API_PULLS = """
create table if not exists raw.api_pulls (
  source varchar, began_at timestamptz, cadence varchar, is_whole boolean,
  key_fingerprint varchar, rows_read bigint, rows_kept bigint, rows_refused bigint,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
"""

_META = """
create table if not exists meta.schema_version (version integer, applied_at timestamptz);
create table if not exists meta.pseudonym_keys (key_fingerprint varchar, first_used_at timestamptz);
"""

RAW = _FILES + _META + _API_PULLS + "".join(table.ddl for table in api_tables())
