-- WeChat: the third-party platform, authorized accounts, the token vault, the callback inbox.

-- The third-party platform's own keys; provider-level, so under the nil merchant.
create table component (
  merchant_id uuid not null,
  appid text not null,
  secret_sealed bytea not null,
  token_sealed bytea not null,
  aes_key_sealed bytea not null,
  previous_aes_key_sealed bytea,
  ticket_sealed bytea,
  ticket_at timestamptz,
  ticket_second bigint,
  ticket_asked_at timestamptz,
  chosen_at timestamptz not null,
  constraint component_pk primary key (merchant_id, appid),
  constraint component_at_nil check (merchant_id = '00000000-0000-0000-0000-000000000000'),
  constraint component_appid_shape check (appid ~ '^wx[0-9a-zA-Z]{4,30}$')
);

select app.tenant('component');

-- What an authorization is promised under, before anybody at WeChat has agreed to it.
create table authorization_promise (
  merchant_id uuid not null,
  id uuid not null,
  component_appid text not null,
  state_hash bytea not null,
  links_sealed bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  constraint authorization_promise_pk primary key (merchant_id, id)
);

select app.tenant('authorization_promise');

-- Which merchant a pre-authorization code was made for: the push names nothing else of ours.
create table preauth_directory (
  code_hash bytea not null,
  merchant_id uuid not null,
  promise_id uuid not null,
  expires_at timestamptz not null,
  constraint preauth_directory_pk primary key (code_hash)
);

select app.directory('preauth_directory', 'code_hash');

-- An authorization code that arrived, by redirect or by push or by both; exchanged once.
create table authorization_grant (
  merchant_id uuid not null,
  id uuid not null,
  component_appid text not null,
  appid text,
  code_hash bytea not null,
  code_sealed bytea not null,
  state text not null,
  fence integer not null default 0,
  leased_until timestamptz,
  created_at timestamptz not null,
  done_at timestamptz,
  constraint authorization_grant_pk primary key (merchant_id, id),
  constraint authorization_grant_once unique (merchant_id, code_hash),
  constraint authorization_grant_state_known check (state in ('new', 'done', 'refused', 'lost'))
);

select app.tenant('authorization_grant');

create table account (
  merchant_id uuid not null,
  appid text not null,
  mode text not null,
  component_appid text,
  state text not null,
  user_name text not null default '',
  nick_name text not null default '',
  head_img text not null default '',
  principal_name text not null default '',
  service_type integer not null default 0,
  verify_type integer not null default -1,
  permissions jsonb not null default '[]',
  secret_sealed bytea,
  token_sealed bytea,
  aes_key_sealed bytea,
  authorized_at timestamptz not null,
  withdrawn_at timestamptz,
  constraint account_pk primary key (merchant_id, appid),
  constraint account_mode_known check (mode in ('component', 'own')),
  constraint account_state_known check (state in ('authorized', 'withdrawn')),
  constraint account_has_its_keys check ((mode = 'own') = (secret_sealed is not null)),
  constraint account_has_its_component check ((mode = 'component') = (component_appid is not null))
);

select app.tenant('account');

create unique index account_one_at_a_time on account (merchant_id) where state = 'authorized';

-- AppID -> merchant. One merchant per account; another one may claim it only after it was withdrawn.
create table account_directory (
  appid text not null,
  merchant_id uuid not null,
  component_appid text,
  active boolean not null,
  constraint account_directory_pk primary key (appid)
);

select app.directory('account_directory', 'appid');

-- Refresh tokens are superseded, never overwritten: the highest version is in force, the others are evidence.
create table refresh_token (
  merchant_id uuid not null,
  appid text not null,
  version integer not null,
  token_sealed bytea not null,
  source text not null,
  created_at timestamptz not null,
  constraint refresh_token_pk primary key (merchant_id, appid, version),
  constraint refresh_token_source_known check (source in ('grant', 'refresh', 'recovery'))
);

select app.tenant('refresh_token');

revoke update, delete on refresh_token from tongshang_app, tongshang_system;

