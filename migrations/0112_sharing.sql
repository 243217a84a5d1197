-- Profit sharing: who gets a part of what is paid, by which rule; what was shared of a payment, and what came back.

-- Whether orders at this number are placed for sharing: kept with the account, so that paying asks nobody else.
alter table pay_account add column sharing boolean not null default false;

-- This order at WeChat was placed for sharing: what is paid is held there.
alter table charge_attempt add column sharing boolean not null default false;

-- hold_days: how long after the payment shares are paid out (WeChat holds for thirty days). max_per_myriad: the highest
-- part of a payment that may be shared, as agreed with WeChat.
create table sharing_setting (
  merchant_id uuid not null,
  enabled boolean not null,
  hold_days integer not null,
  max_per_myriad integer not null,
  changed_at timestamptz not null,
  constraint sharing_setting_pk primary key (merchant_id),
  constraint sharing_setting_hold check (hold_days between 0 and 28),
  constraint sharing_setting_max check (max_per_myriad between 0 and 10000)
);

select app.tenant('sharing_setting');

-- Who gets a part, and how much: per_myriad of what was paid, or of what is left of it after WeChat's fee.
create table sharing_receiver (
  merchant_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  account text not null,
  name_sealed bytea,
  name_shown text not null default '',
  relation text not null,
  custom_relation text not null default '',
  label text not null,
  purpose text not null,
  per_myriad integer not null,
  base text not null,
  state text not null,
  problem text not null default '',
  added_at timestamptz not null,
  changed_at timestamptz not null,
  constraint sharing_receiver_pk primary key (merchant_id, id),
  constraint sharing_receiver_account_fk foreign key (merchant_id, account_id) references pay_account (merchant_id, id),
  constraint sharing_receiver_kind_known check (kind in ('MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID')),
  constraint sharing_receiver_named check (kind <> 'MERCHANT_ID' or name_sealed is not null),
  constraint sharing_receiver_relation_whole check ((relation = 'CUSTOM') = (custom_relation <> '')),
  constraint sharing_receiver_labelled check (length(label) between 1 and 40),
  constraint sharing_receiver_purpose_known check (purpose in ('platform_fee', 'partner')),
  constraint sharing_receiver_part check (per_myriad between 0 and 10000),
  constraint sharing_receiver_base_known check (base in ('paid', 'net')),
  constraint sharing_receiver_state_known check (state in ('adding', 'active', 'refused', 'removing', 'removed'))
);

select app.tenant('sharing_receiver');

create unique index sharing_receiver_one on sharing_receiver (merchant_id, account_id, kind, account) where state <> 'removed';

-- What is shared of one payment. rules: as they were when it was paid. base_fen: what was left of the payment when it was
-- shared; unwound_fen: how much of that went back since. rest_id: the number under which the rest is set free.
create table sharing_split (
  merchant_id uuid not null,
  id uuid not null,
  attempt_id uuid not null,
  charge_id uuid not null,
  subject_id uuid not null,
  state text not null,
  rules jsonb not null,
  cap_per_myriad integer not null,
  paid_fen bigint not null,
  base_fen bigint,
  unwound_fen bigint not null default 0,
  requests integer not null default 0,
  rest_id uuid,
  problem text not null default '',
  due_at timestamptz not null,
  held_until timestamptz not null,
  opened_at timestamptz not null,
  ended_at timestamptz,
  constraint sharing_split_pk primary key (merchant_id, id),
  constraint sharing_split_attempt_fk foreign key (merchant_id, attempt_id) references charge_attempt (merchant_id, id),
  constraint sharing_split_of_one unique (merchant_id, attempt_id),
  constraint sharing_split_state_known check (state in ('waiting', 'splitting', 'stuck', 'releasing', 'done')),
  constraint sharing_split_base_fits check (base_fen is null or base_fen between 0 and paid_fen),
  constraint sharing_split_unwound_fits check (unwound_fen between 0 and coalesce(base_fen, 0)),
  constraint sharing_split_planned check (state = 'waiting' or base_fen is not null),
  constraint sharing_split_released check (state <> 'releasing' or rest_id is not null),
  constraint sharing_split_ended check ((state = 'done') = (ended_at is not null)),
  constraint sharing_split_cap check (cap_per_myriad between 0 and 10000)
);

select app.tenant('sharing_split');

create index sharing_split_newest on sharing_split (merchant_id, opened_at, id);

create index sharing_split_open on sharing_split (merchant_id, state) where state <> 'done';

