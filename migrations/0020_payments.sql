-- Payments: pay accounts, charges and their attempts, refunds, the ledger, bills.
-- Every invariant that the verbs keep is said again here: unique keys, checks, and what is not granted.

-- How a merchant is paid: the numbers at WeChat Pay and the keys. A new number is a new row, because old charges
-- are still asked after, refunded and billed under the old one; one row is in use.
create table pay_account (
  merchant_id uuid not null,
  id uuid not null,
  version bigint not null,
  in_use boolean not null,
  mode text not null,
  mchid text not null,
  sub_mchid text not null default '',
  appid text not null,
  sp_appid text not null default '',
  serial text not null default '',
  private_key_sealed bytea,
  private_key_print text not null default '',
  apiv3_key_sealed bytea,
  apiv3_key_print text not null default '',
  public_key_id text not null default '',
  public_key_pem text not null default '',
  certificates jsonb not null default '[]',
  certificates_at timestamptz,
  fee_per_myriad bigint not null default 60,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pay_account_pk primary key (merchant_id, id),
  constraint pay_account_mode_known check (mode in ('direct', 'partner')),
  constraint pay_account_mode_whole check (
    (mode = 'direct' and sub_mchid = '' and sp_appid = '') or (mode = 'partner' and sub_mchid <> '' and sp_appid <> '')),
  constraint pay_account_fee_sane check (fee_per_myriad between 0 and 1000)
);

select app.tenant('pay_account');

create unique index pay_account_numbers on pay_account (merchant_id, mchid, sub_mchid);

create unique index pay_account_one_in_use on pay_account (merchant_id) where in_use;

-- What is asked of a payer, for an opaque subject. The attempts carry the money.
create table charge (
  merchant_id uuid not null,
  id uuid not null,
  subject_id uuid not null,
  purpose text not null,
  payer_openid text not null,
  description text not null,
  amount_fen bigint not null,
  state text not null,
  paid_attempt_id uuid,
  transaction_id text,
  reason text not null default '',
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  closed_at timestamptz,
  constraint charge_pk primary key (merchant_id, id),
  constraint charge_purpose_known check (purpose in ('sale', 'test')),
  constraint charge_state_known check (state in ('open', 'closing', 'closed', 'paid')),
  constraint charge_amount_positive check (amount_fen > 0),
  constraint charge_described check (length(description) between 1 and 127),
  constraint charge_paid_by_one check (
    (state = 'paid') = (paid_attempt_id is not null and paid_at is not null and transaction_id is not null)),
  constraint charge_closed_when check ((state = 'closed') = (closed_at is not null)),
  constraint charge_time_forward check (expires_at > opened_at)
);

select app.tenant('charge');

create unique index charge_subject on charge (merchant_id, subject_id);

-- One order at WeChat Pay; its id, as 32 hex digits, is the out_trade_no.
create table charge_attempt (
  merchant_id uuid not null,
  id uuid not null,
  charge_id uuid not null,
  account_id uuid not null,
  kind text not null,
  appid text not null,
  sp_appid text not null default '',
  payer_openid text not null,
  amount_fen bigint not null,
  state text not null,
  prepay_id text not null default '',
  code_url text not null default '',
  prepay_until timestamptz,
  transaction_id text,
  paid_fen bigint not null default 0,
  refunded_fen bigint not null default 0,
  last_refund_at timestamptz,
  last_refund_id uuid,
  opened_at timestamptz not null,
  paid_at timestamptz,
  closed_at timestamptz,
  billed_on date,
  constraint charge_attempt_pk primary key (merchant_id, id),
  constraint charge_attempt_charge_fk foreign key (merchant_id, charge_id) references charge (merchant_id, id),
  constraint charge_attempt_account_fk foreign key (merchant_id, account_id) references pay_account (merchant_id, id),
  constraint charge_attempt_kind_known check (kind in ('jsapi', 'native')),
  constraint charge_attempt_state_known check (state in ('active', 'closed', 'paid', 'stray')),
  constraint charge_attempt_amount check (amount_fen > 0),
  constraint charge_attempt_paid_whole check (paid_fen = case when state in ('paid', 'stray') then amount_fen else 0 end),
  constraint charge_attempt_paid_known check (
    (state in ('paid', 'stray')) = (transaction_id is not null and paid_at is not null)),
  constraint charge_attempt_refunds_fit check (refunded_fen between 0 and paid_fen)
);

