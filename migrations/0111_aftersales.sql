-- After-sales: what a customer asks for after he paid, how it is answered, and what both sides say of it.

create table aftersale (
  merchant_id uuid not null,
  id uuid not null,
  number bigint not null,
  order_id uuid not null,
  fan_id uuid not null,
  kind text not null,
  state text not null,
  reason text not null,
  words text not null,
  pictures jsonb not null,
  lines jsonb not null,
  asked jsonb not null,
  worth_fen bigint not null,
  freight_fen bigint not null,
  amount_fen bigint not null,
  offer_fen bigint,
  refund_id uuid not null,
  by_staff uuid,
  asked_at timestamptz not null,
  moved_at timestamptz not null,
  due_at timestamptz,
  moves integer not null default 0,
  ended_at timestamptz,
  ended_because text not null default '',
  return_to jsonb,
  parcel_company text not null default '',
  parcel_number text not null default '',
  checked_at timestamptz,
  condition text not null default '',
  replacement_id uuid,
  called_by text,
  called_at timestamptz,
  ruled_for text,
  ruled_at timestamptz,
  ruling text not null default '',
  note text not null default '',
  constraint aftersale_pk primary key (merchant_id, id),
  constraint aftersale_number unique (merchant_id, number),
  constraint aftersale_one_refund unique (merchant_id, refund_id),
  constraint aftersale_kind_known check (kind in ('refund_only', 'return_and_refund', 'exchange', 'seller_initiated')),
  constraint aftersale_state_known check (state in ('asked', 'agreed', 'returning', 'received', 'replaced', 'refunding',
    'refused', 'arbitration', 'done', 'withdrawn', 'closed')),
  constraint aftersale_amount_within check (worth_fen > 0 and freight_fen >= 0 and amount_fen > 0
    and amount_fen <= worth_fen + freight_fen),
  constraint aftersale_offer_lower check (offer_fen is null or (offer_fen > 0 and offer_fen < amount_fen)),
  constraint aftersale_ended check ((state in ('done', 'withdrawn', 'closed')) = (ended_at is not null)),
  constraint aftersale_clock check (ended_at is null or due_at is null),
  constraint aftersale_said_little check (length(words) <= 500 and length(note) <= 500 and length(ruling) <= 500),
  constraint aftersale_pictures_few check (jsonb_array_length(pictures) <= 9),
  constraint aftersale_called check ((called_at is null) = (called_by is null)),
  constraint aftersale_called_to_arbitrate check (state <> 'arbitration' or called_at is not null),
  constraint aftersale_ruled check ((ruled_at is null) = (ruled_for is null)
    and (ruled_for is null or ruled_for in ('buyer', 'merchant')))
);

select app.tenant('aftersale');

create index aftersale_of_order on aftersale (merchant_id, order_id);

create index aftersale_of_fan on aftersale (merchant_id, fan_id, number desc);

create index aftersale_desk on aftersale (merchant_id, state, number desc);

create index aftersale_asked on aftersale (merchant_id, asked_at);

create index aftersale_called on aftersale (merchant_id, called_at) where called_at is not null;

-- What happened and what was said in a case, in its order.
create table aftersale_entry (
  merchant_id uuid not null,
  id uuid not null,
  case_id uuid not null,
  nth integer not null,
  at timestamptz not null,
  actor text not null,
  actor_name text not null,
  what text not null,
  words text not null,
  pictures jsonb not null,
  data jsonb not null,
  constraint aftersale_entry_pk primary key (merchant_id, id),
  constraint aftersale_entry_nth unique (merchant_id, case_id, nth),
  constraint aftersale_entry_actor check (actor in ('buyer', 'merchant', 'provider', 'clock')),
  constraint aftersale_entry_short check (length(words) <= 500 and jsonb_array_length(pictures) <= 9)
);

select app.tenant('aftersale_entry');

-- How many pieces of an order's line are in open cases, and for how much money: never more than were bought.
create table aftersale_held (
  merchant_id uuid not null,
  line_id uuid not null,
  quantity integer not null,
  paid_fen bigint not null,
  held integer not null,
  held_fen bigint not null,
  constraint aftersale_held_pk primary key (merchant_id, line_id),
  constraint aftersale_held_pieces check (held between 0 and quantity),
  constraint aftersale_held_money check (held_fen between 0 and paid_fen)
);

select app.tenant('aftersale_held');

create table aftersale_setting (
  merchant_id uuid not null,
  return_to jsonb,
  exceptions jsonb not null default '[]',
  constraint aftersale_setting_pk primary key (merchant_id),
  constraint aftersale_setting_few check (jsonb_array_length(exceptions) <= 500)
);

select app.tenant('aftersale_setting');
