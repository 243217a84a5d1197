-- Stored value: what people paid ahead (principal) and what they were given with it (bonus), kept apart.

-- What is held for somebody. The two never mix and never go below nothing.
-- holder: who he says he is, once he did; a named account may hold more (see the dated rules in the program).
create table wallet (
  merchant_id uuid not null,
  fan_id uuid not null,
  principal_fen bigint not null default 0,
  bonus_fen bigint not null default 0,
  moves bigint not null default 0,
  holder_sealed bytea,
  named_at timestamptz,
  opened_at timestamptz not null,
  constraint wallet_pk primary key (merchant_id, fan_id),
  constraint wallet_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id),
  constraint wallet_principal_not_below check (principal_fen >= 0),
  constraint wallet_bonus_not_below check (bonus_fen >= 0),
  constraint wallet_named_whole check ((named_at is null) = (holder_sealed is null))
);

select app.tenant('wallet');

-- What can be bought: pay so much, get so much with it.
create table recharge_offer (
  merchant_id uuid not null,
  id uuid not null,
  pay_fen bigint not null,
  bonus_fen bigint not null,
  state text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint recharge_offer_pk primary key (merchant_id, id),
  constraint recharge_offer_state_known check (state in ('on', 'off')),
  constraint recharge_offer_pays check (pay_fen between 1 and 500000),
  constraint recharge_offer_gives check (bonus_fen between 0 and pay_fen)
);

select app.tenant('recharge_offer');

-- One recharge: asked for, paid, and then a lot of its own, of which so much is left. What comes back goes back to it.
create table recharge (
  merchant_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  offer_id uuid not null,
  pay_fen bigint not null,
  bonus_fen bigint not null,
  state text not null,
  principal_left_fen bigint not null default 0,
  bonus_left_fen bigint not null default 0,
  returned_fen bigint not null default 0,
  voided_fen bigint not null default 0,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  constraint recharge_pk primary key (merchant_id, id),
  constraint recharge_fan_fk foreign key (merchant_id, fan_id) references fan (merchant_id, id),
  constraint recharge_state_known check (state in ('open', 'paid')),
  constraint recharge_paid_when check ((state = 'paid') = (paid_at is not null)),
  constraint recharge_principal_left check (principal_left_fen between 0 and pay_fen - returned_fen),
  constraint recharge_bonus_left check (bonus_left_fen between 0 and bonus_fen - voided_fen),
  constraint recharge_unpaid_is_empty check (state = 'paid' or principal_left_fen + bonus_left_fen + returned_fen = 0)
);

select app.tenant('recharge');

create index recharge_of_fan on recharge (merchant_id, fan_id, id);

create index recharge_lots on recharge (merchant_id, fan_id, paid_at, id) where state = 'paid';

-- Every change of a wallet, in a row without a gap, each once for what caused it. Never changed.
-- lots: which recharges it took from or gave back to, with the principal and the bonus of each.
create table wallet_move (
  merchant_id uuid not null,
  fan_id uuid not null,
  nth bigint not null,
  kind text not null,
  source_id uuid not null,
  subject_id uuid not null,
  principal_fen bigint not null,
  bonus_fen bigint not null,
  principal_after_fen bigint not null,
  bonus_after_fen bigint not null,
  lots jsonb not null,
  note text not null default '',
  at timestamptz not null,
  constraint wallet_move_pk primary key (merchant_id, fan_id, nth),
  constraint wallet_move_once unique (merchant_id, source_id, kind),
  constraint wallet_move_wallet_fk foreign key (merchant_id, fan_id) references wallet (merchant_id, fan_id),
  constraint wallet_move_kind_known check (kind in ('recharge', 'hold', 'release', 'refund', 'return')),
  constraint wallet_move_some check (principal_fen <> 0 or bonus_fen <> 0),
  constraint wallet_move_not_below check (principal_after_fen >= 0 and bonus_after_fen >= 0)
);

select app.tenant('wallet_move');

revoke update, delete on wallet_move from tongshang_app, tongshang_system;

create index wallet_move_subject on wallet_move (merchant_id, subject_id);

-- Principal on its way back to who paid it, by the way it came.
create table recharge_return (
  merchant_id uuid not null,
  id uuid not null,
  recharge_id uuid not null,
  fan_id uuid not null,
  amount_fen bigint not null,
  voided_fen bigint not null,
  reason text not null,
  by_shop boolean not null,
  state text not null,
  asked_at timestamptz not null,
  settled_at timestamptz,
  constraint recharge_return_pk primary key (merchant_id, id),
  constraint recharge_return_recharge_fk foreign key (merchant_id, recharge_id) references recharge (merchant_id, id),
  constraint recharge_return_positive check (amount_fen >= 1 and voided_fen >= 0),
  constraint recharge_return_state_known check (state in ('asked', 'stalled', 'closed', 'settled')),
  constraint recharge_return_settled_when check ((state = 'settled') = (settled_at is not null))
);

select app.tenant('recharge_return');

create index recharge_return_newest on recharge_return (merchant_id, asked_at desc, id desc);

-- What of an order is paid otherwise than by a charge.
create table order_tender (
  merchant_id uuid not null,
  order_id uuid not null,
  kind text not null,
  source_id uuid not null,
  amount_fen bigint not null,
  state text not null,
  held_at timestamptz not null,
  ended_at timestamptz,
  constraint order_tender_pk primary key (merchant_id, order_id, kind),
  constraint order_tender_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint order_tender_kind_known check (kind in ('stored_principal', 'stored_bonus')),
  constraint order_tender_positive check (amount_fen >= 1),
  constraint order_tender_state_known check (state in ('held', 'taken', 'given_back')),
  constraint order_tender_ended_when check ((state = 'held') = (ended_at is null))
);

select app.tenant('order_tender');

create index order_tender_held on order_tender (merchant_id, kind) where state = 'held';

alter table orders add column tendered_fen bigint not null default 0;

alter table orders add constraint orders_tender_within check (tendered_fen between 0 and total_fen) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table orders validate constraint orders_tender_within;

-- squawk-ignore ban-drop-constraint
alter table charge drop constraint charge_purpose_known;

alter table charge add constraint charge_purpose_known check (purpose in ('sale', 'test', 'recharge')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table charge validate constraint charge_purpose_known;

-- squawk-ignore ban-drop-constraint
alter table refund drop constraint refund_origin_known;

alter table refund add constraint refund_origin_known check (origin in ('asked', 'stray', 'test', 'recharge')) not valid;

-- squawk-ignore constraint-missing-not-valid
alter table refund validate constraint refund_origin_known;
