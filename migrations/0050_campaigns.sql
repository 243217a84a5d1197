-- Coupons: what a merchant offers, and who holds one.

create table coupon (
  merchant_id uuid not null,
  id uuid not null,
  name text not null,
  minus_fen bigint not null,
  min_spend_fen bigint not null,
  total integer not null,
  per_person integer not null,
  valid_days integer not null,
  state text not null,
  claimed integer not null default 0,
  used integer not null default 0,
  created_at timestamptz not null,
  constraint coupon_pk primary key (merchant_id, id),
  constraint coupon_name_given check (length(name) between 1 and 30),
  constraint coupon_minus_positive check (minus_fen >= 1),
  constraint coupon_min_spend_natural check (min_spend_fen >= 0),
  constraint coupon_per_person_sane check (per_person between 1 and 100),
  constraint coupon_valid_days_sane check (valid_days between 1 and 365),
  constraint coupon_state_known check (state in ('on', 'off')),
  constraint coupon_never_overissued check (claimed between 0 and total),
  constraint coupon_used_within check (used between 0 and claimed)
);

select app.tenant('coupon');

-- One piece of a coupon in somebody's hands. nth makes "at most per_person each" a unique key.
create table coupon_piece (
  merchant_id uuid not null,
  id uuid not null,
  coupon_id uuid not null,
  fan_id uuid not null,
  nth integer not null,
  state text not null,
  order_id uuid,
  claimed_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint coupon_piece_pk primary key (merchant_id, id),
  constraint coupon_piece_coupon_fk foreign key (merchant_id, coupon_id) references coupon (merchant_id, id),
  constraint coupon_piece_nth_once unique (merchant_id, coupon_id, fan_id, nth),
  constraint coupon_piece_state_known check (state in ('unused', 'held', 'used')),
  constraint coupon_piece_order_when_taken check ((state = 'unused') = (order_id is null))
);

select app.tenant('coupon_piece');

create index coupon_piece_of_fan on coupon_piece (merchant_id, fan_id, state);

create unique index coupon_piece_one_per_order on coupon_piece (merchant_id, order_id) where order_id is not null;
