-- Placing: what each person bought of goods that are limited, and orders written for less.

-- What somebody bought of a product that is limited by person; an order that comes to nothing takes its row with it.
-- upto: how many that makes within the days that count, most: how many there may be. Two orders of one moment cannot
-- both be the nth.
create table purchase (
  merchant_id uuid not null,
  product_id uuid not null,
  fan_id uuid not null,
  nth integer not null,
  order_id uuid not null,
  quantity integer not null,
  upto integer not null,
  most integer not null,
  at timestamptz not null,
  constraint purchase_pk primary key (merchant_id, product_id, fan_id, nth),
  constraint purchase_some check (quantity >= 1),
  constraint purchase_within_limit check (upto between quantity and most)
);

select app.tenant('purchase');

create index purchase_of_order on purchase (merchant_id, order_id);

-- Lines are written in the same statement as their order, by the function below alone.
-- squawk-ignore ban-drop-constraint
alter table order_line drop constraint order_line_order_fk;

-- Writes a batch of one merchant's orders, each table once. The caller holds the stock rows locked and found them
-- sufficient; the tables' CHECKs say so again. holds: order_id, variant_id, quantity, state (held, or open where
-- stock goes only when it is paid). Numbers follow the batch's order; answers with the number before the first.
-- (app.write_orders stays for processes that are still of the release before.)
create function app.keep_orders(m uuid, moment timestamptz, orders_asked jsonb, lines_asked jsonb, holds_asked jsonb,
  bought jsonb, products uuid[]) returns bigint language plpgsql as $$
declare
  many integer := jsonb_array_length(orders_asked);
  before bigint;
begin
  insert into counter (merchant_id, name, value) values (m, 'order', many)
    on conflict (merchant_id, name) do update set value = counter.value + excluded.value
    returning 100000 + value - many into before;
  with h as (
    insert into stock_hold (merchant_id, holder_id, variant_id, quantity, state, at)
    select m, l.order_id, l.variant_id, l.quantity, l.state, moment
    from jsonb_to_recordset(holds_asked) as l(order_id uuid, variant_id uuid, quantity integer, state text)
    returning variant_id, quantity, state)
  update stock s set reserved = s.reserved + l.quantity from (
    select h.variant_id, sum(h.quantity)::integer as quantity from h where h.state = 'held' group by 1) l
  where s.merchant_id = m and s.variant_id = l.variant_id;
  insert into orders (merchant_id, id, number, fan_id, state, delivery, goods_fen, discount_fen, freight_fen,
      total_fen, coupon_id, explanation, address, remark, asked, placed_at, pay_by, form)
    select m, r.id, before + row_number() over (), r.fan_id, 'unpaid', r.delivery, r.goods_fen, r.discount_fen,
      r.freight_fen, r.total_fen, r.coupon_id, r.explanation, nullif(r.address, 'null'::jsonb), r.remark,
      decode(r.asked, 'hex'), moment, r.pay_by, coalesce(r.form, '{}')
    from jsonb_to_recordset(orders_asked) as r(id uuid, fan_id uuid, delivery text, goods_fen bigint,
      discount_fen bigint, freight_fen bigint, total_fen bigint, coupon_id uuid, explanation jsonb, address jsonb,
      remark text, asked text, pay_by timestamptz, form jsonb);
  insert into order_line (merchant_id, id, order_id, position, product_id, variant_id, title, options, picture_id,
      unit_price_fen, quantity, goods_fen, discount_fen, paid_fen, kind, parent_id, gift, reasons)
    select m, r.id, r.order_id, r.position, r.product_id, r.variant_id, r.title, r.options, r.picture_id,
      r.unit_price_fen, r.quantity, r.goods_fen, r.discount_fen, r.paid_fen, coalesce(r.kind, 'physical'),
      r.parent_id, coalesce(r.gift, false), coalesce(r.reasons, '[]')
    from jsonb_to_recordset(lines_asked) as r(id uuid, order_id uuid, position integer, product_id uuid,
      variant_id uuid, title text, options jsonb, picture_id uuid, unit_price_fen bigint, quantity integer,
      goods_fen bigint, discount_fen bigint, paid_fen bigint, kind text, parent_id uuid, gift boolean,
      reasons jsonb);
  if jsonb_array_length(bought) > 0 then
    insert into purchase (merchant_id, product_id, fan_id, nth, order_id, quantity, upto, most, at)
      select m, b.product_id, b.fan_id, b.nth, b.order_id, b.quantity, b.upto, b.most, moment
      from jsonb_to_recordset(bought) as b(product_id uuid, fan_id uuid, nth integer, order_id uuid,
        quantity integer, upto integer, most integer);
  end if;
  perform app.shelf_changed(m, products);
  return before;
end $$;

grant execute on function app.keep_orders to tongshang_app, tongshang_system;

-- As app.emit of 0001, and jobs that several facts of one commit share: a batch of orders has one clock, not one each.
create function app.emit(m uuid, moment timestamptz, facts jsonb, shared jsonb) returns void language plpgsql as $$
begin
  perform app.emit(m, moment, facts);
  insert into job (merchant_id, id, kind, data, due_at, created_at)
    select m, j.id, j.kind, j.data, j.due_at, moment
    from jsonb_to_recordset(shared) as j(id uuid, kind text, data jsonb, due_at timestamptz);
end $$;

grant execute on function app.emit(uuid, timestamptz, jsonb, jsonb) to tongshang_app, tongshang_system;