-- One receiver's part of a payment. asked_back_fen is promised back and not there yet; left_fen stays with the receiver
-- although it was asked for: the merchant bears it. request_id: the number at WeChat under which it is, or was, shared.
create table sharing_share (
  merchant_id uuid not null,
  id uuid not null,
  split_id uuid not null,
  receiver_id uuid not null,
  request_id uuid not null,
  position integer not null,
  purpose text not null,
  per_myriad integer not null,
  base text not null,
  amount_fen bigint not null,
  state text not null,
  problem text not null default '',
  asked_back_fen bigint not null default 0,
  returned_fen bigint not null default 0,
  left_fen bigint not null default 0,
  promised_at timestamptz not null,
  paid_at timestamptz,
  constraint sharing_share_pk primary key (merchant_id, id),
  constraint sharing_share_split_fk foreign key (merchant_id, split_id) references sharing_split (merchant_id, id),
  constraint sharing_share_receiver_fk foreign key (merchant_id, receiver_id) references sharing_receiver (merchant_id, id),
  constraint sharing_share_once unique (merchant_id, split_id, receiver_id),
  constraint sharing_share_positive check (amount_fen > 0),
  constraint sharing_share_state_known check (state in ('open', 'paid', 'failed', 'dropped')),
  constraint sharing_share_paid_when check ((state = 'paid') = (paid_at is not null)),
  constraint sharing_share_back_fits check (
    asked_back_fen >= 0 and returned_fen >= 0 and left_fen >= 0
    and asked_back_fen + returned_fen + left_fen <= case when state = 'paid' then amount_fen else 0 end)
);

select app.tenant('sharing_share');

create index sharing_share_request on sharing_share (merchant_id, request_id);

create index sharing_share_paid_at on sharing_share (merchant_id, paid_at) where paid_at is not null;

-- One request at WeChat; its id, as 32 hex digits, is the out_order_no.
create table sharing_request (
  merchant_id uuid not null,
  id uuid not null,
  split_id uuid not null,
  number integer not null,
  state text not null,
  wx_order_id text,
  sent_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  constraint sharing_request_pk primary key (merchant_id, id),
  constraint sharing_request_split_fk foreign key (merchant_id, split_id) references sharing_split (merchant_id, id),
  constraint sharing_request_number unique (merchant_id, split_id, number),
  constraint sharing_request_state_known check (state in ('active', 'ended')),
  constraint sharing_request_ended_when check ((state = 'ended') = (ended_at is not null))
);

select app.tenant('sharing_request');

create unique index sharing_request_one_active on sharing_request (merchant_id, split_id) where state = 'active';

-- Refunds whose shares have been worked out, each once; asked_fen: how much was asked back of receivers for it.
create table sharing_unwound (
  merchant_id uuid not null,
  refund_id uuid not null,
  split_id uuid not null,
  amount_fen bigint not null,
  asked_fen bigint not null,
  at timestamptz not null,
  constraint sharing_unwound_pk primary key (merchant_id, refund_id),
  constraint sharing_unwound_split_fk foreign key (merchant_id, split_id) references sharing_split (merchant_id, id),
  constraint sharing_unwound_fits check (amount_fen > 0 and asked_fen between 0 and amount_fen)
);

select app.tenant('sharing_unwound');

-- A share asked back because of a refund. number_id, as 32 hex digits, is the out_return_no: a new one after a failure.
create table sharing_return (
  merchant_id uuid not null,
  id uuid not null,
  share_id uuid not null,
  split_id uuid not null,
  refund_id uuid not null,
  amount_fen bigint not null,
  number_id uuid not null,
  tries integer not null,
  state text not null,
  problem text not null default '',
  sent_at timestamptz,
  asked_at timestamptz not null,
  returned_at timestamptz,
  ended_at timestamptz,
  constraint sharing_return_pk primary key (merchant_id, id),
  constraint sharing_return_share_fk foreign key (merchant_id, share_id) references sharing_share (merchant_id, id),
  constraint sharing_return_refund_fk foreign key (merchant_id, refund_id) references refund (merchant_id, id),
  constraint sharing_return_once unique (merchant_id, refund_id, share_id),
  constraint sharing_return_number unique (merchant_id, number_id),
  constraint sharing_return_positive check (amount_fen > 0),
  constraint sharing_return_state_known check (state in ('asked', 'failed', 'returned', 'left')),
  constraint sharing_return_returned_when check ((state = 'returned') = (returned_at is not null)),
  constraint sharing_return_ended_when check ((state in ('returned', 'left')) = (ended_at is not null))
);

select app.tenant('sharing_return');

create index sharing_return_share on sharing_return (merchant_id, share_id);
