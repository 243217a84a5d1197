-- Presales: a deposit is paid when the order is placed, the balance within a window later, and then it is sent.

-- What of the total is the deposit; more than nothing marks an order as a presale.
alter table orders add column deposit_fen bigint not null default 0;

alter table orders add constraint orders_deposit_is_part
  check (deposit_fen = 0 or (deposit_fen between 1 and total_fen - 1)) not valid;

-- squawk-ignore ban-drop-constraint
alter table orders drop constraint orders_state_known;

alter table orders add constraint orders_state_known
  check (state in ('unpaid', 'closing', 'deposit', 'paid', 'shipped', 'completed', 'closed')) not valid;

-- Of an order whose balance never came, the deposit at most.
-- squawk-ignore ban-drop-constraint
alter table orders drop constraint orders_refund_means_paid;

alter table orders add constraint orders_refund_means_paid
  check (refunded_fen = 0 or paid_at is not null or refunded_fen <= deposit_fen) not valid;

alter table orders add constraint orders_deposit_has_one check (state <> 'deposit' or deposit_fen > 0) not valid;

-- The second payment of a presale; its id is what its charge is for. refund_id: under which the deposit goes back, where
-- the merchant lets it.
create table order_balance (
  merchant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  amount_fen bigint not null,
  opens_at timestamptz not null,
  pay_by timestamptz not null,
  ships_by date not null,
  state text not null,
  reason text not null default '',
  refund_id uuid,
  ended_at timestamptz,
  constraint order_balance_pk primary key (merchant_id, id),
  constraint order_balance_once unique (merchant_id, order_id),
  constraint order_balance_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint order_balance_some check (amount_fen >= 1),
  constraint order_balance_window check (opens_at < pay_by),
  constraint order_balance_state_known check (state in ('owed', 'closing', 'paid', 'missed', 'dropped')),
  constraint order_balance_end_has_time check ((state in ('paid', 'missed', 'dropped')) = (ended_at is not null))
);

select app.tenant('order_balance');
