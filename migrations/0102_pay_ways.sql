-- Other ways to pay than inside WeChat: by scanning, in a browser, by the code at the counter, and offline.

-- squawk-ignore ban-drop-constraint
alter table charge_attempt drop constraint charge_attempt_kind_known;

alter table charge_attempt add constraint charge_attempt_kind_known
  check (kind in ('jsapi', 'native', 'h5', 'micropay', 'offline')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table charge_attempt validate constraint charge_attempt_kind_known;

-- What is paid offline passes no account at WeChat Pay.
-- squawk-ignore ban-drop-not-null
alter table charge_attempt alter column account_id drop not null;

alter table charge_attempt add constraint charge_attempt_account_known
  check ((account_id is null) = (kind = 'offline')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table charge_attempt validate constraint charge_attempt_account_known;

-- The ledger's chart grows with what is paid for; which accounts there are, the chart in the program says.
-- squawk-ignore ban-drop-constraint
alter table posting drop constraint posting_accounts_known;

alter table posting add constraint posting_accounts_named
  check (debit ~ '^[a-z][a-z_]{1,39}$' and credit ~ '^[a-z][a-z_]{1,39}$') not valid;

-- squawk-ignore constraint-missing-not-valid
alter table posting validate constraint posting_accounts_named;

-- Money that was taken (or given back) by hand: who says so, how, and why. id: the attempt's, or the refund's.
create table offline_money (
  merchant_id uuid not null,
  id uuid not null,
  direction text not null,
  charge_id uuid not null,
  amount_fen bigint not null,
  method text not null,
  note text not null,
  staff_id uuid not null,
  staff_name text not null,
  at timestamptz not null,
  constraint offline_money_pk primary key (merchant_id, id),
  constraint offline_money_charge_fk foreign key (merchant_id, charge_id) references charge (merchant_id, id),
  constraint offline_money_direction_known check (direction in ('in', 'out')),
  constraint offline_money_method_known check (method in ('cash', 'transfer', 'other')),
  constraint offline_money_explained check (length(note) between 1 and 200),
  constraint offline_money_positive check (amount_fen > 0)
);

select app.tenant('offline_money');

revoke update, delete on offline_money from tongshang_app, tongshang_system;

create index offline_money_charge on offline_money (merchant_id, charge_id);
