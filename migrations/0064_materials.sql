-- Materials: what a merchant sends and shows, each file kept once here, and once per account and use at WeChat.

create table material (
  merchant_id uuid not null,
  id uuid not null,
  kind text not null,
  name text not null,
  title text not null default '',
  introduction text not null default '',
  sha256 bytea,
  bytes integer,
  content_type text not null default '',
  seconds double precision,
  picture_id uuid,
  created_at timestamptz not null,
  constraint material_pk primary key (merchant_id, id),
  constraint material_kind_known check (kind in ('image', 'voice', 'video')),
  constraint material_file_whole check ((sha256 is null) = (bytes is null)),
  constraint material_video_titled check (kind <> 'video' or title <> '')
);

select app.tenant('material');

-- The same file is one material of its kind.
create unique index material_content_once on material (merchant_id, kind, sha256) where sha256 is not null;

create index material_listed on material (merchant_id, kind, id desc);

-- What WeChat knows a material by. Temporary ones end after three days; pictures of articles have only an address.
create table media_upload (
  merchant_id uuid not null,
  appid text not null,
  material_id uuid not null,
  use text not null,
  media_id text,
  url text,
  uploaded_at timestamptz not null,
  expires_at timestamptz,
  sync_id uuid,
  constraint media_upload_pk primary key (merchant_id, appid, material_id, use),
  constraint media_upload_material_fk foreign key (merchant_id, material_id)
    references material (merchant_id, id) on delete cascade,
  constraint media_upload_use_known check (use in ('permanent', 'temporary', 'article')),
  constraint media_upload_ends check ((use = 'temporary') = (expires_at is not null)),
  constraint media_upload_named check ((use = 'article') = (media_id is null) and (media_id is not null or url is not null))
);

select app.tenant('media_upload');

create unique index media_upload_once on media_upload (merchant_id, appid, media_id) where media_id is not null;

create index media_upload_of on media_upload (merchant_id, material_id);

-- One look at the account's library; `place` is how far the kind under way has been read.
create table material_sync (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  state text not null,
  kind text not null,
  place integer not null default 0,
  total integer not null default 0,
  seen integer not null default 0,
  added integer not null default 0,
  gone integer not null default 0,
  moving boolean not null default false,
  errcode integer,
  started_at timestamptz not null,
  moved_at timestamptz not null,
  finished_at timestamptz,
  constraint material_sync_pk primary key (merchant_id, id),
  constraint material_sync_state_known check (state in ('running', 'done', 'failed')),
  constraint material_sync_kind_known check (kind in ('image', 'voice', 'video')),
  constraint material_sync_counts_natural check (place >= 0 and total >= 0 and seen >= 0 and added >= 0 and gone >= 0)
);

select app.tenant('material_sync');

create unique index material_sync_one on material_sync (merchant_id) where state = 'running';

create index material_sync_latest on material_sync (merchant_id, started_at desc);