select app.tenant('charge_attempt');

create unique index charge_attempt_one_active on charge_attempt (merchant_id, charge_id) where state = 'active';

create unique index charge_attempt_one_paid on charge_attempt (merchant_id, charge_id) where state = 'paid';

create unique index charge_attempt_transaction on charge_attempt (merchant_id, transaction_id) where transaction_id is not null;

create index charge_attempt_of on charge_attempt (merchant_id, charge_id);

create index charge_attempt_paid_at on charge_attempt (merchant_id, paid_at) where paid_at is not null;

create table refund (
  merchant_id uuid not null,
  id uuid not null,
  charge_id uuid not null,
  attempt_id uuid not null,
  subject_id uuid not null,
  origin text not null,
  amount_fen bigint not null,
  reason text not null,
  lines jsonb not null default '[]',
  state text not null,
  problem text not null default '',
  tries bigint not null default 1,
  asked_at timestamptz not null,
  settled_at timestamptz,
  constraint refund_pk primary key (merchant_id, id),
  constraint refund_charge_fk foreign key (merchant_id, charge_id) references charge (merchant_id, id),
  constraint refund_attempt_fk foreign key (merchant_id, attempt_id) references charge_attempt (merchant_id, id),
  constraint refund_origin_known check (origin in ('asked', 'stray', 'test')),
  constraint refund_state_known check (state in ('requested', 'sent', 'abnormal', 'settled', 'closed')),
  constraint refund_amount_positive check (amount_fen > 0),
  constraint refund_reason_short check (length(reason) <= 80),
  constraint refund_settled_when check ((state = 'settled') = (settled_at is not null))
);

select app.tenant('refund');

create index refund_newest on refund (merchant_id, asked_at desc, id desc);

create index refund_of on refund (merchant_id, attempt_id);

create index refund_subject on refund (merchant_id, subject_id);

-- One refund order at WeChat Pay; its id, as 32 hex digits, is the out_refund_no.
create table refund_attempt (
  merchant_id uuid not null,
  id uuid not null,
  refund_id uuid not null,
  number bigint not null,
  state text not null,
  wx_refund_id text,
  sent_at timestamptz,
  accepted_at timestamptz,
  ended_at timestamptz,
  billed_on date,
  created_at timestamptz not null,
  constraint refund_attempt_pk primary key (merchant_id, id),
  constraint refund_attempt_refund_fk foreign key (merchant_id, refund_id) references refund (merchant_id, id),
  constraint refund_attempt_state_known check (state in ('active', 'settled', 'closed')),
  constraint refund_attempt_number_natural check (number >= 1)
);

select app.tenant('refund_attempt');

create unique index refund_attempt_number on refund_attempt (merchant_id, refund_id, number);

create unique index refund_attempt_one_open on refund_attempt (merchant_id, refund_id) where state <> 'closed';

create index refund_attempt_accepted on refund_attempt (merchant_id, accepted_at) where accepted_at is not null;

-- What WeChat Pay told us, once each. Kept in the same commit as its effect.
create table pay_notice (
  merchant_id uuid not null,
  id text not null,
  event_type text not null,
  number text not null,
  resource jsonb not null,
  state text not null,
  problem text not null default '',
  received_at timestamptz not null,
  constraint pay_notice_pk primary key (merchant_id, id),
  constraint pay_notice_state_known check (state in ('applied', 'suspicious', 'ignored')),
  constraint pay_notice_problem_said check ((state = 'suspicious') = (problem <> ''))
);

select app.tenant('pay_notice');

