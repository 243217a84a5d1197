-- Buying: addresses, carts, freight, orders and what was promised for each of their lines.

create table address (
  merchant_id uuid not null,
  id uuid not null,
  fan_id uuid not null,
  name text not null,
  phone text not null,
  region jsonb not null,
  detail text not null,
  is_default boolean not null,
  created_at timestamptz not null,
  constraint address_pk primary key (merchant_id, id),
  constraint address_name_given check (length(name) between 1 and 20),
  constraint address_phone_shape check (phone ~ '^1[0-9]{10}$'),
  constraint address_detail_given check (length(detail) between 1 and 100)
);

select app.tenant('address');

create index address_of_fan on address (merchant_id, fan_id);

create unique index address_one_default on address (merchant_id, fan_id) where is_default;

create table cart_line (
  merchant_id uuid not null,
  fan_id uuid not null,
  variant_id uuid not null,
  quantity integer not null,
  selected boolean not null,
  added_at timestamptz not null,
  constraint cart_line_pk primary key (merchant_id, fan_id, variant_id),
  constraint cart_line_variant_fk foreign key (merchant_id, variant_id) references variant (merchant_id, id),
  constraint cart_line_quantity_sane check (quantity between 1 and 999)
);

select app.tenant('cart_line');

create table freight (
  merchant_id uuid not null,
  flat_fen bigint not null,
  free_over_fen bigint,
  constraint freight_pk primary key (merchant_id),
  constraint freight_natural check (flat_fen between 0 and 100000),
  constraint freight_free_over_natural check (free_over_fen >= 1)
);

select app.tenant('freight');

create table orders (
  merchant_id uuid not null,
  id uuid not null,
  number bigint not null,
  fan_id uuid not null,
  state text not null,
  delivery text not null,
  goods_fen bigint not null,
  discount_fen bigint not null,
  freight_fen bigint not null,
  total_fen bigint not null,
  refunded_fen bigint not null default 0,
  refunded_freight_fen bigint not null default 0,
  coupon_id uuid,
  explanation jsonb not null,
  address jsonb,
  remark text not null,
  memo text not null default '',
  asked bytea not null,
  placed_at timestamptz not null,
  pay_by timestamptz not null,
  paid_at timestamptz,
  shipped_at timestamptz,
  completed_at timestamptz,
  closed_at timestamptz,
  close_reason text,
  constraint orders_pk primary key (merchant_id, id),
  constraint orders_number_once unique (merchant_id, number),
  constraint orders_state_known check (state in ('unpaid', 'closing', 'paid', 'shipped', 'completed', 'closed')),
  constraint orders_delivery_known check (delivery in ('express', 'pickup')),
  constraint orders_sum_exact check (total_fen = goods_fen - discount_fen + freight_fen),
  constraint orders_total_positive check (total_fen >= 1 and discount_fen >= 0 and freight_fen >= 0),
  constraint orders_refund_within check (refunded_fen between 0 and total_fen),
  constraint orders_refund_freight_within check (refunded_freight_fen between 0 and freight_fen),
  constraint orders_refund_means_paid check (refunded_fen = 0 or paid_at is not null),
  constraint orders_paid_has_time check ((state in ('paid', 'shipped', 'completed')) <= (paid_at is not null)),
  constraint orders_express_has_address check (delivery <> 'express' or address is not null)
);

select app.tenant('orders');

create index orders_of_fan on orders (merchant_id, fan_id, id desc);

create index orders_by_state on orders (merchant_id, state, id desc);

create index orders_by_day on orders (merchant_id, placed_at);

create table order_line (
  merchant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  position integer not null,
  product_id uuid not null,
  variant_id uuid not null,
  title text not null,
  options jsonb not null,
  picture_id uuid,
  unit_price_fen bigint not null,
  quantity integer not null,
  goods_fen bigint not null,
  discount_fen bigint not null,
  paid_fen bigint not null,
  refunded_quantity integer not null default 0,
  refunded_fen bigint not null default 0,
  constraint order_line_pk primary key (merchant_id, id),
  constraint order_line_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint order_line_quantity_positive check (quantity >= 1),
  constraint order_line_goods_exact check (goods_fen = unit_price_fen * quantity),
  constraint order_line_paid_exact check (paid_fen = goods_fen - discount_fen and paid_fen >= 0 and discount_fen >= 0),
  constraint order_line_refund_within check (refunded_fen between 0 and paid_fen),
  constraint order_line_refund_count_within check (refunded_quantity between 0 and quantity)
);

select app.tenant('order_line');

create index order_line_of_order on order_line (merchant_id, order_id, position);

