-- Articles: written here, one to eight together, brought to WeChat as a draft, published under addresses for ever.

create table article_set (
  merchant_id uuid not null,
  id uuid not null,
  articles jsonb not null,
  rev integer not null,
  title text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  draft_appid text,
  draft_media_id text,
  draft_rev integer,
  draft_size integer,
  draft_at timestamptz,
  constraint article_set_pk primary key (merchant_id, id),
  constraint article_set_one_to_eight check (jsonb_array_length(articles) between 1 and 8),
  constraint article_set_rev_natural check (rev > 0),
  constraint article_set_draft_whole check (
    (draft_media_id is null) = (draft_appid is null) and (draft_media_id is null) = (draft_rev is null)
    and (draft_media_id is null) = (draft_size is null) and (draft_media_id is null) = (draft_at is null))
);

select app.tenant('article_set');

create index article_set_latest on article_set (merchant_id, updated_at desc, id desc);

-- One attempt to publish a set. WeChat has no number of ours for it: `sending` without an answer stays unknown.
create table publication (
  merchant_id uuid not null,
  id uuid not null,
  article_set_id uuid not null,
  rev integer not null,
  appid text not null,
  state text not null,
  media_id text,
  publish_id text,
  wechat_article_id text,
  urls jsonb not null default '[]',
  deleted jsonb not null default '[]',
  status integer,
  failed jsonb not null default '[]',
  errcode integer,
  asked_at timestamptz not null,
  ended_at timestamptz,
  constraint publication_pk primary key (merchant_id, id),
  constraint publication_set_fk foreign key (merchant_id, article_set_id) references article_set (merchant_id, id),
  constraint publication_state_known check (
    state in ('asked', 'sending', 'waiting', 'published', 'failed', 'unknown', 'deleted')),
  constraint publication_waits_by_number check (state <> 'waiting' or publish_id is not null),
  constraint publication_out check (state not in ('published', 'deleted') or wechat_article_id is not null)
);

select app.tenant('publication');

create unique index publication_number on publication (merchant_id, publish_id) where publish_id is not null;

create unique index publication_one_at_a_time on publication (merchant_id, article_set_id)
  where state in ('asked', 'sending', 'waiting');
