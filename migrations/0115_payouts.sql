-- Pay-outs: money a merchant gives to a person out of its account at WeChat Pay, who takes it within a day.

-- What the shop itself allows, beside WeChat's own limits (dated data in the program); one row, made when first needed.
create table payout_terms (
  merchant_id uuid not null,
  most_fen bigint not null,
  day_fen bigint not null,
  updated_at timestamptz not null,
  constraint payout_terms_pk primary key (merchant_id),
  constraint payout_terms_most check (most_fen between 1 and 100000000),
  constraint payout_terms_day check (day_fen between most_fen and 10000000000)
);

select app.tenant('payout_terms');

-- What staff send at once, with the same words, to one person or to some.
create table payout_round (
  merchant_id uuid not null,
  id uuid not null,
  face text not null,
  reason text not null,
  amount_fen bigint not null,
  people integer not null,
  remark text not null,
  report jsonb not null,
  fan_ids uuid[] not null,
  staff_id uuid not null,
  staff_name text not null,
  sent_at timestamptz not null,
  constraint payout_round_pk primary key (merchant_id, id),
  constraint payout_round_face_known check (face in ('transfer', 'red_packet')),
  constraint payout_round_positive check (amount_fen > 0),
  constraint payout_round_people check (people >= 1 and people = cardinality(fan_ids))
);

select app.tenant('payout_round');

-- One pay-out; its id, as 32 hex digits, is the out_bill_no, so that a repeat is harmless and a second try is another.
-- locked_at: since when WeChat holds the money for the person; package: what a page opens the sheet with.
create table payout (
  merchant_id uuid not null,
  id uuid not null,
  round_id uuid,
  account_id uuid not null,
  fan_id uuid not null,
  appid text not null,
  openid text not null,
  face text not null,
  reason text not null,
  origin text not null,
  subject_id uuid not null,
  amount_fen bigint not null,
  remark text not null,
  report jsonb not null,
  name_sealed bytea,
  state text not null,
  problem text not null default '',
  wx_state text not null default '',
  wx_bill_no text,
  package text not null default '',
  tries integer not null default 1,
  promised_at timestamptz not null,
  sent_at timestamptz,
  locked_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  constraint payout_pk primary key (merchant_id, id),
  constraint payout_account_fk foreign key (merchant_id, account_id) references pay_account (merchant_id, id),
  constraint payout_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id),
  constraint payout_round_fk foreign key (merchant_id, round_id) references payout_round (merchant_id, id),
  constraint payout_face_known check (face in ('transfer', 'red_packet')),
  constraint payout_state_known check (state in (
    'promised', 'sent', 'stalled', 'waiting', 'taking', 'canceling', 'paid', 'failed', 'expired', 'canceled')),
  constraint payout_positive check (amount_fen > 0),
  constraint payout_said check (length(remark) between 1 and 32),
  constraint payout_origin_named check (origin ~ '^[a-z][a-z_]{1,39}$'),
  constraint payout_unsent check (state <> 'promised' or sent_at is null),
  constraint payout_held_known check (
    state not in ('waiting', 'taking', 'paid') or (wx_bill_no is not null and locked_at is not null)),
  constraint payout_locked_whole check ((locked_at is null) = (expires_at is null)),
  constraint payout_package_in_time check (package = '' or state in ('waiting', 'taking')),
  constraint payout_ended_when check ((state in ('paid', 'failed', 'expired', 'canceled')) = (ended_at is not null)),
  constraint payout_problem_said check (state not in ('stalled', 'failed') or problem <> '')
);

select app.tenant('payout');

create unique index payout_bill_no on payout (merchant_id, wx_bill_no) where wx_bill_no is not null;

create index payout_newest on payout (merchant_id, promised_at desc, id desc);

create index payout_of_fan on payout (merchant_id, fan_id, promised_at desc, id desc);

create index payout_of_subject on payout (merchant_id, subject_id);

create index payout_of_round on payout (merchant_id, round_id) where round_id is not null;

create index payout_locked on payout (merchant_id, locked_at) where locked_at is not null;

create index payout_ended on payout (merchant_id, ended_at) where ended_at is not null;
