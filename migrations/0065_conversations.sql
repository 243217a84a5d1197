-- Conversations with people: what they said, when they were in touch, and how messages go to them.

-- When a person was last in touch, by the kind of contact that opens a window for customer-service messages.
create table contact (
  merchant_id uuid not null,
  fan_id uuid not null,
  kind text not null,
  at timestamptz not null,
  constraint contact_pk primary key (merchant_id, fan_id, kind),
  constraint contact_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade,
  constraint contact_kind_known check (kind in ('message', 'menu', 'follow', 'scan', 'pay'))
);

select app.tenant('contact');

create table said (
  merchant_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  at timestamptz not null,
  kind text not null,
  text text not null,
  about jsonb not null,
  file_sha bytea,
  file_type text,
  constraint said_pk primary key (merchant_id, id),
  constraint said_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade,
  constraint said_file_whole check ((file_sha is null) = (file_type is null))
);

select app.tenant('said');

create index said_of_fan on said (merchant_id, fan_id, at desc, id desc);

create table conversation (
  merchant_id uuid not null,
  fan_id uuid not null,
  last_at timestamptz not null,
  last_text text not null,
  last_by text not null,
  unread integer not null default 0,
  constraint conversation_pk primary key (merchant_id, fan_id),
  constraint conversation_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id) on delete cascade,
  constraint conversation_last_by_known check (last_by in ('fan', 'account')),
  constraint conversation_unread_natural check (unread >= 0)
);

select app.tenant('conversation');

create index conversation_newest on conversation (merchant_id, last_at desc, fan_id desc);

-- How a message goes: what counts against a window (`custom`), and what WeChat tells the outcome of under a number.
alter table outgoing add column channel text not null default 'custom';

alter table outgoing add column tried_at timestamptz;

alter table outgoing add column number text;

alter table outgoing add column outcome text;

alter table outgoing add column staff_id uuid;

-- squawk-ignore ban-drop-constraint
alter table outgoing drop constraint outgoing_kind_known;

alter table outgoing add constraint outgoing_kind_known
  check (kind in ('welcome', 'menu', 'reply', 'service', 'notice')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table outgoing validate constraint outgoing_kind_known;

alter table outgoing add constraint outgoing_channel_known
  check (channel in ('custom', 'passive', 'template', 'subscription')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table outgoing validate constraint outgoing_channel_known;

alter table outgoing add constraint outgoing_outcome_known
  check (outcome in ('delivered', 'blocked', 'failed')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table outgoing validate constraint outgoing_outcome_known;

-- Both are empty in every row there is, so they are made in no time.
-- squawk-ignore require-concurrent-index-creation
create index outgoing_tried on outgoing (merchant_id, fan_id, tried_at) where tried_at is not null;

-- squawk-ignore require-concurrent-index-creation
create index outgoing_number on outgoing (merchant_id, number) where number is not null;