-- Tokens and tickets in force, each with the lease under which it is refreshed. `fence` counts leases; a value
-- carries the fence it was fetched under, so a holder whose lease lapsed cannot overwrite a younger one.
create table wechat_token (
  merchant_id uuid not null,
  kind text not null,
  appid text not null,
  value_sealed bytea,
  value_fence bigint,
  fetched_at timestamptz,
  expires_at timestamptz,
  refresh_at timestamptz,
  fence bigint not null default 0,
  leased_until timestamptz,
  failed_fence bigint,
  failed_at timestamptz,
  last_error text,
  constraint wechat_token_pk primary key (merchant_id, kind, appid),
  constraint wechat_token_kind_known check (kind in ('component', 'authorizer', 'own', 'jsapi')),
  constraint wechat_token_whole check ((value_sealed is null) = (expires_at is null) and (value_sealed is null) = (refresh_at is null))
);

select app.tenant('wechat_token');

create index wechat_token_due on wechat_token (refresh_at);

-- The callback journal a merchant sees: what came, and what became of it. Its key is what makes effects happen once.
create table callback (
  merchant_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  appid text not null,
  kind text not null,
  openid text not null,
  state text not null,
  times integer not null default 1,
  constraint callback_pk primary key (merchant_id, id),
  constraint callback_state_known check (state in ('received', 'forged', 'stale', 'unreadable'))
);

select app.tenant('callback');

create index callback_latest on callback (merchant_id, at desc);

-- The inbox: verified pushes of all merchants, stored before they are answered, read later. A directory table with
-- a narrow role of its own, gathered per bucket.
create table inbox (
  bucket integer not null,
  appid text not null,
  id uuid not null,
  kind text not null,
  openid text not null,
  received_at timestamptz not null,
  position bigint not null,
  raw bytea,
  constraint inbox_pk primary key (bucket, appid, id),
  constraint inbox_bucket_natural check (bucket between 0 and 63)
);

select app.directory('inbox', 'bucket');

revoke all on inbox from tongshang_app, tongshang_system;

grant select, insert, update, delete on inbox to tongshang_inbox;

create index inbox_unread on inbox (bucket, position) where raw is not null;

create index inbox_old on inbox (received_at) where raw is null;

-- One row per bucket: how far it is numbered (in the order of commits), and who reads it just now.
create table inbox_bucket (
  bucket integer not null,
  tail bigint not null default 0,
  fence bigint not null default 0,
  leased_until timestamptz,
  constraint inbox_bucket_pk primary key (bucket)
);

select app.directory('inbox_bucket', 'bucket');

revoke all on inbox_bucket from tongshang_app, tongshang_system;

grant select, insert, update, delete on inbox_bucket to tongshang_inbox;

-- The inbox wakes its own reader, in the same commit, and can do nothing else to jobs.
create policy inbox_wakes on job for insert to tongshang_inbox
  with check (merchant_id = '00000000-0000-0000-0000-000000000000' and kind = 'wechat.read_inbox');

grant insert on job to tongshang_inbox;

-- Keeps a batch of pushes and wakes the reader if any of them is new; says how many were.
create function app.keep_pushes(
  b integer, moment timestamptz, job_id uuid, ids uuid[], appids text[], kinds text[], openids text[], raws bytea[]
) returns integer language plpgsql as $$
declare
  n integer;
  last bigint;
begin
  -- Locks the bucket first, so that numbers become visible in their order.
  insert into inbox_bucket as o (bucket, tail) values (b, cardinality(ids))
    on conflict (bucket) do update set tail = o.tail + cardinality(ids) returning tail into last;
  insert into inbox (bucket, appid, id, kind, openid, received_at, position, raw)
    select b, r.appid, r.id, r.kind, r.openid, moment, last - cardinality(ids) + r.n, r.raw
    from unnest(ids, appids, kinds, openids, raws) with ordinality as r(id, appid, kind, openid, raw, n)
    on conflict do nothing;
  get diagnostics n = row_count;
  if n > 0 then
    insert into job (merchant_id, id, kind, data, due_at, created_at)
      values ('00000000-0000-0000-0000-000000000000', job_id, 'wechat.read_inbox', jsonb_build_object('bucket', b), moment, moment);
  end if;
  return n;
end $$;

grant execute on function app.keep_pushes to tongshang_inbox;
