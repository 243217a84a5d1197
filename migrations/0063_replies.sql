-- Messages: automatic replies and what was planned of them; personalized menus and their editions.

create table reply_rule (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  trigger text not null,
  enabled boolean not null,
  position integer not null,
  words jsonb not null,
  keys jsonb not null,
  windows jsonb not null,
  messages jsonb not null,
  updated_at timestamptz not null,
  constraint reply_rule_pk primary key (merchant_id, id),
  constraint reply_rule_trigger_known check (trigger in ('follow', 'keyword', 'tap', 'scan', 'default')),
  constraint reply_rule_name_given check (length(name) between 1 and 60),
  constraint reply_rule_says_something check (jsonb_array_length(messages) between 1 and 5),
  constraint reply_rule_keyword_has_words check ((trigger = 'keyword') = (jsonb_array_length(words) > 0)),
  constraint reply_rule_position_natural check (position >= 0)
);

select app.tenant('reply_rule');

create table reply_synonyms (
  merchant_id uuid not null,
  groups jsonb not null,
  updated_at timestamptz not null,
  constraint reply_synonyms_pk primary key (merchant_id)
);

select app.tenant('reply_synonyms');

-- What is answered to one push, decided once: by whoever comes first, the answer on the spot or the worker.
create table reply_plan (
  merchant_id uuid not null,
  push uuid not null,
  purpose text not null,
  rule_id uuid,
  openid text not null,
  messages jsonb not null,
  passive boolean not null,
  created_at timestamptz not null,
  constraint reply_plan_pk primary key (merchant_id, push),
  constraint reply_plan_purpose_known check (purpose in ('welcome', 'menu', 'reply')),
  constraint reply_plan_says_something check (jsonb_array_length(messages) > 0)
);

select app.tenant('reply_plan');

create index reply_plan_old on reply_plan (merchant_id, created_at);

-- Our pictures as WeChat holds them for three days.
create table lent_picture (
  merchant_id uuid not null,
  appid text not null,
  picture_id uuid not null,
  media_id text not null,
  expires_at timestamptz not null,
  constraint lent_picture_pk primary key (merchant_id, appid, picture_id)
);

select app.tenant('lent_picture');

-- Null: the text is the message.
alter table outgoing add column content jsonb;

-- squawk-ignore ban-drop-constraint
alter table outgoing drop constraint outgoing_kind_known;

alter table outgoing add constraint outgoing_kind_known check (kind in ('welcome', 'menu', 'reply')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table outgoing validate constraint outgoing_kind_known;

-- A menu for some people; WeChat asks the newest first, so they are published in reverse order of position.
create table menu_special (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  position integer not null,
  tag_id bigint,
  platform integer,
  buttons jsonb not null,
  published jsonb,
  wechat_id text,
  removed boolean not null default false,
  updated_at timestamptz not null,
  constraint menu_special_pk primary key (merchant_id, id),
  constraint menu_special_name_given check (length(name) between 1 and 60),
  constraint menu_special_for_somebody check (tag_id is not null or platform is not null),
  constraint menu_special_platform_known check (platform in (1, 2, 3))
);

select app.tenant('menu_special');

-- Every menu as it was before it was published anew, so that one can go back.
create table menu_edition (
  merchant_id uuid not null,
  id uuid not null,
  made_at timestamptz not null,
  menus jsonb not null,
  constraint menu_edition_pk primary key (merchant_id, id)
);

select app.tenant('menu_edition');
