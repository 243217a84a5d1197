-- Keeping: what a picture's files are known by, and merchants written out whole.

-- The SHA-256 of each file of a picture, by its width; of older pictures it is not known.
alter table media_file add column prints jsonb not null default '{}';

-- A merchant written out whole, into a file that is there for a while. key_sealed: what secrets in the file are sealed
-- with, made of the passphrase that was asked with and gone when the file is written; salt is no secret.
create table merchant_export (
  merchant_id uuid not null,
  id uuid not null,
  state text not null,
  salt bytea not null,
  key_sealed bytea,
  asked_by text not null,
  by_provider boolean not null,
  rows_all bigint not null default 0,
  rows_done bigint not null default 0,
  files_done integer not null default 0,
  bytes bigint not null default 0,
  sha256 bytea,
  problem text not null default '',
  fence integer not null default 0,
  leased_until timestamptz,
  asked_at timestamptz not null,
  ended_at timestamptz,
  expires_at timestamptz,
  constraint merchant_export_pk primary key (merchant_id, id),
  constraint merchant_export_state_known check (state in ('asked', 'writing', 'ready', 'failed', 'gone')),
  constraint merchant_export_ends check ((state in ('asked', 'writing')) = (ended_at is null)),
  constraint merchant_export_has_its_key check ((state in ('asked', 'writing')) = (key_sealed is not null)),
  constraint merchant_export_file_whole check (state <> 'ready' or (sha256 is not null and expires_at is not null)),
  constraint merchant_export_natural check (rows_all >= 0 and rows_done >= 0 and files_done >= 0 and bytes >= 0)
);

select app.tenant('merchant_export');

create index merchant_export_latest on merchant_export (merchant_id, asked_at desc);

create unique index merchant_export_one_at_a_time on merchant_export (merchant_id) where state in ('asked', 'writing');

create index merchant_export_over on merchant_export (expires_at) where state = 'ready';
