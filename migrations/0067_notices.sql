-- Notices of orders by template and subscription, and what people agreed to.

-- Templates of an account, as WeChat listed them when it was last asked.
create table message_template (
  merchant_id uuid not null,
  appid text not null,
  template_id text not null,
  channel text not null,
  title text not null,
  content text not null,
  example text not null,
  long boolean not null,
  seen_at timestamptz not null,
  constraint message_template_pk primary key (merchant_id, appid, template_id),
  constraint message_template_channel_known check (channel in ('template', 'subscription')),
  constraint message_template_long_subscribed check (not long or channel = 'subscription')
);

select app.tenant('message_template');

-- What is told to buyers, when, by which template, and what its fields say.
create table notice_plan (
  merchant_id uuid not null,
  occasion text not null,
  channel text not null,
  template_id text not null,
  fields jsonb not null,
  enabled boolean not null,
  updated_at timestamptz not null,
  constraint notice_plan_pk primary key (merchant_id, occasion, channel),
  constraint notice_plan_occasion_known check (occasion in ('paid', 'shipped', 'refunded')),
  constraint notice_plan_channel_known check (channel in ('template', 'subscription', 'custom')),
  constraint notice_plan_template_given check ((channel = 'custom') = (template_id = ''))
);

select app.tenant('notice_plan');

-- One thing to tell one person: the ways that were tried, and the one by which it went.
create table notice (
  merchant_id uuid not null,
  id uuid not null,
  occasion text not null,
  subject_id uuid not null,
  fan_id uuid not null,
  values jsonb not null,
  page text not null,
  state text not null,
  channel text,
  -- A trial goes one way alone, whether the plan is on or not.
  trial text,
  created_at timestamptz not null,
  constraint notice_pk primary key (merchant_id, id),
  constraint notice_once unique (merchant_id, occasion, subject_id),
  constraint notice_state_known check (state in ('waiting', 'told', 'nobody')),
  constraint notice_told_by_a_channel check ((state = 'told') = (channel is not null))
);

select app.tenant('notice');

-- What a person answered to notices of a template: `remaining` may still be sent, each used up by one.
create table notice_consent (
  merchant_id uuid not null,
  fan_id uuid not null,
  template_id text not null,
  answer text not null,
  remaining integer not null,
  given integer not null,
  used integer not null,
  at timestamptz not null,
  constraint notice_consent_pk primary key (merchant_id, fan_id, template_id),
  constraint notice_consent_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade,
  constraint notice_consent_answer_known check (answer in ('accept', 'reject', 'ban')),
  constraint notice_consent_counts_natural check (remaining >= 0 and given >= 0 and used >= 0)
);

select app.tenant('notice_consent');
