-- Fans: people as each merchant knows them, their store sessions, and what they agreed to.

create table fan (
  merchant_id uuid not null,
  id uuid not null,
  appid text not null,
  openid text not null,
  unionid text,
  nickname text,
  avatar text,
  subscribed boolean not null,
  followed_at timestamptz,
  unfollowed_at timestamptz,
  follow_second bigint not null default 0,
  scene text,
  source text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  constraint fan_pk primary key (merchant_id, id),
  constraint fan_once unique (merchant_id, appid, openid),
  constraint fan_source_known check (source in ('follow', 'scan', 'store', 'message'))
);

select app.tenant('fan');

create index fan_unionid on fan (merchant_id, unionid) where unionid is not null;

create index fan_followed on fan (merchant_id, followed_at) where followed_at is not null;

-- A trip to WeChat's log-in page that has not come back yet; bound to the browser that began it, used once.
create table login_state (
  merchant_id uuid not null,
  id uuid not null,
  state_hash bytea not null,
  browser_hash bytea not null,
  scope text not null,
  next text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint login_state_pk primary key (merchant_id, id)
);

select app.tenant('login_state');

create index login_state_old on login_state (merchant_id, expires_at);

-- The one-time ticket a browser changes for a session.
create table login_ticket (
  merchant_id uuid not null,
  ticket_hash bytea not null,
  fan_id uuid not null,
  expires_at timestamptz not null,
  constraint login_ticket_pk primary key (merchant_id, ticket_hash),
  constraint login_ticket_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade
);

select app.tenant('login_ticket');

create table store_session (
  merchant_id uuid not null,
  token_hash bytea not null,
  fan_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint store_session_pk primary key (merchant_id, token_hash),
  constraint store_session_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade
);

select app.tenant('store_session');

create index store_session_fan on store_session (merchant_id, fan_id);

-- What a person answered to which text, and when. The latest answer counts; none is ever changed.
create table consent (
  merchant_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  version text not null,
  text_hash bytea not null,
  accepted boolean not null,
  at timestamptz not null,
  constraint consent_pk primary key (merchant_id, id),
  constraint consent_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade,
  constraint consent_version_given check (length(version) between 1 and 64)
);

select app.tenant('consent');

revoke update on consent from tongshang_app;

create index consent_latest on consent (merchant_id, fan_id, id desc);
