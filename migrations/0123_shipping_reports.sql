-- What WeChat is told of shipping, where it holds an account's money until it was told (mini programs' trades).

create table shipping_report_setting (
  merchant_id uuid not null,
  enabled boolean not null,
  managed boolean not null,
  checked_at timestamptz not null,
  constraint shipping_report_setting_pk primary key (merchant_id),
  constraint shipping_report_setting_only_managed check (managed or not enabled)
);

select app.tenant('shipping_report_setting');

-- One for each payment of an order. WeChat takes one correction of what was reported, and no more. said: what it was
-- told last, to see whether it still holds.
create table shipping_report (
  merchant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  transaction_id text not null,
  openid text not null,
  state text not null,
  corrections integer not null default 0,
  said jsonb,
  code integer not null default 0,
  words text not null default '',
  due_at timestamptz not null,
  tried_at timestamptz,
  sent_at timestamptz,
  constraint shipping_report_pk primary key (merchant_id, id),
  constraint shipping_report_state_known check (state in ('due', 'sent', 'refused')),
  constraint shipping_report_one_correction check (corrections between 0 and 1),
  constraint shipping_report_sent_has_time check (state <> 'sent' or sent_at is not null),
  constraint shipping_report_corrects_what_was_sent check (corrections = 0 or sent_at is not null),
  constraint shipping_report_refused_why check ((state = 'refused') = (words <> ''))
);

select app.tenant('shipping_report');

create index shipping_report_of_order on shipping_report (merchant_id, order_id);

create index shipping_report_refused on shipping_report (merchant_id, due_at desc) where state = 'refused';
