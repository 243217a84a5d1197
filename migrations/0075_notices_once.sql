-- One-time subscriptions, why a message was not sent, the order in which things were said, and the industry's month.

-- A trip to WeChat's page on which a person says yes to one message; `reserved` carries its secret there and back.
create table once_ask (
  merchant_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  appid text not null,
  state_hash bytea not null,
  template_id text not null,
  scene integer not null,
  occasion text not null,
  subject_id uuid not null,
  next text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  answer text,
  answered_at timestamptz,
  used_at timestamptz,
  constraint once_ask_pk primary key (merchant_id, id),
  constraint once_ask_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade,
  constraint once_ask_scene_in_range check (scene between 0 and 10000),
  constraint once_ask_answer_known check (answer in ('confirm', 'cancel')),
  constraint once_ask_answer_dated check ((answer is null) = (answered_at is null)),
  constraint once_ask_used_by_yes check (used_at is null or answer = 'confirm')
);

select app.tenant('once_ask');

create index once_ask_of_fan on once_ask (merchant_id, fan_id, created_at desc);

-- When an account's industries were set by us, which WeChat lets happen once a month.
create table industry_change (
  merchant_id uuid not null,
  appid text not null,
  first text not null,
  second text not null,
  at timestamptz not null,
  constraint industry_change_pk primary key (merchant_id, appid)
);

select app.tenant('industry_change');

-- Why a message was not sent: WeChat's code or a refusal's own, and the sentence in both languages.
alter table outgoing add column code text;

alter table outgoing add column why jsonb;

-- The order in which things happened within one moment; those of before stand in the order of their ids.
alter table outgoing add column place uuid;

alter table said add column place uuid;

-- squawk-ignore ban-drop-constraint
alter table outgoing drop constraint outgoing_channel_known;

alter table outgoing add constraint outgoing_channel_known
  check (channel in ('custom', 'passive', 'template', 'subscription', 'once')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table outgoing validate constraint outgoing_channel_known;

-- squawk-ignore ban-drop-constraint
alter table notice_plan drop constraint notice_plan_channel_known;

alter table notice_plan add constraint notice_plan_channel_known
  check (channel in ('once', 'subscription', 'template', 'custom')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table notice_plan validate constraint notice_plan_channel_known;