create index pay_notice_newest on pay_notice (merchant_id, received_at desc);

-- Refused notices (forged, stale, unknown key), counted by the hour, so that a flood cannot fill the disk.
create table pay_notice_refused (
  merchant_id uuid not null,
  hour timestamptz not null,
  why text not null,
  times bigint not null,
  last_at timestamptz not null,
  last_serial text not null,
  constraint pay_notice_refused_pk primary key (merchant_id, hour, why)
);

select app.tenant('pay_notice_refused');

-- A posting is one row, so the ledger cannot be unbalanced; it is never changed nor deleted.
create table posting (
  merchant_id uuid not null,
  id uuid not null,
  debit text not null,
  credit text not null,
  amount_fen bigint not null,
  kind text not null,
  source_id uuid not null,
  charge_id uuid,
  day date not null,
  at timestamptz not null,
  note text not null default '',
  constraint posting_pk primary key (merchant_id, id),
  constraint posting_amount_positive check (amount_fen > 0),
  constraint posting_two_sides check (debit <> credit),
  constraint posting_accounts_known check (
    array[debit, credit] <@ array['cash_at_wechat', 'sales', 'refunds', 'fees', 'unmatched', 'refunds_payable', 'suspense'])
);

select app.tenant('posting');

revoke update, delete on posting from tongshang_app, tongshang_system;

create unique index posting_once on posting (merchant_id, source_id, kind);

create index posting_day on posting (merchant_id, day);

create index posting_charge on posting (merchant_id, charge_id) where charge_id is not null;

-- All postings of an account up to and including a day, added up; a balance is the last of these plus what came after.
create table ledger_snapshot (
  merchant_id uuid not null,
  day date not null,
  account text not null,
  debit_fen bigint not null,
  credit_fen bigint not null,
  constraint ledger_snapshot_pk primary key (merchant_id, day, account),
  constraint ledger_snapshot_natural check (debit_fen >= 0 and credit_fen >= 0)
);

select app.tenant('ledger_snapshot');

revoke update, delete on ledger_snapshot from tongshang_app, tongshang_system;

-- A bill as WeChat Pay made it, compressed, with its own hash.
create table bill (
  merchant_id uuid not null,
  day date not null,
  account_id uuid not null,
  kind text not null,
  sha1 text not null,
  raw bytea not null,
  fetched_at timestamptz not null,
  constraint bill_pk primary key (merchant_id, day, account_id, kind),
  constraint bill_account_fk foreign key (merchant_id, account_id) references pay_account (merchant_id, id),
  constraint bill_kind_known check (kind in ('trade', 'fund'))
);

select app.tenant('bill');

-- How far the comparison of a day is.
create table bill_day (
  merchant_id uuid not null,
  day date not null,
  state text not null,
  paid_fen bigint not null default 0,
  refund_fen bigint not null default 0,
  fee_fen bigint not null default 0,
  problem text not null default '',
  asked_at timestamptz not null,
  compared_at timestamptz,
  constraint bill_day_pk primary key (merchant_id, day),
  constraint bill_day_state_known check (state in ('waiting', 'making', 'agreed', 'differences', 'none'))
);

select app.tenant('bill_day');

create table bill_difference (
  merchant_id uuid not null,
  id uuid not null,
  day date not null,
  account_id uuid not null,
  kind text not null,
  number text not null,
  ours jsonb,
  theirs jsonb,
  state text not null,
  action text not null default '',
  note text not null default '',
  found_at timestamptz not null,
  resolved_at timestamptz,
  constraint bill_difference_pk primary key (merchant_id, id),
  constraint bill_difference_day_fk foreign key (merchant_id, day) references bill_day (merchant_id, day),
  constraint bill_difference_state_known check (state in ('open', 'resolved', 'gone')),
  constraint bill_difference_resolved check ((state = 'resolved') = (resolved_at is not null and action <> ''))
);

select app.tenant('bill_difference');

create unique index bill_difference_once on bill_difference (merchant_id, day, account_id, kind, number);
