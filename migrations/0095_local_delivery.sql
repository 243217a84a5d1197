-- Merchant delivery: the shop's own people bring goods to districts near by, and what they charge for it.

-- regions: codes of provinces, cities or districts; windows: when they come, as the customer chooses. null: never said.
alter table freight add column local jsonb constraint freight_local_shape check (local is null or (
  jsonb_typeof(local) = 'object' and jsonb_typeof(local -> 'regions') = 'array'
  and (local ->> 'fee_fen')::bigint between 0 and 1000000));

-- squawk-ignore ban-drop-constraint
alter table orders drop constraint orders_delivery_known;

alter table orders add constraint orders_delivery_known
  check (delivery in ('express', 'local', 'pickup', 'none')) not valid;

-- When the shop's people shall come stands in the address that the order keeps.
alter table orders add constraint orders_local_has_address check (delivery <> 'local' or address is not null) not valid;

-- squawk-ignore ban-drop-constraint
alter table order_part drop constraint order_part_fulfilment_known;

alter table order_part add constraint order_part_fulfilment_known
  check (fulfilment in ('express', 'local', 'pickup', 'service', 'ticket', 'virtual')) not valid;

-- Who of the shop brings an order, and when it arrived. Whoever brings it may be called.
create table local_delivery (
  merchant_id uuid not null,
  order_id uuid not null,
  courier text not null,
  phone text not null,
  sent_at timestamptz not null,
  sent_by uuid not null,
  delivered_at timestamptz,
  delivered_by uuid,
  constraint local_delivery_pk primary key (merchant_id, order_id),
  constraint local_delivery_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint local_delivery_courier_short check (length(courier) <= 20),
  constraint local_delivery_phone_shape check (phone ~ '^[0-9 -]{0,20}$'),
  constraint local_delivery_end check ((delivered_at is null) = (delivered_by is null))
);

select app.tenant('local_delivery');
