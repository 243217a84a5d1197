-- Messages: the welcome, the menu, scene codes.

create table welcome (
  merchant_id uuid not null,
  enabled boolean not null,
  text text not null,
  link_title text not null,
  coupon_id uuid,
  updated_at timestamptz not null,
  constraint welcome_pk primary key (merchant_id),
  constraint welcome_text_short check (length(text) <= 600)
);

select app.tenant('welcome');

-- A message on its way to a person: promised before WeChat is asked, so that a repeat knows what was tried.
create table outgoing (
  merchant_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  kind text not null,
  text text not null,
  state text not null,
  attempts integer not null default 0,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  constraint outgoing_pk primary key (merchant_id, id),
  constraint outgoing_kind_known check (kind in ('welcome', 'menu')),
  constraint outgoing_state_known check (state in ('waiting', 'sending', 'sent', 'refused', 'unknown'))
);

select app.tenant('outgoing');

create index outgoing_fan on outgoing (merchant_id, fan_id);

create table menu (
  merchant_id uuid not null,
  buttons jsonb not null,
  published jsonb,
  published_at timestamptz,
  updated_at timestamptz not null,
  constraint menu_pk primary key (merchant_id)
);

select app.tenant('menu');

create table scene_code (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  scene text not null,
  permanent boolean not null,
  coupon_id uuid,
  ticket text,
  url text,
  expires_at timestamptz,
  scans bigint not null default 0,
  follows bigint not null default 0,
  created_at timestamptz not null,
  constraint scene_code_pk primary key (merchant_id, id),
  constraint scene_code_scene_once unique (merchant_id, scene),
  constraint scene_code_scene_shape check (scene ~ '^[A-Za-z0-9_-]{1,64}$'),
  constraint scene_code_name_given check (length(name) between 1 and 60),
  constraint scene_code_counts_natural check (scans >= 0 and follows >= 0)
);

select app.tenant('scene_code');