-- Places a batch of one merchant's orders: locks every stock row first, in id order, then takes each order
-- in turn. An order that cannot have all of its lines holds nothing. Answers with the orders it refused:
-- (order, variant, how many are left).
create function app.place_orders(m uuid, moment timestamptz, batch jsonb)
returns table (order_id uuid, variant_id uuid, available integer) language plpgsql as $$
declare
  o jsonb;
  l record;
  first_number bigint;
  short boolean;
begin
  perform 1 from stock s where s.merchant_id = m and s.variant_id in (
    select (x ->> 'variant_id')::uuid from jsonb_array_elements(batch) b, jsonb_array_elements(b -> 'lines') x)
  order by s.variant_id for update;
  insert into counter (merchant_id, name, value) values (m, 'order', jsonb_array_length(batch))
    on conflict (merchant_id, name) do update set value = counter.value + excluded.value
    returning value - jsonb_array_length(batch) into first_number;
  for o in select value from jsonb_array_elements(batch) loop
    short := false;
    for l in select (x ->> 'variant_id')::uuid as variant, sum((x ->> 'quantity')::integer)::integer as quantity
             from jsonb_array_elements(o -> 'lines') x group by 1 loop
      select coalesce(min(s.on_hand - s.reserved), 0) into available from stock s
        where s.merchant_id = m and s.variant_id = l.variant;
      if available < l.quantity then
        short := true;
        order_id := (o ->> 'id')::uuid;
        variant_id := l.variant;
        return next;
      end if;
    end loop;
    continue when short;
    first_number := first_number + 1;
    insert into stock_hold (merchant_id, holder_id, variant_id, quantity, state, at)
      select m, (o ->> 'id')::uuid, (x ->> 'variant_id')::uuid, sum((x ->> 'quantity')::integer), 'held', moment
      from jsonb_array_elements(o -> 'lines') x group by 3;
    update stock s set reserved = s.reserved + h.quantity from stock_hold h
      where s.merchant_id = m and h.merchant_id = m and h.holder_id = (o ->> 'id')::uuid and s.variant_id = h.variant_id;
    insert into orders (merchant_id, id, number, fan_id, state, delivery, goods_fen, discount_fen, freight_fen,
        total_fen, coupon_id, explanation, address, remark, asked, placed_at, pay_by)
      select m, r.id, 100000 + first_number, r.fan_id, 'unpaid', r.delivery, r.goods_fen, r.discount_fen,
        r.freight_fen, r.total_fen, r.coupon_id, r.explanation, nullif(r.address, 'null'::jsonb), r.remark,
        decode(r.asked, 'hex'), moment, r.pay_by
      from jsonb_to_record(o) as r(id uuid, fan_id uuid, delivery text, goods_fen bigint, discount_fen bigint,
        freight_fen bigint, total_fen bigint, coupon_id uuid, explanation jsonb, address jsonb, remark text,
        asked text, pay_by timestamptz);
    insert into order_line (merchant_id, id, order_id, position, product_id, variant_id, title, options, picture_id,
        unit_price_fen, quantity, goods_fen, discount_fen, paid_fen)
      select m, r.id, (o ->> 'id')::uuid, r.position, r.product_id, r.variant_id, r.title, r.options, r.picture_id,
        r.unit_price_fen, r.quantity, r.goods_fen, r.discount_fen, r.paid_fen
      from jsonb_to_recordset(o -> 'lines') as r(id uuid, position integer, product_id uuid, variant_id uuid,
        title text, options jsonb, picture_id uuid, unit_price_fen bigint, quantity integer, goods_fen bigint,
        discount_fen bigint, paid_fen bigint);
  end loop;
  perform app.shelf_changed(m, array(
    select distinct (x ->> 'product_id')::uuid
    from jsonb_array_elements(batch) b, jsonb_array_elements(b -> 'lines') x));
end $$;

grant execute on function app.place_orders to tongshang_app, tongshang_system;

create table order_refund (
  merchant_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  amount_fen bigint not null,
  freight_fen bigint not null,
  lines jsonb not null,
  reason text not null,
  state text not null,
  asked_at timestamptz not null,
  settled_at timestamptz,
  constraint order_refund_pk primary key (merchant_id, id),
  constraint order_refund_order_fk foreign key (merchant_id, order_id) references orders (merchant_id, id),
  constraint order_refund_positive check (amount_fen >= 1 and freight_fen between 0 and amount_fen),
  constraint order_refund_state_known check (state in ('asked', 'stalled', 'closed', 'settled')),
  constraint order_refund_settled_has_time check ((state = 'settled') = (settled_at is not null))
);

select app.tenant('order_refund');

create index order_refund_of_order on order_refund (merchant_id, order_id);
