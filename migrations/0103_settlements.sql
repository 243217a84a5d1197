-- What WeChat held for a merchant, paid out and took, by day and account: added up from its own fund-flow bill, which
-- may lie: that opening and movements make the closing is compared, not enforced.
create table fund_day (
  merchant_id uuid not null,
  day date not null,
  account_id uuid not null,
  income_fen bigint not null,
  refunds_fen bigint not null,
  fees_fen bigint not null,
  paid_out_fen bigint not null,
  put_in_fen bigint not null,
  other_fen bigint not null,
  opening_fen bigint not null,
  closing_fen bigint not null,
  lines integer not null,
  fetched_at timestamptz not null,
  constraint fund_day_pk primary key (merchant_id, day, account_id),
  constraint fund_day_account_fk foreign key (merchant_id, account_id) references pay_account (merchant_id, id)
);

select app.tenant('fund_day');

-- The third side of a difference: what moved on the account for it, where a fund-flow bill was there to say.
alter table bill_difference add column moved jsonb;
