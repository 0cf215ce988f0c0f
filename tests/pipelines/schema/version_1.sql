-- A warehouse as the release without schema versions left it (version 1), by plain SQL; never changed.
create schema raw; create schema config; create schema mined;
create table mined.alignments (
  flow_hash varchar, path_hash varchar, moves varchar
);
create table raw.api_pulls (
  "source" varchar, began_at timestamptz, cadence varchar, is_whole boolean,
  key_fingerprint varchar, rows_read bigint, rows_kept bigint, rows_refused bigint,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.api_refused (
  "source" varchar, record varchar, "resource" varchar, column_name varchar, shape varchar,
  reason varchar, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.callbacks (
  "source" varchar, file_number bigint, "sequence" bigint, contact_id varchar, team varchar,
  attempts double, promised_at timestamptz, due_at timestamptz, done_at timestamptz
);
create table raw.cases (
  "source" varchar, file_number bigint, "sequence" bigint, case_id varchar, case_type varchar,
  client varchar, channel varchar, target_group varchar, result varchar, opened_at timestamptz,
  closed_at timestamptz, planned_end_at timestamptz, legal_end_at timestamptz,
  has_conflicts boolean
);
create table raw.contacts (
  "source" varchar, file_number bigint, "sequence" bigint, contact_id varchar, follows varchar,
  case_id varchar, client varchar, actor varchar, team varchar, channel varchar, topic varchar,
  direction varchar, result varchar, time_quality varchar, handled_s double, satisfaction double,
  contacted_at timestamptz, reason varchar
);
create table raw.events (
  "source" varchar, file_number bigint, "sequence" bigint, case_id varchar, activity varchar,
  lifecycle varchar, occurred_at timestamptz, time_quality varchar, actor varchar, team varchar,
  organisation varchar, provenance varchar
);
create table raw.files (
  "source" varchar, file varchar, file_number bigint, content_hash varchar, mapping_hash varchar,
  rows_read bigint, rows_loaded bigint, rows_quarantined bigint, loaded_at timestamptz
);
create table raw.findings (
  "source" varchar, file_number bigint, finding varchar, affected bigint, detail varchar
);
create table raw.ki_actoren (
  "source" varchar, actor varchar, soort varchar, medewerker varchar, afdeling varchar,
  observed_from timestamptz, observed_to timestamptz, _dlt_load_id varchar not null,
  _dlt_id varchar not null
);
create table raw.ki_betrokkenen (
  "source" varchar, betrokkene varchar, klantcontact varchar, partij varchar, rol varchar,
  is_initiator boolean, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.ki_internetaken (
  "source" varchar, internetaak varchar, klantcontact varchar, status varchar,
  toegewezen_op timestamptz, afgehandeld_op timestamptz, actor varchar,
  observed_from timestamptz, observed_to timestamptz, _dlt_load_id varchar not null,
  _dlt_id varchar not null
);
create table raw.ki_klantcontacten (
  "source" varchar, klantcontact varchar, kanaal varchar, onderwerp varchar,
  onderwerp_hash varchar, hoofd_onderwerp_type varchar, is_gelukt boolean,
  is_verdere_actie boolean, plaatsgevonden_op timestamptz, is_geautomatiseerd boolean,
  medewerker varchar, afdeling varchar, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.ki_onderwerpobjecten (
  "source" varchar, onderwerpobject varchar, klantcontact varchar, was_klantcontact varchar,
  zaak varchar, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.ki_partij_identificatoren (
  "source" varchar, identificator varchar, partij varchar, soort varchar, client varchar,
  observed_from timestamptz, observed_to timestamptz, _dlt_load_id varchar not null,
  _dlt_id varchar not null
);
create table raw.kiss_gesprekken (
  "source" varchar, klantcontact varchar, begonnen_op timestamptz, geeindigd_op timestamptz,
  gespreksresultaat varchar, afdeling varchar, observed_from timestamptz,
  observed_to timestamptz, _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.owner_statistics (
  "source" varchar, file_number bigint, statistic varchar, "value" varchar
);
create table raw.quarantine (
  "source" varchar, file_number bigint, row_number bigint, column_name varchar, shape varchar,
  reason varchar
);
create table raw.zgw_audit (
  "source" varchar, regel varchar, zaak varchar, "resource" varchar, "object" varchar,
  actie varchar, aanmaakdatum timestamptz, oud_betrokkene_type varchar,
  oud_omschrijving_generiek varchar, oud_betrokkene varchar, oud_naam varchar,
  oud_einde_geldigheid date, nieuw_betrokkene_type varchar, nieuw_omschrijving_generiek varchar,
  nieuw_betrokkene varchar, nieuw_naam varchar, nieuw_einde_geldigheid date,
  was_opgeschort boolean, is_opgeschort boolean, statustype varchar,
  datum_status_gezet timestamptz, gezet_door varchar, observed_from timestamptz,
  observed_to timestamptz, _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.zgw_notices (
  "source" varchar, notice varchar, zaak varchar, "resource" varchar, "object" varchar,
  actie varchar, aanmaakdatum timestamptz, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.zgw_resultaattypen (
  "source" varchar, resultaattype varchar, omschrijving varchar, observed_from timestamptz,
  observed_to timestamptz, _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.zgw_resultaten (
  "source" varchar, resultaat varchar, zaak varchar, resultaattype varchar,
  observed_from timestamptz, observed_to timestamptz, _dlt_load_id varchar not null,
  _dlt_id varchar not null
);
create table raw.zgw_rollen (
  "source" varchar, rol varchar, zaak varchar, betrokkene_type varchar,
  omschrijving_generiek varchar, betrokkene varchar, naam varchar, registratiedatum timestamptz,
  begin_geldigheid date, einde_geldigheid date, observed_from timestamptz,
  observed_to timestamptz, _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.zgw_statussen (
  "source" varchar, status varchar, zaak varchar, statustype varchar,
  datum_status_gezet timestamptz, gezet_door varchar, observed_from timestamptz,
  observed_to timestamptz, _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.zgw_statustypen (
  "source" varchar, statustype varchar, zaaktype varchar, omschrijving varchar,
  volgnummer bigint, is_eindstatus boolean, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw.zgw_zaaktypen (
  "source" varchar, zaaktype varchar, identificatie varchar, omschrijving varchar,
  doorlooptijd varchar, servicenorm varchar, begin_geldigheid date, einde_geldigheid date,
  observed_from timestamptz, observed_to timestamptz, _dlt_load_id varchar not null,
  _dlt_id varchar not null
);
create table raw.zgw_zaken (
  "source" varchar, zaak varchar, zaaktype varchar, startdatum date, registratiedatum date,
  einddatum date, einddatum_gepland date, uiterlijke_einddatum_afdoening date,
  is_opgeschort boolean, is_eerder_opgeschort boolean, verlenging_duur varchar, kanaal varchar,
  hoofdzaak varchar, andere_zaken varchar, observed_from timestamptz, observed_to timestamptz,
  _dlt_load_id varchar not null, _dlt_id varchar not null
);
create table raw._dlt_version (version bigint, schema_name varchar, schema varchar);
insert into raw._dlt_version values (1, 'pull_cases', '{}');
insert into raw.files values
  ('log', 'permits.csv', 1, 'c0ffee', 'feed', 3, 2, 1, '2026-03-02 01:00:00+00');
insert into raw.events values
  ('log', 1, 100000000001, '5eed', 'Receive request', null, '2026-02-02 08:00:00+00', 'exact', null,
   'desk', null, 'file'),
  ('log', 1, 100000000002, '5eed', 'Decide', null, '2026-02-09 08:00:00+00', 'exact', null, 'desk',
   null, 'file');
insert into raw.contacts (source, file_number, sequence, contact_id, topic, contacted_at, reason)
values ('calls', 1, 100000000001, 'ca11', 'passport', '2026-02-03 09:00:00+00', 'status');
insert into raw.zgw_zaken (source, zaak, zaaktype, startdatum, andere_zaken, observed_from,
  _dlt_load_id, _dlt_id)
values ('cases', 'aa', 'type', '2026-01-05', 'vervolg:bb', '2026-02-01 00:00:00+00', '1', 'x');
insert into raw.api_pulls values
  ('cases', '2026-02-01 00:00:00+00', 'weekly', true, 'old-key', 1, 1, 0, '1', 'p1'),
  ('cases', '2026-02-02 00:00:00+00', 'daily', true, 'new-key', 1, 1, 0, '2', 'p2'),
  ('cases', '2026-02-03 00:00:00+00', 'daily', true, 'new-key', 1, 1, 0, '3', 'p3');
