-- A refund in its parts: each goes back the way its money came, and each ends by itself.

-- kind and source_id: the way the money came (for a payment, what it was for), so much of it goes back there.
-- A refund of before this table has no rows here and is its own one part.
create table order_refund_part (
  merchant_id uuid not null,
  id uuid not null,
  refund_id uuid not null,
  order_id uuid not null,
  position integer not null,
  kind text not null,
  source_id uuid not null,
  amount_fen bigint not null,
  state text not null,
  label_zh text not null,
  label_en text not null,
  asked_at timestamptz not null,
  settled_at timestamptz,
  constraint order_refund_part_pk primary key (merchant_id, id),
  constraint order_refund_part_refund_fk foreign key (merchant_id, refund_id) references order_refund (merchant_id, id),
  constraint order_refund_part_position unique (merchant_id, refund_id, position),
  constraint order_refund_part_kind_known check (kind in ('wechat', 'offline', 'stored_principal', 'stored_bonus')),
  constraint order_refund_part_positive check (amount_fen >= 1),
  constraint order_refund_part_state_known check (state in ('asked', 'stalled', 'closed', 'settled')),
  constraint order_refund_part_settled_has_time check ((state = 'settled') = (settled_at is not null))
);

select app.tenant('order_refund_part');

create index order_refund_part_of_order on order_refund_part (merchant_id, order_id);

-- Every fen of a refund explained, as it was when it was promised.
alter table order_refund add column explanation jsonb not null default '[]';
