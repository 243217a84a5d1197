-- Pictures: what is known of each; the files lie on disk under the same id.

create table media_file (
  merchant_id uuid not null,
  id uuid not null,
  sha256 bytea not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  name text not null,
  created_at timestamptz not null,
  constraint media_file_pk primary key (merchant_id, id),
  constraint media_file_content_once unique (merchant_id, sha256),
  constraint media_file_size_sane check (width between 1 and 40000 and height between 1 and 40000)
);

select app.tenant('media_file');
