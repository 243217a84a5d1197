-- What the account has of articles at WeChat, made here or elsewhere: its drafts and its publications, with bodies.

create table account_article (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  place text not null,
  wechat_id text not null,
  title text not null,
  articles jsonb not null,
  changed_at timestamptz not null,
  found_at timestamptz not null,
  import_id uuid,
  constraint account_article_pk primary key (merchant_id, id),
  constraint account_article_once unique (merchant_id, appid, place, wechat_id),
  constraint account_article_place_known check (place in ('draft', 'published')),
  constraint account_article_some check (jsonb_array_length(articles) between 1 and 8)
);

select app.tenant('account_article');

create index account_article_listed on account_article (merchant_id, place, changed_at desc, id desc);

-- One look at both; `reached` is how far the place under way has been read.
create table article_import (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  state text not null,
  place text not null,
  reached integer not null default 0,
  total integer not null default 0,
  seen integer not null default 0,
  added integer not null default 0,
  gone integer not null default 0,
  moving boolean not null default false,
  errcode integer,
  started_at timestamptz not null,
  moved_at timestamptz not null,
  finished_at timestamptz,
  constraint article_import_pk primary key (merchant_id, id),
  constraint article_import_state_known check (state in ('running', 'done', 'failed')),
  constraint article_import_place_known check (place in ('draft', 'published')),
  constraint article_import_counts_natural check (
    reached >= 0 and total >= 0 and seen >= 0 and added >= 0 and gone >= 0),
  constraint article_import_ended check ((state = 'running') = (finished_at is null))
);

select app.tenant('article_import');

create unique index article_import_one on article_import (merchant_id) where state = 'running';

create index article_import_latest on article_import (merchant_id, started_at desc);

-- By this number WeChat knows the comments of a publication; it says it once, when it takes the publication on.
alter table publication add column msg_data_id text;
