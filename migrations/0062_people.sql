-- People and figures: the whole list of followers, tags both ways, remarks, the blacklist, and WeChat's own statistics.

alter table fan add column subscribe_scene text;

alter table fan add column remark text not null default '';

alter table fan add column blocked boolean not null default false;

-- The last look at the list of followers that saw this person.
alter table fan add column sync_id uuid;

alter table fan add column block_sync_id uuid;

-- When we last changed remark, tags or blacklist at WeChat: what was read there before is older than that.
alter table fan add column edited_at timestamptz;

-- The table is new enough to be small wherever it stands; building the index takes no time.
-- squawk-ignore require-concurrent-index-creation
create index fan_blocked on fan (merchant_id, id) where blocked;

-- WeChat's tags. `name` is what the merchant wants, `wechat_name` what WeChat has.
create table tag (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  wechat_id bigint,
  name text not null,
  wechat_name text not null default '',
  people bigint not null default 0,
  state text not null,
  errcode integer,
  created_at timestamptz not null,
  constraint tag_pk primary key (merchant_id, id),
  constraint tag_name_once unique (merchant_id, appid, name),
  constraint tag_name_given check (octet_length(name) between 1 and 30),
  constraint tag_state_known check (state in ('making', 'kept', 'renaming', 'dropping', 'refused')),
  constraint tag_people_natural check (people >= 0)
);

select app.tenant('tag');

create unique index tag_wechat_once on tag (merchant_id, appid, wechat_id) where wechat_id is not null;

create table fan_tag (
  merchant_id uuid not null,
  tag_id uuid not null,
  fan_id uuid not null,
  constraint fan_tag_pk primary key (merchant_id, tag_id, fan_id),
  constraint fan_tag_tag_fk foreign key (merchant_id, tag_id) references tag (merchant_id, id) on delete cascade,
  constraint fan_tag_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade
);

select app.tenant('fan_tag');

create index fan_tag_of on fan_tag (merchant_id, fan_id);

-- One look at the whole list of followers; `cursor` is the last openid that is stored.
create table follower_sync (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  state text not null,
  phase text not null,
  cursor text not null default '',
  total bigint not null default 0,
  seen bigint not null default 0,
  added bigint not null default 0,
  gone bigint not null default 0,
  errcode integer,
  error text,
  started_at timestamptz not null,
  moved_at timestamptz not null,
  finished_at timestamptz,
  constraint follower_sync_pk primary key (merchant_id, id),
  constraint follower_sync_state_known check (state in ('running', 'done', 'cancelled', 'failed')),
  constraint follower_sync_phase_known check (phase in ('tags', 'people', 'blocked', 'gone')),
  constraint follower_sync_counts_natural check (total >= 0 and seen >= 0 and added >= 0 and gone >= 0)
);

select app.tenant('follower_sync');

create unique index follower_sync_one on follower_sync (merchant_id) where state = 'running';

create index follower_sync_latest on follower_sync (merchant_id, started_at desc);

-- Something to be done at WeChat to many people, and how far it is.
create table fan_task (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  kind text not null,
  tag_id uuid,
  note text not null default '',
  total integer not null,
  done integer not null default 0,
  failed integer not null default 0,
  state text not null,
  errcode integer,
  created_at timestamptz not null,
  finished_at timestamptz,
  constraint fan_task_pk primary key (merchant_id, id),
  constraint fan_task_kind_known check (kind in ('tag', 'untag', 'block', 'unblock', 'remark')),
  constraint fan_task_state_known check (state in ('waiting', 'done')),
  constraint fan_task_within check (done >= 0 and failed >= 0 and done + failed <= total)
);

select app.tenant('fan_task');

create table fan_task_item (
  merchant_id uuid not null,
  task_id uuid not null,
  fan_id uuid not null,
  openid text not null,
  errcode integer,
  constraint fan_task_item_pk primary key (merchant_id, task_id, fan_id),
  constraint fan_task_item_task_fk foreign key (merchant_id, task_id)
    references fan_task (merchant_id, id) on delete cascade
);

select app.tenant('fan_task_item');

-- WeChat's statistics as they came, one row per call's name and day. A day without anything is an empty list.
create table datacube (
  merchant_id uuid not null,
  appid text not null,
  name text not null,
  day date not null,
  rows jsonb not null,
  fetched_at timestamptz not null,
  constraint datacube_pk primary key (merchant_id, appid, name, day)
);

select app.tenant('datacube');

-- How far the statistics of an account are, and what WeChat would not tell.
create table datacube_import (
  merchant_id uuid not null,
  appid text not null,
  day date not null,
  state text not null,
  asked bigint not null default 0,
  refused jsonb not null default '{}',
  started_at timestamptz not null,
  finished_at timestamptz,
  constraint datacube_import_pk primary key (merchant_id, appid),
  constraint datacube_import_state_known check (state in ('running', 'done')),
  constraint datacube_import_asked_natural check (asked >= 0)
);

select app.tenant('datacube_import');
